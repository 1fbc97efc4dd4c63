//go:build unix

package keytest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// StartSSHAgent starts a real agent for a test, and returns its socket.
func StartSSHAgent(t testing.TB, env ...string) string {
	t.Helper()
	Tool(t, "ssh-agent")
	path, stop, err := RunSSHAgent(env)
	require.NoError(t, err)
	t.Cleanup(stop)
	return path
}

// RunSSHAgent starts a real agent, and returns its socket and what stops it. It has a
// folder of its own for the socket, whose path must be short: 104 bytes on macOS.
func RunSSHAgent(env []string) (string, func(), error) {
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, "s")
	cmd := exec.Command("ssh-agent", "-D", "-a", path)
	cmd.Env = append(os.Environ(), env...)
	stop := func() {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		_ = os.RemoveAll(dir)
	}
	if err := cmd.Start(); err != nil {
		stop()
		return "", nil, err
	}
	for end := time.Now().Add(Patience); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("unix", path)
		if err == nil {
			return path, stop, c.Close()
		}
		if time.Now().After(end) {
			stop()
			return "", nil, err
		}
	}
}

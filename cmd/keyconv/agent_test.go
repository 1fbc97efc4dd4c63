//go:build !windows

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// sshAgent starts a real agent for a script, which has SSH_AUTH_SOCK from then on:
// sshagent [NAME=VALUE...].
func sshAgent(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: sshagent [NAME=VALUE...]")
	}
	path, stop, err := runSSHAgent(args)
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv("SSH_AUTH_SOCK", path)
}

// startSSHAgent starts a real agent for a test, and returns its socket.
func startSSHAgent(t *testing.T, env ...string) string {
	t.Helper()
	keytest.Tool(t, "ssh-agent")
	path, stop, err := runSSHAgent(env)
	require.NoError(t, err)
	t.Cleanup(stop)
	return path
}

// runSSHAgent has a folder of its own for the socket, whose path must be short: 104
// bytes on macOS.
func runSSHAgent(env []string) (string, func(), error) {
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
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
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

// withSSHAgent runs the command with the agent of a socket.
func withSSHAgent(t *testing.T, socket, dir, program string, args ...string) outcome {
	t.Helper()
	return runDetached(t, dir, "", keytest.Tool(t, "env"), append([]string{"SSH_AUTH_SOCK=" + socket, program}, args...)...)
}

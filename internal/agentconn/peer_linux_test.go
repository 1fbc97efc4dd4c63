package agentconn

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// listenAs runs an agent of another user, which counts what it is sent. The thread that
// begins to listen has their number, and is thrown away with its goroutine.
func listenAs(t *testing.T, uid int, path string) *atomic.Int64 {
	t.Helper()
	if os.Geteuid() != 0 {
		keytest.Skip(t, "only root can be another user")
	}
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o777))
	received := &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		_, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0))
		if !assert.Zero(t, errno) {
			return
		}
		l, err := net.Listen("unix", path)
		if !assert.NoError(t, err) {
			return
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					n, _ := c.Read(make([]byte, 100))
					received.Add(int64(n))
				}()
			}
		}()
	}()
	<-done
	return received
}

// TestAgentOfSomebodyElse gets nothing, even if the user owns the file that leads to it.
func TestAgentOfSomebodyElse(t *testing.T) {
	const nobody = 65534
	path := socket(t)
	received := listenAs(t, nobody, path)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(path, link))
	ours := socket(t)
	require.NoError(t, os.Link(path, ours))
	require.NoError(t, os.Lchown(ours, 0, 0))
	for _, place := range []string{path, link, ours} {
		t.Setenv("SSH_AUTH_SOCK", place)
		_, err := Dial(t.Context(), Options{})
		require.EqualError(t, err, "no ssh-agent of yours at SSH_AUTH_SOCK: it belongs to nobody, who would get the key")
		var foreign *ForeignError
		require.ErrorAs(t, err, &foreign)
		assert.Equal(t, "nobody", foreign.Owner)
	}
	assert.Zero(t, received.Load())

	unnamed := socket(t)
	listenAs(t, 54321, unnamed)
	t.Setenv("SSH_AUTH_SOCK", unnamed)
	_, err := Dial(t.Context(), Options{})
	require.ErrorContains(t, err, "it belongs to the user with the number 54321")
}

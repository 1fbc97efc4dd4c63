//go:build !windows

package agentconn

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh/agent"
)

// socket returns a path that is short enough for a socket: macOS has 104 bytes.
func socket(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

func listen(t *testing.T, path string, serve func(net.Conn)) net.Listener {
	t.Helper()
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l
}

func TestDial(t *testing.T) {
	path := socket(t)
	listen(t, path, func(c net.Conn) { _ = agent.ServeAgent(agent.NewKeyring(), c) })
	t.Setenv("SSH_AUTH_SOCK", path)
	a, err := Dial(t.Context(), Options{})
	require.NoError(t, err)
	defer a.Close()
	assert.Equal(t, "the agent", a.Name)
	assert.Equal(t, requestTime, a.link.patience)
	private, _ := newKey(t)
	require.NoError(t, a.Add(agent.AddedKey{PrivateKey: private}))
}

// TestPatience: an agent that is stopped takes the connection, and never answers.
func TestPatience(t *testing.T) {
	path := socket(t)
	listen(t, path, func(net.Conn) {})
	t.Setenv("SSH_AUTH_SOCK", path)
	_, err := Dial(t.Context(), Options{Patience: shortly})
	var dead *NotRunningError
	require.ErrorAs(t, err, &dead)
	assert.NotContains(t, err.Error(), answerTime.String())

	path = socket(t)
	listen(t, path, func(c net.Conn) { _ = agent.ServeAgent(agent.NewKeyring(), c) })
	t.Setenv("SSH_AUTH_SOCK", path)
	a, err := Dial(t.Context(), Options{Patience: time.Minute})
	require.NoError(t, err)
	defer a.Close()
	assert.Equal(t, time.Minute, a.link.patience)
}

func TestDialNothing(t *testing.T) {
	stale := socket(t)
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	require.NoError(t, err)
	listener.SetUnlinkOnClose(false)
	require.NoError(t, listener.Close())
	closing := socket(t)
	listen(t, closing, func(c net.Conn) { _ = c.Close() })
	for _, test := range []struct {
		path, want string
		is         error
	}{
		{"", "no ssh-agent: SSH_AUTH_SOCK is not set", nil},
		{stale + "missing", "no ssh-agent at SSH_AUTH_SOCK: no such file or directory", fs.ErrNotExist},
		{stale, "no ssh-agent at SSH_AUTH_SOCK: connection refused", syscall.ECONNREFUSED},
		{closing, "the agent does not answer as an agent does: the connection was closed", nil},
	} {
		t.Setenv("SSH_AUTH_SOCK", test.path)
		_, err := Dial(t.Context(), Options{})
		var missing *NotRunningError
		require.ErrorAs(t, err, &missing)
		require.ErrorContains(t, err, test.want)
		if test.is != nil {
			assert.ErrorIs(t, err, test.is)
		}
	}
}

// TestDialEndsWithItsContext, and Pageant is only on Windows.
func TestDialEndsWithItsContext(t *testing.T) {
	path := socket(t)
	listen(t, path, func(net.Conn) {})
	t.Setenv("SSH_AUTH_SOCK", path)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped"))
	_, err := Dial(ctx, Options{})
	require.Error(t, err)
	_, err = Dial(t.Context(), Options{Pageant: true})
	require.EqualError(t, err, "Pageant's way to talk is only on Windows")
}

//go:build unix

package list

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSymlinks: a file has its own name in the list, and not that of a symlink to it.
func TestSymlinks(t *testing.T) {
	dir := folderOf(t, map[string]string{"m": "twins/ed25519.openssh"})
	both := append(keytest.Read(t, "twins", "ecdsa256.pem"), keytest.Read(t, "twins", "ecdsa384.pem")...)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "two"), both, 0o600))
	for link, to := range map[string]string{"a-link": "m", "z-link": "m", "a-two": "two", "broken": "nothing", "folder": ".", "loop": "loop"} {
		require.NoError(t, os.Symlink(to, filepath.Join(dir, link)))
	}
	l := run(t, Job{}, dir)
	assert.Empty(t, l.Failed)
	assert.Equal(t, []string{"m", "two", "two"}, l.bases())
	assert.Equal(t, 3, l.Others, "a broken symlink, one to itself, and one to a folder")
	assert.Equal(t, []string{filepath.Join(dir, "a-link"), filepath.Join(dir, "z-link")}, l.get(t, dir, "m").Also)
	k := l.get(t, dir, "two")
	assert.Equal(t, 1, k.Index)
	assert.Equal(t, []string{filepath.Join(dir, "a-two")}, k.Also)

	// A symlink alone.
	l = run(t, Job{}, filepath.Join(dir, "a-link"), filepath.Join(dir, "a-link"))
	assert.Equal(t, []string{"a-link"}, l.bases())
	assert.Equal(t, "m", filepath.Base(l.Keys[0].Target))
}

// TestSpecialFiles: a pattern of the shell names what ssh has beside its keys, which nobody
// may wait for.
func TestSpecialFiles(t *testing.T) {
	dir, err := os.MkdirTemp("", "list") // short enough for a socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	pipe, socket, large := filepath.Join(dir, "pipe"), filepath.Join(dir, "socket"), filepath.Join(dir, "large")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	require.NoError(t, os.WriteFile(large, make([]byte, sshkey.MaxFileSize+1), 0o600))
	keytest.CopyInto(t, dir, map[string]string{"key": "twins/ed25519.openssh"})
	l := run(t, Job{}, pipe, socket, large, os.DevNull, filepath.Join(dir, "key"))
	assert.Empty(t, l.Failed)
	assert.Equal(t, 4, l.Others)
	assert.Equal(t, []string{"key"}, l.bases())
	l = run(t, Job{}, dir)
	assert.Empty(t, l.Failed)
	assert.Equal(t, 3, l.Others)
}

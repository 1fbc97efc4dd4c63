//go:build unix

package list

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
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

//go:build unix

package login

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPuTTYSessions reads what is in PuTTY's folder, and names what cannot be read.
func TestPuTTYSessions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sessions")
	t.Setenv("PUTTYSESSIONS", dir)
	list, failed := PuTTYSessions()
	assert.Empty(t, list)
	assert.Empty(t, failed, "there is no PuTTY")

	require.NoError(t, os.MkdirAll(filepath.Join(dir, "folder"), 0o700))
	for name, text := range map[string]string{"b": "HostName=2\n", "a%20x": "HostName=1\nPublicKeyFile=/k\n", "d": "x"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	require.NoError(t, os.Symlink("nothing", filepath.Join(dir, "c")))
	require.NoError(t, os.Truncate(filepath.Join(dir, "b"), maxSession+1))
	list, failed = PuTTYSessions()
	require.Len(t, list, 1)
	assert.Equal(t, "a x", list[0].Name)
	assert.Equal(t, "/k", list[0].KeyFile)
	require.Len(t, failed, 3)
	assert.EqualError(t, failed[0], filepath.Join(dir, "b")+": it is too large for a session")
	assert.EqualError(t, failed[1], filepath.Join(dir, "c")+": no such file or directory")
	assert.EqualError(t, failed[2], filepath.Join(dir, "d")+": it is not a session of PuTTY or KiTTY")
}

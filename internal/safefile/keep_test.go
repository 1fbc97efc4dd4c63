package safefile

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func replaceKeeping(t *testing.T, path, data, old string) (Result, string, error) {
	t.Helper()
	e, err := OpenToReplace(path)
	require.NoError(t, err)
	defer e.Close()
	return e.ReplaceKeeping([]byte(data), []byte(old), ".damaged")
}

// TestReplaceKeeping: what was there stays beside the file, under a name that was free.
func TestReplaceKeeping(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	require.NoError(t, os.WriteFile(path, []byte("0"), 0o644))
	for i, name := range []string{"key.damaged", "key.damaged.2", "key.damaged.3"} {
		old := string(rune('0' + i))
		_, kept, err := replaceKeeping(t, path, string(rune('1'+i)), old)
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(dir, name), kept)
		got, err := os.ReadFile(kept)
		require.NoError(t, err)
		assert.Equal(t, old, string(got))
		if info, err := os.Stat(kept); assert.NoError(t, err) && runtime.GOOS != "windows" {
			assert.Equal(t, ownerOnly, info.Mode().Perm())
		}
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 4)
}

// TestReplaceKeepingFails: a file that took the place of the input meanwhile stays, and what
// the input had is still there.
func TestReplaceKeepingFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	e, err := OpenToReplace(path)
	require.NoError(t, err)
	defer e.Close()
	e.release()
	require.NoError(t, os.Rename(path, path+".away"))
	require.NoError(t, os.WriteFile(path, []byte("other"), 0o600))
	_, kept, err := e.ReplaceKeeping([]byte("new"), []byte("old"), ".damaged")
	require.ErrorIs(t, err, errExchanged)
	assert.Empty(t, kept)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "other", string(got))
	old, err := os.ReadFile(path + ".damaged")
	require.NoError(t, err)
	assert.Equal(t, "old", string(old))
}

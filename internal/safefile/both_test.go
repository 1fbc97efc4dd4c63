package safefile

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func both(dir, key, public string) (Result, error) { return bothOver(dir, key, public, false) }

func bothOver(dir, key, public string, overwrite bool) (Result, error) {
	return WriteBoth(File{Path: join(dir, key), Data: []byte("new key")}, File{Path: join(dir, public), Data: []byte("new half"), Perm: 0o644}, overwrite)
}

func TestWriteBoth(t *testing.T) {
	dir := t.TempDir()
	res, err := both(dir, "key", "key.pub")
	require.NoError(t, err)
	assert.False(t, res.WiderMode)
	assert.Equal(t, "new key", text(t, join(dir, "key")))
	assert.Equal(t, "new half", text(t, join(dir, "key.pub")))
	existing(t, join(dir, "key"), "old", 0o644)
	existing(t, join(dir, "key.pub"), "old", 0o644)
	_, err = bothOver(dir, "key", "key.pub", true)
	require.NoError(t, err)
	assert.Equal(t, "new key", text(t, join(dir, "key")))
	assert.Equal(t, "new half", text(t, join(dir, "key.pub")))
	assertOnly(t, dir, "key", "key.pub")
}

// TestNeitherOfBoth: where one cannot be written, what is there stays as it was.
func TestNeitherOfBoth(t *testing.T) {
	for _, test := range []struct {
		name, key, public string
		overwrite         bool
		failed            string // the path of the error
	}{
		{"the key exists", "old", "new", false, "old"},
		{"the half exists", "new", "old", false, "old"},
		{"no folder for the key", "no/new", "new", false, "no/new"},
		{"no folder for the half", "new", "no/new", true, "no/new"},
		{"a folder in place of the half", "old", "folder", true, "folder"},
		{"a folder in place of the key", "folder", "old", true, "folder"},
		{"the name is taken at the last moment", "new", "new", false, "new"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			existing(t, join(dir, "old"), "old", 0o600)
			require.NoError(t, os.Mkdir(join(dir, "folder"), 0o700))
			_, err := bothOver(dir, test.key, test.public, test.overwrite)
			require.ErrorContains(t, err, "write "+join(dir, test.failed)+": ")
			assert.Equal(t, "old", text(t, join(dir, "old")))
			assertOnly(t, dir, "old", "folder")
		})
	}
}

// TestHalfIsPutBack: a half that was moved aside gets its name again.
func TestHalfIsPutBack(t *testing.T) {
	dir := t.TempDir()
	existing(t, join(dir, "key.pub"), "old", 0o644)
	s, err := stage(File{Path: join(dir, "key.pub"), Data: []byte("new")}, true)
	require.NoError(t, err)
	defer s.folder.Close()
	aside, err := s.moveAside()
	require.NoError(t, err)
	require.NoError(t, s.publish())
	assert.Equal(t, "new", text(t, join(dir, "key.pub")))
	s.restore(aside)
	assert.Equal(t, "old", text(t, join(dir, "key.pub")))
	assertOnly(t, dir, "key.pub")
}

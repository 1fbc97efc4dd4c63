package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWriteMakesTheFile(t *testing.T) {
	for _, data := range []string{"", "secret\n", strings.Repeat("0123456789abcdef", 1<<16)} {
		dir := t.TempDir()
		res, err := Write(join(dir, "my key.ppk"), []byte(data), Options{})
		require.NoError(t, err)
		assert.False(t, res.WiderMode)
		assert.False(t, res.NewOwner)
		assert.Equal(t, data, text(t, join(dir, "my key.ppk")))
		assertOnly(t, dir, "my key.ppk")
	}
}

func TestWriteInTheCurrentFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Write("key", []byte("secret"), Options{})
	require.NoError(t, err)
	assert.Equal(t, "secret", text(t, "key"))
	assertOnly(t, ".", "key")

	_, err = Write("key", []byte("other"), Options{})
	assertPathError(t, err, "write", "key", "the file exists")
}

func TestWriteKeepsWhatExists(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	existing(t, path, "old", 0o644)
	before, err := os.Stat(path)
	require.NoError(t, err)

	_, err = Write(path, []byte("new"), Options{})
	assertPathError(t, err, "write", path, "the file exists")
	assert.ErrorIs(t, err, ErrExists)
	assert.ErrorIs(t, err, fs.ErrExist)
	assert.Equal(t, "old", text(t, path))
	after, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, before.Mode(), after.Mode())
	assert.True(t, os.SameFile(before, after))
	assertOnly(t, dir, "key")
}

func TestOverwrite(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	existing(t, path, "an older and longer text", 0o644)
	for _, data := range []string{"new", "newer still"} {
		_, err := Write(path, []byte(data), Options{Overwrite: true})
		require.NoError(t, err)
		assert.Equal(t, data, text(t, path))
	}
	assertOnly(t, dir, "key")
}

func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	existing(t, join(dir, "file"), "old", 0o600)
	require.NoError(t, os.Mkdir(join(dir, "folder"), 0o700))
	missing := filepath.Join(dir, "no", "such")
	tests := map[string]struct{ path, message string }{
		"no name":         {"", "the path has no file name"},
		"ends in a slash": {dir + "/", "the path has no file name"},
		"a folder":        {join(dir, "folder"), "it is a folder, not a file"},
		"dot dot":         {dir + "/..", "it is a folder, not a file"},
		"missing folder":  {join(missing, "key"), fmt.Sprintf("the folder %q does not exist", missing)},
		"file as folder":  {join(dir, "file", "key"), fmt.Sprintf("%q is not a folder", join(dir, "file"))},
	}
	for name, tt := range tests {
		for _, overwrite := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s overwrite=%v", name, overwrite), func(t *testing.T) {
				_, err := Write(tt.path, []byte("secret"), Options{Overwrite: overwrite})
				assertPathError(t, err, "write", tt.path, tt.message)
				assert.NotErrorIs(t, err, ErrExists)
				assertOnly(t, dir, "file", "folder")
				assertOnly(t, join(dir, "folder"))
			})
		}
	}
	_, err := Write(join(missing, "key"), nil, Options{})
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// TestOneWriterWins lets many writers race for one name.
func TestOneWriterWins(t *testing.T) {
	const writers = 16
	for round := range 8 {
		dir := t.TempDir()
		path := join(dir, "key")
		errs := make([]error, writers)
		var group sync.WaitGroup
		for i := range writers {
			group.Go(func() {
				_, errs[i] = Write(path, bytes.Repeat([]byte{'a' + byte(i)}, 1<<16), Options{})
			})
		}
		group.Wait()
		winner := -1
		for i, err := range errs {
			if err == nil {
				require.Equal(t, -1, winner, "round %d: two writers won", round)
				winner = i
				continue
			}
			require.ErrorIs(t, err, ErrExists)
		}
		require.NotEqual(t, -1, winner)
		assert.Equal(t, strings.Repeat(string(rune('a'+winner)), 1<<16), text(t, path))
		assertOnly(t, dir, "key")
	}
}

// TestFailedPublish lets the rename fail at the last moment.
func TestFailedPublish(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	cause := errors.New("the disk is on fire")
	_, err := write(path, []byte("secret"), Options{}, func(_ *folder, temporary, name string) error {
		assert.Equal(t, "key", name)
		assert.Equal(t, "secret", text(t, join(dir, temporary)))
		matched, err := filepath.Match(".keyconv-*.tmp", temporary)
		assert.True(t, matched, "%v", err)
		return &os.LinkError{Op: "rename", Old: temporary, New: name, Err: cause}
	})
	assertPathError(t, err, "write", path, "the disk is on fire")
	assert.ErrorIs(t, err, cause)
	assertOnly(t, dir)
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	existing(t, path, "old", 0o600)
	res, err := Replace(path, []byte("new"))
	require.NoError(t, err)
	assert.False(t, res.NewOwner)
	assert.Equal(t, "new", text(t, path))
	assertOnly(t, dir, "key")
}

func TestReplaceNeedsAFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Replace(dir, nil)
	assertPathError(t, err, "replace", dir, "it is a folder, not a file")

	_, err = Replace(join(dir, "key"), []byte("new"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	var pathErr *fs.PathError
	require.ErrorAs(t, err, &pathErr)
	assert.Equal(t, join(dir, "key"), pathErr.Path)
	assertOnly(t, dir)
}

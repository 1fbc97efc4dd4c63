package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// existing makes a file for a test to find, with that mode whatever the umask is.
func existing(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), mode))
	require.NoError(t, os.Chmod(path, mode))
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// assertOnly checks that the folder holds these names and no temporary.
func assertOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	found := []string{}
	for _, e := range entries {
		found = append(found, e.Name())
	}
	assert.ElementsMatch(t, names, found)
}

// assertPathError checks the promise on errors: the path as given, once.
func assertPathError(t *testing.T, err error, op, path, message string) {
	t.Helper()
	var pathErr *fs.PathError
	require.ErrorAs(t, err, &pathErr)
	assert.Equal(t, op, pathErr.Op)
	assert.Equal(t, path, pathErr.Path)
	assert.EqualError(t, err, op+" "+path+": "+message)
}

func join(elem ...string) string { return filepath.Join(elem...) }

// write is Write that gives the temporary its name in the way of a test.
func write(path string, data []byte, o Options, publish publisher) (Result, error) {
	d, name, err := openTarget(path, o.Overwrite)
	if err != nil {
		return Result{}, pathError("write", path, err)
	}
	defer d.Close()
	res, err := d.put(name, content{data: data, perm: ownerOnly}, publish)
	return res, pathError("write", path, err)
}

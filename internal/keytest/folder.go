package keytest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Entry is everything in a file that a failing command must not change.
type Entry struct {
	Mode    fs.FileMode
	Content string
}

// Snapshot reads a folder.
func Snapshot(t testing.TB, dir string) map[string]Entry {
	t.Helper()
	found := map[string]Entry{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		e := Entry{Mode: info.Mode()}
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			e.Content = string(content)
		}
		found[path] = e
		return nil
	}))
	return found
}

// CopyInto copies files below testdata into dir; files maps the new names to the old.
func CopyInto(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, source := range files {
		WriteFile(t, dir, name, Read(t, filepath.FromSlash(source)))
	}
}

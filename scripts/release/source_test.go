package main

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smallRepository has two files, one of which is ignored.
func smallRepository(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "sub"), 0o755))
	for name, text := range map[string]string{".gitignore": "/ignored\n", "sub/a.txt": "line\n", "ignored": "x"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o644))
	}
	commitAll(t, folder)
	return folder
}

func take(t *testing.T, opts options) (source, string, error) {
	t.Helper()
	var log bytes.Buffer
	opts.log, opts.version = &log, testVersion
	s, err := takeSource(t.Context(), opts, filepath.Join(t.TempDir(), "source"))
	return s, log.String(), err
}

func TestTakeSource(t *testing.T) {
	folder := smallRepository(t)
	keytest.Run(t, nil, "git", "-C", folder, "config", "core.autocrlf", "true")
	s, log, err := take(t, options{folder: filepath.Join(folder, "sub")})
	require.NoError(t, err)
	assert.Equal(t, "note: there is no tag v9.8.7 yet\n", log)
	assert.Regexp(t, "^[0-9a-f]{40}$", s.commit)
	assert.Equal(t, testDate, s.date)
	text, err := os.ReadFile(filepath.Join(s.folder, "sub", "a.txt"))
	require.NoError(t, err, "the whole repository, from a folder in it")
	assert.Equal(t, "line\n", string(text), "line ends as they are in the commit")
	assert.NoFileExists(t, filepath.Join(s.folder, "ignored"))
}

func TestSourceDateEpoch(t *testing.T) {
	folder := smallRepository(t)
	t.Setenv("SOURCE_DATE_EPOCH", "1000000000")
	s, _, err := take(t, options{folder: folder})
	require.NoError(t, err)
	assert.Equal(t, time.Date(2001, 9, 9, 1, 46, 40, 0, time.UTC), s.date)
	t.Setenv("SOURCE_DATE_EPOCH", "today")
	_, _, err = take(t, options{folder: folder})
	assert.ErrorContains(t, err, "SOURCE_DATE_EPOCH")
}

// TestDirtyTree: changes and forgotten files are refused, and never in the release.
func TestDirtyTree(t *testing.T) {
	for name, text := range map[string]string{"sub/a.txt": "changed\n", "new.txt": "new\n"} {
		folder := smallRepository(t)
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o644))
		_, _, err := take(t, options{folder: folder})
		assert.ErrorContains(t, err, "the working tree differs from the last commit (ALLOW_DIRTY=1 ")
		assert.ErrorContains(t, err, name)
		s, log, err := take(t, options{folder: folder, allowDirty: true})
		require.NoError(t, err)
		assert.Contains(t, log, "warning: these changes are not in the release:\n")
		assert.Contains(t, log, name)
		kept, err := os.ReadFile(filepath.Join(s.folder, "sub", "a.txt"))
		require.NoError(t, err)
		assert.Equal(t, "line\n", string(kept))
		assert.NoFileExists(t, filepath.Join(s.folder, "new.txt"))
	}
}

func TestTagOfAnotherCommit(t *testing.T) {
	folder := smallRepository(t)
	keytest.Run(t, nil, "git", "-C", folder, "tag", "-a", "-m", "v", "v9.8.7")
	_, log, err := take(t, options{folder: folder})
	require.NoError(t, err)
	assert.Empty(t, log, "the tag is there and right")
	keytest.Run(t, nil, "git", "-C", folder, "commit", "-q", "--allow-empty", "-m", "later")
	_, _, err = take(t, options{folder: folder})
	assert.ErrorContains(t, err, "the tag v9.8.7 is commit ")
}

func TestNoRepository(t *testing.T) {
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	_, _, err := take(t, options{folder: t.TempDir()})
	assert.ErrorContains(t, err, "not a git repository")
}

func TestExtractRefuses(t *testing.T) {
	for _, header := range []tar.Header{
		{Name: "../outside", Typeflag: tar.TypeReg},
		{Name: "/absolute", Typeflag: tar.TypeReg},
		{Name: "link", Linkname: "a", Typeflag: tar.TypeSymlink},
	} {
		var archive bytes.Buffer
		w := tar.NewWriter(&archive)
		require.NoError(t, w.WriteHeader(&header))
		require.NoError(t, w.Close())
		files, err := untar(&archive)
		if err == nil {
			err = writeInside(filepath.Join(t.TempDir(), "d"), files)
		}
		assert.ErrorContains(t, err, header.Name)
	}
}

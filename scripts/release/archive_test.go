package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testFiles = []file{
	{"top/run", modeProgram, []byte("program")},
	{"top/docs/man/a.1", modeFile, []byte("page")},
	{"top/docs/b.md", modeFile, bytes.Repeat([]byte("text\n"), 1000)},
}

func TestTarGz(t *testing.T) {
	data, err := tarGzBytes(testFiles, "./", testDate)
	require.NoError(t, err)
	shuffled := slices.Clone(testFiles)
	slices.Reverse(shuffled)
	again, err := tarGzBytes(shuffled, "./", testDate)
	require.NoError(t, err)
	assert.Equal(t, data, again, "the order of the files does not matter")
	assert.Equal(t, []byte{0, 0, 0, 0}, data[4:8], "no date in gzip's header (RFC 1952, 2.3)")

	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	var names []string
	for r := tar.NewReader(unpacked); ; {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		names = append(names, header.Name)
		assert.True(t, testDate.Equal(header.ModTime), header.Name)
		assert.Zero(t, header.Uid+header.Gid, header.Name)
		assert.Empty(t, header.Uname+header.Gname, header.Name)
		wantMode := int64(0o755)
		if strings.Contains(header.Name, ".") && !strings.HasSuffix(header.Name, "/") && !strings.HasSuffix(header.Name, "run") {
			wantMode = 0o644
		}
		assert.Equal(t, wantMode, header.Mode, header.Name)
	}
	assert.Equal(t, []string{"./", "./top/", "./top/docs/", "./top/docs/man/", "./top/docs/b.md", "./top/docs/man/a.1", "./top/run"}, names)
}

func TestTarIsReadByTar(t *testing.T) {
	data, err := tarGzBytes(testFiles, "", testDate)
	require.NoError(t, err)
	folder := t.TempDir()
	archive := keytest.WriteFile(t, folder, "a.tar.gz", data)
	keytest.Run(t, nil, "tar", "-xzf", archive, "-C", folder)
	for _, f := range testFiles {
		got, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(f.name)))
		require.NoError(t, err)
		assert.Equal(t, f.data, got)
	}
}

func TestZip(t *testing.T) {
	data, err := zipBytes(testFiles, testDate)
	require.NoError(t, err)
	shuffled := slices.Clone(testFiles)
	slices.Reverse(shuffled)
	again, err := zipBytes(shuffled, testDate)
	require.NoError(t, err)
	assert.Equal(t, data, again)
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		assert.True(t, testDate.Equal(f.Modified), f.Name)
		assert.Equal(t, f.Name == "top/run", f.Mode() == modeProgram, f.Name)
	}
	assert.Equal(t, []string{"top/docs/b.md", "top/docs/man/a.1", "top/run"}, names)
}

func TestChecksums(t *testing.T) {
	// The sum of "abc" is FIPS 180-2's example, appendix B.1.
	got := checksums([]file{{"z", modeFile, nil}, {"a", modeFile, []byte("abc")}})
	assert.Equal(t, `ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  z
`, string(got))
}

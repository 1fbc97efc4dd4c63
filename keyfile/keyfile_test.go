package keyfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/keyfile"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWriteAndRead: a file is made, replaced and read, and belongs to its owner alone.
func TestWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	for _, text := range []string{"one", "", "a longer one"} {
		require.NoError(t, keyfile.Write(path, []byte(text)))
		data, err := keyfile.Read(path)
		require.NoError(t, err)
		assert.Equal(t, text, string(data))
		if runtime.GOOS != "windows" {
			info, err := os.Stat(path)
			require.NoError(t, err)
			assert.Equal(t, fs.FileMode(0o600), info.Mode())
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "a temporary is left")
}

// TestCreate: what is there stays.
func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, keyfile.Create(path, []byte("mine")))
	require.ErrorIs(t, keyfile.Create(path, []byte("yours")), fs.ErrExist)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(data))
}

// TestBadPaths: each is an *fs.PathError, whatever is wrong.
func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"", dir, filepath.Join(dir, "none", "key"), "a\x00b"} {
		var of *fs.PathError
		require.ErrorAs(t, keyfile.Write(path, nil), &of, "%q", path)
		require.ErrorAs(t, keyfile.Create(path, nil), &of, "%q", path)
		_, err := keyfile.Read(path)
		require.ErrorAs(t, err, &of, "%q", path)
		_, err = keyfile.Parse(t.Context(), path, nil)
		require.ErrorAs(t, err, &of, "%q", path)
	}
	_, err := keyfile.Read(filepath.Join(dir, "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// TestReadLimit: the largest key file is read, and no larger one.
func TestReadLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	for _, size := range []int{0, 1, sshkey.MaxFileSize} {
		require.NoError(t, os.WriteFile(path, make([]byte, size), 0o600))
		data, err := keyfile.Read(path)
		require.NoError(t, err)
		assert.Len(t, data, size)
	}
	for _, size := range []int64{sshkey.MaxFileSize + 1, 1 << 40} {
		require.NoError(t, os.Truncate(path, size))
		_, err := keyfile.Read(path)
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Equal(t, uint64(size), limit.Value)
		assert.Equal(t, uint64(sshkey.MaxFileSize), limit.Max)
	}
}

// TestParse: a damaged file is mended where that is asked for.
func TestParse(t *testing.T) {
	want := keytest.Read(t, "twins", "ed25519.openssh")
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(path, bytes.ReplaceAll(want, []byte("\n"), []byte(" ")), 0o600))
	_, err := keyfile.Parse(t.Context(), path, nil)
	require.Error(t, err)
	key, err := keyfile.Parse(t.Context(), path, &keyconv.ParseOptions{Mend: true})
	require.NoError(t, err)
	assert.NoError(t, key.Check(), "the text was cleared, and the key was not")
	reference, err := keyconv.Parse(want, nil)
	require.NoError(t, err)
	assert.True(t, key.Equal(reference))
}

// TestConcurrentUse: of many who write a file one wins, whole, and of many who create one the
// others find out.
func TestConcurrentUse(t *testing.T) {
	dir := t.TempDir()
	written, created := filepath.Join(dir, "written"), filepath.Join(dir, "created")
	whole := bytes.Repeat([]byte("x"), 1000)
	var winners, others atomic.Int32
	keytest.Concurrently(func() {
		assert.NoError(t, keyfile.Write(written, whole))
		// Windows gives no file away that is just being replaced.
		if data, err := keyfile.Read(written); err == nil || runtime.GOOS != "windows" {
			assert.NoError(t, err)
			assert.Equal(t, whole, data)
		}
		switch err := keyfile.Create(created, whole); {
		case err == nil:
			winners.Add(1)
		case errors.Is(err, fs.ErrExist):
			others.Add(1)
		}
	})
	assert.Equal(t, int32(1), winners.Load())
	assert.NotZero(t, others.Load())
}

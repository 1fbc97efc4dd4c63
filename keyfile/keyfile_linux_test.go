package keyfile_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/keyfile"
	"github.com/stretchr/testify/require"
)

// TestReadDoesNotWait: a pipe that nobody writes to keeps no program waiting.
func TestReadDoesNotWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	var of *fs.PathError
	_, err := keyfile.Read(path)
	require.ErrorAs(t, err, &of)
	require.ErrorAs(t, keyfile.Write(path, nil), &of)
}

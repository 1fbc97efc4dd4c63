package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestFullDisk: a disk without room for the new release keeps the earlier one.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("none", disk, "tmpfs", 0, "size=64k"); err != nil {
		keytest.Skip(t, "the right to mount: "+err.Error())
	}
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(disk, 0)) })
	folder := filepath.Join(disk, "out")
	opts := options{output: folder, log: io.Discard}
	require.NoError(t, writeOutput(opts, []file{{checksumsName, modeFile, []byte("earlier")}}))
	err := writeOutput(opts, []file{{"small", modeFile, []byte("new")}, {"large", modeFile, make([]byte, 1<<20)}})
	require.ErrorIs(t, err, unix.ENOSPC)
	assert.ErrorContains(t, err, "no space left on device")
	assert.Equal(t, map[string][]byte{checksumsName: []byte("earlier")}, readTree(t, folder))
	assertAlone(t, folder)
	info, err := os.Stat(folder)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o755), info.Mode().Perm())
}

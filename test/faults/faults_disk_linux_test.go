package faults

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestFullDisk writes to a small disk on which not a byte is free.
func TestFullDisk(t *testing.T) {
	dir := faultFolder(t)
	out := filepath.Join(dir, "out")
	err := unix.Mount("none", out, "tmpfs", 0, "size=64k")
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		keytest.Skip(t, "mounting a small disk is not permitted")
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(out, 0)) })
	fillOut(t, dir)
	err = os.WriteFile(filepath.Join(out, "filler"), make([]byte, 64<<10), 0o600)
	require.ErrorIs(t, err, unix.ENOSPC)
	testWriters(t, dir, "no space left on device")
}

// TestFileSizeLimit lets writing fail at once and in the middle of the key.
func TestFileSizeLimit(t *testing.T) {
	prlimit := keytest.Tool(t, "prlimit")
	for _, limit := range []string{"0", "100"} {
		t.Run(limit, func(t *testing.T) {
			dir := faultFolder(t)
			fillOut(t, dir)
			testWriters(t, dir, "file too large", prlimit, "--fsize="+limit)
		})
	}
}

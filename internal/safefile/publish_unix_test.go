//go:build unix

package safefile

import (
	"bytes"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// noLinks acts as a file system that answers link(2) with an error.
func noLinks(errno syscall.Errno) publisher {
	return func(d *folder, temporary, name string) error {
		return d.publishUnlinked(temporary, name, &os.LinkError{Op: "link", Old: temporary, New: name, Err: errno})
	}
}

var linkErrors = []syscall.Errno{
	syscall.EPERM, syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.ENOSYS,
	syscall.EMLINK, syscall.EXDEV, syscall.EACCES, syscall.EINVAL,
}

func TestWithoutHardLinks(t *testing.T) {
	for _, errno := range linkErrors {
		t.Run(errno.Error(), func(t *testing.T) {
			dir := t.TempDir()
			path := join(dir, "key")
			setUmask(t, 0)
			_, err := write(path, []byte("secret"), Options{}, noLinks(errno))
			require.NoError(t, err)
			assert.Equal(t, "secret", text(t, path))
			assert.Equal(t, fs.FileMode(0o600), mode(t, path))
			assertOnly(t, dir, "key")

			_, err = write(path, []byte("other"), Options{}, noLinks(errno))
			assert.ErrorIs(t, err, ErrExists)
			assert.Equal(t, "secret", text(t, path))
			assertOnly(t, dir, "key")
		})
	}
}

// TestExistsAtTheLastMoment lets the file appear after the first check.
func TestExistsAtTheLastMoment(t *testing.T) {
	for name, publish := range map[string]publisher{"link": publishNew, "rename": noLinks(syscall.EPERM), "claim": publishByClaim} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := join(dir, "key")
			_, err := write(path, []byte("ours"), Options{}, func(d *folder, temporary, name string) error {
				existing(t, path, "theirs", 0o644)
				return publish(d, temporary, name)
			})
			assertPathError(t, err, "write", path, "the file exists")
			assert.ErrorIs(t, err, ErrExists)
			assert.Equal(t, "theirs", text(t, path))
			assertOnly(t, dir, "key")
		})
	}
}

// TestClaimIsGivenBack: when the rename fails, no empty file stays.
func TestClaimIsGivenBack(t *testing.T) {
	dir := t.TempDir()
	d, name, err := openFolder(join(dir, "key"), false)
	require.NoError(t, err)
	defer d.Close()
	err = publishByClaim(d, "no temporary", name)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assertOnly(t, dir)
}

// TestRaceWithoutLinks: of many writers of one name one wins, with its whole file.
func TestRaceWithoutLinks(t *testing.T) {
	for name, publish := range map[string]publisher{"rename": noLinks(syscall.EPERM), "claim": publishByClaim} {
		t.Run(name, func(t *testing.T) { race(t, publish) })
	}
}

func race(t *testing.T, publish publisher) {
	t.Helper()
	dir := t.TempDir()
	path := join(dir, "key")
	const writers = 16
	errs := make([]error, writers)
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			_, errs[i] = write(path, bytes.Repeat([]byte{'a' + byte(i)}, 1<<16), Options{}, publish)
		})
	}
	group.Wait()
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			assert.Equal(t, string(bytes.Repeat([]byte{'a' + byte(i)}, 1<<16)), text(t, path))
			continue
		}
		assert.ErrorIs(t, err, ErrExists)
	}
	assert.Equal(t, 1, won)
	assertOnly(t, dir, "key")
}

// TestLinkMadeAndReportedAsFailed does what NFS does when an answer was lost: it makes the link
// twice, and reports that the name is taken.
func TestLinkMadeAndReportedAsFailed(t *testing.T) {
	dir := t.TempDir()
	path := join(dir, "key")
	_, err := write(path, []byte("secret"), Options{}, func(d *folder, temporary, name string) error {
		require.NoError(t, os.Link(join(dir, temporary), path))
		return publishNew(d, temporary, name)
	})
	require.NoError(t, err)
	assert.Equal(t, "secret", text(t, path))
	assertOnly(t, dir, "key")
}

func TestSyncFolder(t *testing.T) {
	dir := openTestFolder(t, t.TempDir())
	assert.NoError(t, dir.sync())
	assert.NoError(t, (&folder{fd: -1}).sync(), "a folder that cannot be opened")
}

func openTestFolder(t *testing.T, dir string) *folder {
	t.Helper()
	d, _, err := openFolder(join(dir, "key"), false)
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return d
}

// TestWiderMode: a file system without modes is not available here, so that the
// comparison is tested with a file whose mode was widened meanwhile.
func TestWiderMode(t *testing.T) {
	f, err := os.Create(join(t.TempDir(), "key"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	for _, tt := range []struct {
		asked, has fs.FileMode
		wider      bool
	}{
		{0o600, 0o600, false}, {0o600, 0o400, false}, {0o644, 0o600, false},
		{0o600, 0o777, true}, {0o600, 0o700, true}, {0o400, 0o600, true}, {0o644, 0o755, true},
	} {
		require.NoError(t, f.Chmod(tt.has))
		res, err := inspect(f, tt.asked)
		require.NoError(t, err)
		assert.Equal(t, Result{Mode: tt.has, WiderMode: tt.wider}, res)
	}
}

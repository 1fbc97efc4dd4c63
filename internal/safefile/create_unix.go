//go:build unix

package safefile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// setPerm sets the mode through the open file, past the umask. A file system
// that cannot hold it answers with EPERM (Linux, FAT) or "not supported"; that
// is not an error here, since inspect reports the result.
func setPerm(f *os.File, perm fs.FileMode) error {
	err := f.Chmod(perm)
	if errors.Is(err, syscall.EPERM) || isUnsupported(err) {
		return nil
	}
	return err
}

// keepOwner gives f to the owner and group of the file that it will replace, and
// reports whether f has that owner now. Only root can give files away.
func keepOwner(f *os.File, old *entry) bool {
	if old == nil {
		return true
	}
	if f.Chown(int(old.uid), int(old.gid)) != nil {
		_ = f.Chown(-1, int(old.gid)) // a failure does not matter: the group has no access
	}
	info, err := f.Stat()
	if err != nil {
		return false
	}
	got, ok := info.Sys().(*syscall.Stat_t)
	return ok && got.Uid == old.uid
}

// inspect asks the file system which mode it has really set.
func inspect(f *os.File, want fs.FileMode) (Result, error) {
	info, err := f.Stat()
	if err != nil {
		return Result{}, err
	}
	mode := info.Mode().Perm()
	return Result{Mode: mode, WiderMode: mode&^want != 0}, nil
}

// isUnsupported reports whether the file system cannot do what was asked for at all.
func isUnsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL)
}

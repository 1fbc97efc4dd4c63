package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrExists is the error of a path that exists when Options.Overwrite is not
// set; nothing was changed. It is also errors.Is(err, fs.ErrExist).
var ErrExists error = &reason{"the file exists", fs.ErrExist}

// ErrSpecial is the error of a path with a pipe, socket or device, which are not
// replaced.
var ErrSpecial = errors.New("not a regular file")

// reason is an error in our words that still matches the system's.
type reason struct {
	text  string
	cause error
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.cause }

// pathError replaces the names in an error of the system, such as that of the
// temporary, by the path that the caller knows.
func pathError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: path, Err: withoutPath(err)}
}

func withoutPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}

// openTarget opens the folder of a path, and reports what forbids writing a file there.
func openTarget(path string, overwrite bool) (*folder, string, error) {
	dir, base := filepath.Split(path)
	if base == "" {
		return nil, "", errors.New("the path has no file name")
	}
	if err := checkName(path); err != nil {
		return nil, "", err
	}
	d, name, err := openFolder(path, false)
	if err != nil {
		return nil, "", explainFolder(dir, err)
	}
	if err := d.checkTarget(name, overwrite); err != nil {
		d.Close()
		return nil, "", err
	}
	return d, name, nil
}

func (d *folder) checkTarget(name string, overwrite bool) error {
	found, err := d.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return explainFolder(d.path, nil) // it may be missing
	}
	if err != nil {
		return explainFolder(d.path, err)
	}
	if found.mode&fs.ModeSymlink != 0 {
		err = d.checkLink(name)
	} else {
		err = refuseSpecial(found.mode)
	}
	if err == nil && !overwrite {
		return ErrExists
	}
	return err
}

// checkLink refuses a symlink that does not lead to a file. To replace /dev/stdout,
// a link into /proc, would break the system for every user, and it may well lead to
// a regular file.
func (d *folder) checkLink(name string) error {
	if to, err := d.readlink(name); err == nil && strings.HasPrefix(to, "/proc/") {
		return &reason{"it is a link to an open file, not a file", ErrSpecial}
	}
	found, err := d.stat(name)
	if err != nil {
		return nil // a dangling link, or one in a circle, hides no other file
	}
	return refuseSpecial(found.mode)
}

// refuseSpecial refuses what is not a file, and must not be replaced by a rename.
// It does not require a regular file: Windows has irregular ones (cloud folders)
// that are fine.
func refuseSpecial(mode fs.FileMode) error {
	if mode.IsDir() {
		return errors.New("it is a folder, not a file")
	}
	for _, kind := range []struct {
		bit  fs.FileMode
		name string
	}{
		{fs.ModeNamedPipe, "a pipe"},
		{fs.ModeSocket, "a socket"},
		{fs.ModeDevice, "a device"},
	} {
		if mode&kind.bit != 0 {
			return &reason{fmt.Sprintf("it is %s, not a file", kind.name), ErrSpecial}
		}
	}
	return nil
}

// explainFolder says which folder is at fault when no file can be made in dir.
func explainFolder(dir string, err error) error {
	name := filepath.Clean(dir)
	// With a separator at its end Windows reports that a file does not exist. It is
	// not the clean name that is looked at: put does not use that either.
	for len(dir) > 1 && os.IsPathSeparator(dir[len(dir)-1]) {
		dir = dir[:len(dir)-1]
	}
	if dir == "" {
		dir = "."
	}
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(statErr, fs.ErrNotExist):
		return &reason{fmt.Sprintf("the folder %q does not exist", name), fs.ErrNotExist}
	case errors.Is(statErr, syscall.ENOTDIR), statErr == nil && !info.IsDir():
		return &reason{fmt.Sprintf("%q is not a folder", name), withoutPath(err)}
	}
	return err
}

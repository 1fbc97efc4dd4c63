//go:build unix

package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// publishNew gives the temporary its name by a hard link, which fails when the
// name is taken, however late.
func publishNew(temporary, path string) error {
	return publishByLink(temporary, path, os.Link)
}

// publishByLink takes the link function as a value, so that a file system
// without hard links can be played.
func publishByLink(temporary, path string, link func(from, to string) error) error {
	err := link(temporary, path)
	switch {
	case err == nil || sameFile(temporary, path):
		return removeLinked(temporary)
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	// FAT, exFAT and many network and FUSE file systems have no hard links, and
	// say so with as many error numbers. Where something else is wrong, it
	// is found again here.
	err = renameNew(temporary, path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	return publishByClaim(temporary, path)
}

// sameFile finds a link that was made although the call failed: NFS can send a
// call twice and then report the second.
func sameFile(a, b string) bool {
	infoA, errA := os.Lstat(a)
	infoB, errB := os.Lstat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func removeLinked(temporary string) error {
	if err := os.Remove(temporary); err != nil {
		return fmt.Errorf("the file is written, but its temporary %q is still there: %w", temporary, withoutPath(err))
	}
	return nil
}

// publishByClaim takes the name with an empty file, which only one can do, and
// moves the temporary over it. Only a process that is killed in between leaves the
// empty file behind.
func publishByClaim(temporary, path string) error {
	claim, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	err = claim.Close()
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}

// publishOver replaces what is at path, a symlink itself and not its target.
func publishOver(temporary, path string) error { return os.Rename(temporary, path) }

// syncFolder makes the new name last through a loss of power. A folder that
// may be written but not read cannot be opened for it, and some file systems
// have no such call; the file is there all the same.
func syncFolder(dir string) error {
	if dir == "" {
		dir = "."
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !isUnsupported(err) {
		return fmt.Errorf("the file is written, but may not last through a loss of power: %w", withoutPath(err))
	}
	return nil
}

//go:build unix

package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// setPerm sets the mode through the open file, past the umask. A file system
// that cannot hold it answers with EPERM (Linux, FAT) or "not supported"; that
// is not an error here, since inspect reports the result.
func setPerm(f *os.File, perm fs.FileMode) error {
	err := f.Chmod(perm)
	if err != nil && (errors.Is(err, syscall.EPERM) || isUnsupported(err)) {
		return nil
	}
	return err
}

// keepOwner gives f to the owner and group of the file that it will replace, and
// reports whether f has that owner now. Only root can give files away.
func keepOwner(f *os.File, old *entry) bool {
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

// publishNew gives the temporary its name by a hard link, which fails when the
// name is taken, even at the last moment.
func publishNew(d *folder, temporary, name string) error {
	err := unix.Linkat(d.fd, temporary, d.fd, name, 0)
	if err != nil && !d.sameFile(temporary, name) {
		return d.publishUnlinked(temporary, name, err)
	}
	if err := unix.Unlinkat(d.fd, temporary, 0); err != nil {
		return fmt.Errorf("the file is written, but its temporary %q is still there: %w", d.path+temporary, err)
	}
	return nil
}

// publishUnlinked gives the temporary its name where no link could be made, for the reason err.
func (d *folder) publishUnlinked(temporary, name string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	// FAT, exFAT and many network and FUSE file systems have no hard links, and
	// each reports that with another error number. Any other error comes again here.
	err = d.renameNew(temporary, name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	return publishByClaim(d, temporary, name)
}

// sameFile finds a link that was made although the call failed: NFS can send a
// call twice and then report the result of the second.
func (d *folder) sameFile(a, b string) bool {
	entryA, errA := d.entry(a, false)
	entryB, errB := d.entry(b, false)
	return errA == nil && errB == nil && entryA.isSame(entryB)
}

// publishByClaim takes the name with an empty file, which only one process can do, and
// moves the temporary over it. Only a process that is killed in between leaves the
// empty file in the folder.
func publishByClaim(d *folder, temporary, name string) error {
	claim, err := d.create(name, ownerOnly)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	err = claim.Close()
	if err == nil {
		err = d.rename(temporary, name)
	}
	if err != nil {
		_ = d.remove(name)
	}
	return err
}

// publishOver replaces the file with that name; of a symlink the link, not its target.
func publishOver(d *folder, temporary, name string) error { return d.rename(temporary, name) }

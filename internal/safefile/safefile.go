// Package safefile puts secrets into files: owner-only before the first byte,
// whole or not at all, and never over another file unless that is asked for.
//
// The data goes to a temporary in the folder of the file, named
// ".keyconv-*.tmp", which is synced and then given its name in one step. So no
// moment shows half a file or a wider mode, and on any error the temporary is
// removed and what was there before stays as it was.
//
// On Unix the folder is opened once, and every call is relative to it. Root does not
// follow another user's symlink to a folder that is not theirs, and gives a file back
// to its owner only where no other user could exchange it: in a folder of the owner,
// or one where only root can write.
//
// Access lists that a folder hands down to its files on macOS or NFSv4 are not
// looked at: only the mode is set and checked there. On Windows an access list
// of the owner, SYSTEM and the Administrators takes the place of the mode.
package safefile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ownerOnly is the mode of a private key: ssh refuses a key that others can
// read (OpenSSH, sshkey_perm_ok in authfile.c).
const ownerOnly fs.FileMode = 0o600

// Options say how Write makes a file. The zero value is right for a private key.
type Options struct {
	Overwrite bool        // replace what is at the path
	Perm      fs.FileMode // the mode of the file; 0 means 0600. The umask has no say
}

// Result describes a file that was written.
type Result struct {
	Mode      fs.FileMode // the permission bits it has; without meaning on Windows
	WiderMode bool        // others have more access than wanted: the file system cannot hold the mode (FAT, /mnt/c)
	NewOwner  bool        // Replace could not give the file back to its owner
	Target    string      // the file to which a symlink led Replace; empty without a symlink
	Links     bool        // the file that Replace replaced has other names (hard links), which keep the old content
}

// Write puts data into a file at path. Without o.Overwrite a path that exists,
// even as a dangling symlink, gives ErrExists. With it, Write replaces a symlink
// itself and never writes through it. It refuses a folder, pipe, socket or device
// either way, and a symlink that leads to one. It does not make parent folders.
//
// Errors are an *fs.PathError with the path as it was given.
func Write(path string, data []byte, o Options) (Result, error) {
	d, name, err := openTarget(path, o.Overwrite)
	if err != nil {
		return Result{}, pathError("write", path, err)
	}
	defer d.Close()
	c, publish := content{data: data, perm: o.Perm.Perm()}, publishNew
	if c.perm == 0 {
		c.perm = ownerOnly
	}
	if o.Overwrite {
		publish = publishOver
	}
	res, err := d.put(name, c, publish)
	if err != nil {
		err = pathError("write", path, err)
	}
	return res, err
}

// Check returns the error that Write would return for what is at path now, so that
// no work is begun in vain.
func Check(path string, overwrite bool) error {
	d, _, err := openTarget(path, overwrite)
	if err != nil {
		return pathError("write", path, err)
	}
	d.Close()
	return nil
}

// publisher gives the temporary its name in the folder. When it succeeds, the
// temporary's own name is gone.
type publisher func(d *folder, temporary, name string) error

// content is what goes into a file and the access that others get.
type content struct {
	data  []byte
	perm  fs.FileMode
	owner *entry // the file whose owner is kept; nil for a new file
}

// put writes c to a temporary in the folder and publishes it.
func (d *folder) put(name string, c content, publish publisher) (Result, error) {
	temporary, res, err := d.prepare(c)
	if err != nil {
		return Result{}, err
	}
	if err := publish(d, temporary, name); err != nil {
		_ = d.remove(temporary)
		return Result{}, err
	}
	return res, d.sync()
}

// prepare writes c to a temporary in the folder. It sets the owner's bits first, since the
// umask can have taken them, and those of others last, when the file is whole.
func (d *folder) prepare(c content) (temporary string, res Result, err error) {
	temporary = ".keyconv-" + rand.Text() + ".tmp" // random, so that no program can wait for it
	f, err := d.create(temporary, c.perm)
	if err != nil {
		return "", Result{}, explainFolder(d.path, err)
	}
	newOwner := false
	if err = setPerm(f, c.perm&ownerOnly); err == nil {
		newOwner = c.owner != nil && !keepOwner(f, c.owner)
		_, err = f.Write(c.data)
	}
	if err == nil && c.perm&^ownerOnly != 0 {
		err = setPerm(f, c.perm)
	}
	if err == nil {
		if err = f.Sync(); err != nil && isUnsupported(err) {
			err = nil
		}
	}
	if err == nil {
		res, err = inspect(f, c.perm)
		res.NewOwner = newOwner
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr // over NFS, or with a quota, a write may fail only here
	}
	if err != nil {
		_ = d.remove(temporary)
		return "", Result{}, err
	}
	return temporary, res, nil
}

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
	if _, base := filepath.Split(path); base == "" {
		return nil, "", errors.New("the path has no file name")
	}
	d, name, err := openFolder(path, false)
	if err != nil {
		return nil, "", err
	}
	found, err := d.entry(name, false)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d, name, nil
	case err != nil:
		err = explainFolder(d.path, err)
	case found.mode&fs.ModeSymlink != 0:
		err = d.checkLink(name)
	default:
		err = refuseSpecial(found.mode)
	}
	if err == nil && !overwrite {
		err = ErrExists
	}
	if err != nil {
		d.Close()
		return nil, "", err
	}
	return d, name, nil
}

// checkLink refuses a symlink that does not lead to a file. To replace /dev/stdout,
// a link into /proc, would break the system for every user, and it may well lead to
// a regular file.
func (d *folder) checkLink(name string) error {
	if to, err := d.readlink(name); err == nil && strings.HasPrefix(to, "/proc/") {
		return &reason{"it is a link to an open file, not a file", ErrSpecial}
	}
	found, err := d.entry(name, true)
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

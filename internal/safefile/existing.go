package safefile

import (
	"errors"
	"io/fs"
	"os"
)

// ErrCannotHold is the error of a file system that does not keep who may read a file:
// FAT and many mounts of Windows drives do not.
var ErrCannotHold = errors.New("this file system cannot keep a file private")

// ErrForeign is the error of a file that belongs to another user, who alone can change
// who may read it.
var ErrForeign = errors.New("it belongs to somebody else")

// Existing is a regular file that was there before, open for reading, in a folder that is
// open too. Every change is made to the open file: a symlink, or a folder, that another
// user exchanges meanwhile does not lead elsewhere.
type Existing struct {
	*os.File
	folder *folder
	name   string // in the folder
	found  entry
	path   string // as the caller knows it
}

// Restricted says what access Restrict found, and what it left.
type Restricted struct {
	Before, After string // who may read it: the mode ("0644"); on Windows the accounts
	Target        string // the file that a symlink leads to; empty without a symlink
	Owner         string // the owner, if that is not the user
	Links         bool   // it has other names (hard links), for which the same holds
}

// Changed reports whether there was anything to do.
func (r Restricted) Changed() bool { return r.Before != r.After }

// OpenExisting opens the file at path, through symlinks. A folder, pipe, socket or
// device is refused.
//
// Errors are an *fs.PathError with the path as it was given.
func OpenExisting(path string) (*Existing, error) {
	return openExisting(path, (*folder).openToRestrict)
}

// OpenToReplace is OpenExisting for a file that will be replaced, not restricted.
func OpenToReplace(path string) (*Existing, error) { return openExisting(path, (*folder).open) }

func openExisting(path string, open func(d *folder, name string) (*os.File, error)) (*Existing, error) {
	d, name, err := openFolder(path, true)
	if err != nil {
		return nil, pathError("open", path, err)
	}
	e := &Existing{folder: d, name: name, path: path}
	if err := e.open(open); err != nil {
		d.Close()
		return nil, pathError("open", path, err)
	}
	return e, nil
}

func (e *Existing) open(open func(d *folder, name string) (*os.File, error)) (err error) {
	if e.found, err = e.folder.lstat(e.name); err != nil {
		return err
	}
	if err := refuseSpecial(e.found.mode); err != nil {
		return err
	}
	if e.File, err = open(e.folder, e.name); err != nil {
		return err
	}
	info, err := e.Stat()
	if err == nil {
		err = refuseSpecial(info.Mode()) // it may be another file by now
	}
	if err == nil && !e.found.isOpen(info) {
		err = errExchanged
	}
	if err != nil {
		_ = e.File.Close()
	}
	return err
}

// Close closes the file and its folder.
func (e *Existing) Close() error {
	e.folder.Close()
	return e.File.Close()
}

// errExchanged is the error of a name that no longer has the file that was opened.
var errExchanged = errors.New("another file has taken its place meanwhile")

// Replace is the function Replace for this file, but not for another that has taken its
// place since it was opened. The file cannot be read after that.
func (e *Existing) Replace(data []byte) (Result, error) {
	e.release()
	now, err := e.folder.lstat(e.name)
	if err == nil && !now.isSame(e.found) {
		err = errExchanged
	}
	if err != nil {
		return Result{}, pathError("replace", e.path, err)
	}
	res, err := e.folder.replace(e.name, now, data, ownerOnly)
	res.Target = targetOf(e.path)
	return res, pathError("replace", e.path, err)
}

// Restrict removes the access of everyone but the owner (on Windows also but SYSTEM and
// the Administrators), as ssh requires for a private key, and makes sure that it is gone.
// Access that is narrower already stays as it is.
//
// Errors are an *fs.PathError; ErrCannotHold and ErrForeign are among them.
func (e *Existing) Restrict() (Restricted, error) {
	info, err := e.Stat()
	if err != nil {
		return Restricted{}, pathError("restrict", e.path, err)
	}
	r, err := restrict(e.File, info)
	r.Target = targetOf(e.path)
	r.Links = e.found.links > 1
	return r, pathError("restrict", e.path, err)
}

// cannotHold adds to ErrCannotHold what access is left.
func cannotHold(after string) error {
	return &reason{ErrCannotHold.Error() + " (" + AccessWord + " " + after + ")", ErrCannotHold}
}

// isDenied reports whether the system forbids what was asked for.
func isDenied(err error) bool { return errors.Is(err, fs.ErrPermission) }

package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrCannotHold is the error of a file system that does not keep who may read a file,
// as FAT and many mounts of Windows drives do not.
var ErrCannotHold = errors.New("this file system cannot keep a file private")

// ErrForeign is the error of a file that belongs to somebody else, who alone can
// change who may read it.
var ErrForeign = errors.New("it belongs to somebody else")

// Existing is a regular file that was there before, open for reading. What is done to
// it is done to the open file: a symlink that somebody changes meanwhile leads nowhere
// else.
type Existing struct {
	*os.File
	path string // as the caller knows it
}

// Restricted says what Restrict found and made of it.
type Restricted struct {
	Before, After string // who may read it: the mode ("0644"); on Windows the accounts
	Target        string // the file behind a symlink; empty for none
	Owner         string // whose it is, if not the user's
	Links         bool   // it has other names (hard links), for which the same holds
}

// Changed reports whether there was anything to do.
func (r Restricted) Changed() bool { return r.Before != r.After }

// OpenExisting opens the file at path, through symlinks. A folder, pipe, socket or
// device is refused.
//
// Errors are an *fs.PathError with the path as it was given.
func OpenExisting(path string) (*Existing, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = refuseSpecial(info)
	}
	if err != nil {
		return nil, pathError("open", path, err)
	}
	f, err := openToRestrict(path)
	if err != nil {
		return nil, pathError("open", path, err)
	}
	if info, err = f.Stat(); err == nil {
		err = refuseSpecial(info) // it may be another one by now
	}
	if err != nil {
		_ = f.Close()
		return nil, pathError("open", path, err)
	}
	return &Existing{f, path}, nil
}

// Restrict takes the access of everybody but the owner away (on Windows, but also of
// SYSTEM and the Administrators), as ssh wants it for a private key, and makes sure
// that it is gone. Access that is narrower already stays as it is.
//
// Errors are an *fs.PathError; ErrCannotHold and ErrForeign are among them.
func (e *Existing) Restrict() (Restricted, error) {
	info, err := e.Stat()
	if err != nil {
		return Restricted{}, pathError("restrict", e.path, err)
	}
	r, err := restrict(e.File, info)
	if isSymlink(e.path) {
		if target, err := filepath.EvalSymlinks(e.path); err == nil {
			r.Target = target
		}
	}
	r.Links = linkCount(info) > 1
	return r, pathError("restrict", e.path, err)
}

// foreign names the owner in ErrForeign.
func foreign(owner string) error {
	return &reason{"it belongs to " + owner + ", who alone can change who may read it", ErrForeign}
}

// cannotHold tells what access is left.
func cannotHold(after string) error {
	return &reason{ErrCannotHold.Error() + " (" + AccessWord + " " + after + ")", ErrCannotHold}
}

// isDenied reports whether the system forbids what was asked for.
func isDenied(err error) bool { return errors.Is(err, fs.ErrPermission) }

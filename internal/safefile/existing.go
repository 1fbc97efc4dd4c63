package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
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
	if e.found, err = e.folder.entry(e.name, false); err != nil {
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
	now, err := e.folder.entry(e.name, false)
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

// Replace puts data in the place of the regular file at path, atomically. A
// symlink is followed and stays. The file keeps its owner where that is
// allowed, and its mode where that is narrower than 0600; a wider one does not
// survive. Other hard links to the file keep the old content.
//
// Errors are an *fs.PathError with the path as it was given.
func Replace(path string, data []byte) (Result, error) { return replace(path, data, ownerOnly) }

// Edit is Replace for a file that holds no secret, such as a configuration: it keeps
// its mode. On Windows it takes the access list of its folder.
func Edit(path string, data []byte) (Result, error) { return replace(path, data, fs.ModePerm) }

// replace keeps the bits of the mode that are in max.
func replace(path string, data []byte, max fs.FileMode) (Result, error) {
	d, name, err := openFolder(path, true)
	if err != nil {
		return Result{}, pathError("replace", path, err)
	}
	defer d.Close()
	old, err := d.entry(name, false)
	if err != nil {
		return Result{}, pathError("replace", path, err)
	}
	res, err := d.replace(name, old, data, max)
	res.Target = targetOf(path)
	return res, pathError("replace", path, err)
}

// replace puts data in the place of the file old, which has that name.
func (d *folder) replace(name string, old entry, data []byte, max fs.FileMode) (Result, error) {
	if err := refuseSpecial(old.mode); err != nil {
		return Result{}, err
	}
	if err := d.checkGive(old.uid); err != nil {
		return Result{}, err
	}
	res, err := d.put(name, content{data: data, perm: old.mode.Perm() & max, owner: &old}, publishOver)
	res.Links = old.links > 1
	return res, err
}

// targetOf returns the file that a symlink leads to, for a message; "" if path is not one.
func targetOf(path string) string {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return ""
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	return target
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

// maxKept is how many earlier versions of a file may stay beside it.
const maxKept = 1000

// ReplaceKeeping is Replace that first puts old, which is what the file has, beside it:
// under its name and the suffix, with a number after that where the name is taken. It
// returns the path of that file too, which only its owner can read. It does not stay where
// the file could then not be replaced.
func (e *Existing) ReplaceKeeping(data, old []byte, suffix string) (Result, string, error) {
	kept, err := e.keep(old, suffix)
	if err != nil {
		return Result{}, "", pathError("write", e.path+suffix, err)
	}
	res, err := e.Replace(data)
	if err != nil {
		// An error may come when the file is replaced already, and then this is all there is.
		if now, statErr := e.folder.entry(e.name, false); statErr == nil && now.isSame(e.found) {
			_ = e.folder.remove(kept)
		}
		return res, "", err
	}
	path := e.path
	if res.Target != "" {
		path = res.Target
	}
	dir, _ := filepath.Split(path)
	return res, dir + kept, nil
}

// keep writes a copy to the first name that is free, and returns that.
func (e *Existing) keep(old []byte, suffix string) (string, error) {
	if err := e.folder.checkGive(e.found.uid); err != nil {
		return "", err
	}
	name := e.name + suffix
	for n := 2; ; n++ {
		_, err := e.folder.put(name, content{data: old, perm: ownerOnly, owner: &e.found}, publishNew)
		if !errors.Is(err, ErrExists) || n > maxKept {
			return name, err
		}
		name = e.name + suffix + "." + strconv.Itoa(n)
	}
}

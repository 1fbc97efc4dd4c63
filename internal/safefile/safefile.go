// Package safefile puts secrets into files: owner-only before the first byte,
// whole or not at all, and never over another file unless that is asked for.
//
// The data goes to a temporary in the folder of the file, named
// ".keyconv-*.tmp", which is synced and then given its name in one step. So no
// moment shows half a file or a wider mode, and on any error the temporary is
// removed and what was there before stays as it was.
//
// Access lists that a folder hands down to its files on macOS or NFSv4 are not
// looked at: the mode is what is set and checked there. On Windows an access
// list of the owner, SYSTEM and the Administrators takes the place of the mode.
package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
)

// ownerOnly is the mode of a private key: ssh refuses a key that others can
// read (OpenSSH, sshkey_perm_ok in authfile.c).
const ownerOnly fs.FileMode = 0o600

// Options say how Write makes a file. The zero value is right for a private key.
type Options struct {
	Overwrite bool        // replace what is at the path
	Perm      fs.FileMode // the mode of the file; 0 means 0600. The umask has no say
}

// Result says what became of a file that was written.
type Result struct {
	Mode      fs.FileMode // the permission bits it has; without meaning on Windows
	WiderMode bool        // others have more access than asked for: the file system cannot hold the mode (FAT, /mnt/c)
	NewOwner  bool        // Replace could not give the file back to its owner
	Target    string      // the file that Replace found behind a symlink; empty for none
	Links     bool        // the file that Replace replaced has other names (hard links), which keep the old content
}

// Write puts data into a file at path. Without o.Overwrite a path that exists,
// be it a dangling symlink, gives ErrExists. With it, a symlink is replaced
// itself and never written through. A folder, pipe, socket or device is refused
// either way, and so is a symlink that leads to one. Parent folders are not made.
//
// Errors are an *fs.PathError with the path as it was given.
func Write(path string, data []byte, o Options) (Result, error) {
	publish := publishNew
	if o.Overwrite {
		publish = publishOver
	}
	return write(path, data, o, publish)
}

// Check returns the error that Write would have for what is at path now, so that
// work is not begun in vain.
func Check(path string, overwrite bool) error {
	return pathError("write", path, checkTarget(path, overwrite))
}

// publisher gives the temporary its name. When it succeeds, the temporary's own
// name is gone.
type publisher func(temporary, path string) error

func write(path string, data []byte, o Options, publish publisher) (Result, error) {
	perm := o.Perm.Perm()
	if perm == 0 {
		perm = ownerOnly
	}
	if err := checkTarget(path, o.Overwrite); err != nil {
		return Result{}, pathError("write", path, err)
	}
	res, err := put(path, content{data: data, perm: perm}, publish)
	return res, pathError("write", path, err)
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

// replace keeps the bits of the mode that are in most.
func replace(path string, data []byte, most fs.FileMode) (Result, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return Result{}, pathError("replace", path, err)
	}
	info, err := os.Lstat(target)
	if err == nil {
		err = refuseSpecial(info)
	}
	if err != nil {
		return Result{}, pathError("replace", path, err)
	}
	c := content{data: data, perm: info.Mode().Perm() & most, owner: info}
	res, err := put(target, c, publishOver)
	if isSymlink(path) {
		res.Target = target
	}
	res.Links = linkCount(info) > 1
	return res, pathError("replace", path, err)
}

func isSymlink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// put writes c to a temporary beside path and publishes it.
func put(path string, c content, publish publisher) (Result, error) {
	// Not filepath.Dir: it cleans "link/../key" to "key", which is another
	// folder than the system's when link is a symlink.
	dir, _ := filepath.Split(path)
	f, err := createTemporary(dir, c.perm)
	if err != nil {
		return Result{}, explainFolder(dir, err)
	}
	res, err := fill(f, c)
	if err == nil {
		err = publish(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return Result{}, err
	}
	return res, syncFolder(dir)
}

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
	publish := publishNew
	if o.Overwrite {
		publish = publishOver
	}
	return write(path, data, o, publish)
}

// Check returns the error that Write would return for what is at path now, so that
// no work is begun in vain.
func Check(path string, overwrite bool) error {
	d, _, err := openTarget(path, overwrite)
	if err == nil {
		d.Close()
	}
	return pathError("write", path, err)
}

// publisher gives the temporary its name in the folder. When it succeeds, the
// temporary's own name is gone.
type publisher func(d *folder, temporary, name string) error

func write(path string, data []byte, o Options, publish publisher) (Result, error) {
	perm := o.Perm.Perm()
	if perm == 0 {
		perm = ownerOnly
	}
	d, name, err := openTarget(path, o.Overwrite)
	if err != nil {
		return Result{}, pathError("write", path, err)
	}
	defer d.Close()
	res, err := d.put(name, content{data: data, perm: perm}, publish)
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

// replace keeps the bits of the mode that are in max.
func replace(path string, data []byte, max fs.FileMode) (Result, error) {
	d, name, err := openFolder(path, true)
	if err != nil {
		return Result{}, pathError("replace", path, err)
	}
	defer d.Close()
	old, err := d.lstat(name)
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

// prepare writes c to a temporary in the folder.
func (d *folder) prepare(c content) (temporary string, res Result, err error) {
	temporary = ".keyconv-" + rand.Text() + ".tmp" // random, so that no program can wait for it
	f, err := d.create(temporary, c.perm)
	if err != nil {
		return "", Result{}, explainFolder(d.path, err)
	}
	res, err = fill(f, c)
	if closeErr := f.Close(); err == nil {
		err = closeErr // over NFS, or with a quota, a write may fail only here
	}
	if err != nil {
		_ = d.remove(temporary)
		return "", Result{}, err
	}
	return temporary, res, nil
}

// fill writes c to f. It sets the owner's bits first, since the umask can have taken
// them, and those of others last, when the file is whole.
func fill(f *os.File, c content) (Result, error) {
	if err := setPerm(f, c.perm&ownerOnly); err != nil {
		return Result{}, err
	}
	newOwner := c.owner != nil && !keepOwner(f, c.owner)
	if _, err := f.Write(c.data); err != nil {
		return Result{}, err
	}
	if c.perm&^ownerOnly != 0 {
		if err := setPerm(f, c.perm); err != nil {
			return Result{}, err
		}
	}
	if err := f.Sync(); err != nil && !isUnsupported(err) {
		return Result{}, err
	}
	res, err := inspect(f, c.perm)
	res.NewOwner = newOwner
	return res, err
}

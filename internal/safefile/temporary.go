package safefile

import (
	"io/fs"
	"os"
)

// content is what goes into a file and the access that others get.
type content struct {
	data  []byte
	perm  fs.FileMode
	owner *entry // the file whose owner is kept; nil for a new file
}

// fill writes c and closes f. An error of Close counts: over NFS, or a quota,
// it is where a write fails.
func fill(f *os.File, c content) (Result, error) {
	res, err := fillOpen(f, c)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return res, err
}

// fillOpen sets the owner's bits first, since the umask can have taken them,
// and those of others last, when the file is whole.
func fillOpen(f *os.File, c content) (Result, error) {
	if err := setPerm(f, c.perm&ownerOnly); err != nil {
		return Result{}, err
	}
	newOwner := !keepOwner(f, c.owner)
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

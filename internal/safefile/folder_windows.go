package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
)

// folder is a directory by its path: the calls that package windows has are not relative
// to an open directory. No file is given to another owner here, and a folder cannot be
// renamed while a file in it, such as the temporary, is open.
type folder struct{ path string } // as it was given, with its separator

// entry describes what a folder has under a name.
type entry struct {
	mode  fs.FileMode
	links uint64 // 1: the information that os has does not count names
	uid   uint32 // not used
	info  fs.FileInfo
}

// openFolder returns the folder of a path, and the name that the path has in it. It follows
// a symlink at the path itself if follow is set.
func openFolder(path string, follow bool) (*folder, string, error) {
	if follow {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return nil, "", err
		}
		path = target
	}
	// Not filepath.Dir: it cleans "link\..\key" to "key", which may be in another folder.
	dir, name := filepath.Split(path)
	if !follow {
		if err := checkName(name); err != nil {
			return nil, "", err
		}
		if err := explainFolder(dir, nil); err != nil { // it may be missing
			return nil, "", err
		}
	}
	return &folder{dir}, name, nil
}

// Close has nothing to do.
func (*folder) Close() {}

// checkGive has nothing to forbid: no file is given away.
func (*folder) checkGive(uint32) error { return nil }

// entry describes a name, or the file that a symlink of that name leads to.
func (d *folder) entry(name string, follow bool) (entry, error) {
	look := os.Lstat
	if follow {
		look = os.Stat
	}
	info, err := look(d.path + name)
	if err != nil {
		return entry{}, err
	}
	return entry{mode: info.Mode(), links: 1, info: info}, nil
}

func (e entry) isSame(other entry) bool      { return os.SameFile(e.info, other.info) }
func (e entry) isOpen(info fs.FileInfo) bool { return os.SameFile(e.info, info) }

func (d *folder) readlink(name string) (string, error) { return os.Readlink(d.path + name) }
func (d *folder) open(name string) (*os.File, error)   { return os.Open(d.path + name) }
func (d *folder) remove(name string) error             { return os.Remove(d.path + name) }

func (d *folder) openToRestrict(name string) (*os.File, error) { return openToRestrict(d.path + name) }

// release closes the file: Windows does not replace a file that is open.
func (e *Existing) release() { _ = e.File.Close() }

// create makes a file with its access list already on it.
func (d *folder) create(name string, perm fs.FileMode) (*os.File, error) {
	return createOwnerOnly(d.path+name, perm)
}

// sync has nothing to do: MOVEFILE_WRITE_THROUGH waits for the disk.
func (*folder) sync() error { return nil }

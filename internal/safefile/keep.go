package safefile

import (
	"errors"
	"path/filepath"
	"strconv"
)

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
		if now, statErr := e.folder.lstat(e.name); statErr == nil && now.isSame(e.found) {
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

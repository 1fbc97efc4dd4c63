package keyfile

import (
	"errors"
	"io/fs"
)

// Write puts data into the file at path, which it replaces if there is one: owner-only, whole
// or not at all. A symlink is followed and stays; what it leads to is replaced. The file keeps
// its owner where that is allowed, and a mode that is narrower than 0600. Other hard links keep
// the old content. A file system that has no modes, such as FAT, decides alone who may read.
func Write(path string, data []byte) error {
	err := replace(path, data)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = create(path, data)
	if errors.Is(err, fs.ErrExist) { // another program was faster; or it is a symlink that leads nowhere
		if again := replace(path, data); !errors.Is(again, fs.ErrNotExist) {
			return again
		}
	}
	return err
}

// Create is [Write] that returns an error which is fs.ErrExist where there is anything at
// path, even a symlink that leads nowhere. It makes no folders.
func Create(path string, data []byte) error { return create(path, data) }

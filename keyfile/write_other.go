//go:build !unix && !windows

package keyfile

import (
	"errors"
	"io/fs"
)

// A system that knows no owner of a file cannot keep a key for one.

func replace(path string, _ []byte) error {
	return &fs.PathError{Op: "write", Path: path, Err: errors.ErrUnsupported}
}

func create(path string, data []byte) error { return replace(path, data) }

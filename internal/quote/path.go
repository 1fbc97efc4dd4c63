package quote

import (
	"errors"
	"io/fs"
)

// WithoutPath leaves out the name of a file that an error has: the caller gives it in its
// own words, or by mistake it may be a secret.
func WithoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

package quote

import (
	"errors"
	"io/fs"
	"strings"
)

// packageError is an error that a package returned.
type packageError struct {
	name string
	err  error
}

func (e *packageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *packageError) Unwrap() error { return e.err }

// InPackage puts the name of a package before an error that the package returns; nil
// stays nil.
func InPackage(name string, err error) error {
	if err == nil {
		return nil
	}
	return &packageError{name, err}
}

// WithoutPackages returns the text of an error without the names of packages, which mean
// nothing to a person.
func WithoutPackages(err error) string {
	text := err.Error()
	for e, ok := errors.AsType[*packageError](err); ok; e, ok = errors.AsType[*packageError](e.err) {
		text = strings.Replace(text, e.Error(), e.err.Error(), 1)
	}
	return text
}

// WithoutPath returns an error without the name of a file: the caller gives the name in
// its own words, or by mistake the name may be a secret.
func WithoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

package quote

import (
	"errors"
	"strings"
)

// packageError is an error that left a package.
type packageError struct {
	name string
	err  error
}

func (e *packageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *packageError) Unwrap() error { return e.err }

// InPackage puts the name of a package before an error that leaves it; nil stays nil.
func InPackage(name string, err error) error {
	if err == nil {
		return nil
	}
	return &packageError{name, err}
}

// WithoutPackages returns the text of an error without the packages that it left, which
// mean nothing to a person.
func WithoutPackages(err error) string {
	text := err.Error()
	for e, ok := errors.AsType[*packageError](err); ok; e, ok = errors.AsType[*packageError](e.err) {
		text = strings.Replace(text, e.Error(), e.err.Error(), 1)
	}
	return text
}

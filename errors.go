package keyconv

import (
	"errors"
	"slices"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/quote"
)

// NotPrivateError says what a file is that does not hold a private key that can be read.
type NotPrivateError struct {
	// Format is one of the constants; Unknown for a file that is not about keys.
	Format Format
	// Kind is more than that where Format is Unknown, and the file is of a kind that is
	// recognised all the same: "zip", "html", "text", ... Otherwise it is Format. New kinds
	// may come with any version.
	Kind string

	text string
}

// Error names what the file is.
func (e *NotPrivateError) Error() string {
	if e.text == "" {
		return "this is not a private key that can be read"
	}
	return e.text
}

func prefixed(err error) error { return quote.InPackage("keyconv", err) }

// public returns an error of the engine as what this package says it returns.
func public(err error) error {
	var none *engine.NotPrivateError
	if !errors.As(err, &none) {
		return err
	}
	return prefixed(notPrivate(none))
}

func notPrivate(e *engine.NotPrivateError) *NotPrivateError {
	format := e.Format
	if !slices.Contains(engine.Recognised(), format) {
		format = engine.Unknown
	}
	return &NotPrivateError{Format: Format(format), Kind: string(e.Format), text: e.Error()}
}

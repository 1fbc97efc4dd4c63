package mskey

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The errors of this package are those of package sshkey, always as pointers.
type (
	// PassphraseMissingError is returned by Parse, for an encrypted file.
	PassphraseMissingError = sshkey.PassphraseMissingError
	// SyntaxError says that a file is not well formed or damaged. It has no line:
	// the form is binary.
	SyntaxError = sshkey.SyntaxError
	// InvalidKeyError says that the numbers in a file are not a usable key.
	InvalidKeyError = sshkey.InvalidKeyError
	// UnsupportedError names a form that this package does not support.
	UnsupportedError = sshkey.UnsupportedError
	// LimitError says that a file asks for more than the limits allow.
	LimitError = sshkey.LimitError
)

// ErrIncorrectPassphrase is returned if what the passphrase decrypts is not a key.
var ErrIncorrectPassphrase = sshkey.ErrIncorrectPassphrase

func syntaxf(format string, args ...any) error {
	return &SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("mskey", err) }

package p12key

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The errors of this package are those of package sshkey, always as pointers.
type (
	// PassphraseMissingError is returned by Parse for an encrypted file.
	PassphraseMissingError = sshkey.PassphraseMissingError
	// SyntaxError says that a file is not well formed or damaged. It has no line:
	// the form is binary.
	SyntaxError = sshkey.SyntaxError
	// InvalidKeyError says that the numbers in a file are not a usable key.
	InvalidKeyError = sshkey.InvalidKeyError
	// UnsupportedError names a form that is beyond this package.
	UnsupportedError = sshkey.UnsupportedError
	// LimitError says that a file asks for more than the limits allow.
	LimitError = sshkey.LimitError
	// Limits bounds what a file may ask for. KDFMemory does not apply to PKCS#12.
	Limits = sshkey.Limits
)

// ErrIncorrectPassphrase is returned if the passphrase does not match the MAC of
// the file.
var ErrIncorrectPassphrase = sshkey.ErrIncorrectPassphrase

// unsupportedf is for what no program is known to read without more than a passphrase.
func unsupportedf(format string, args ...any) error {
	return &UnsupportedError{Code: sshkey.UnsupportedForm, What: fmt.Sprintf(format, args...)}
}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("p12key", err) }

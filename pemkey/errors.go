package pemkey

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The errors of this package are those of package sshkey, always as pointers.
type (
	// PassphraseMissingError is returned by Parse for an encrypted file. Its
	// PublicKey is set only for openssh-key-v1, which has it in the clear.
	PassphraseMissingError = sshkey.PassphraseMissingError
	// SyntaxError names the line where a file is not well formed or damaged.
	SyntaxError = sshkey.SyntaxError
	// InvalidKeyError says that the numbers in a file are not a usable key.
	InvalidKeyError = sshkey.InvalidKeyError
	// UnsupportedError names a form that is beyond this package.
	UnsupportedError = sshkey.UnsupportedError
	// LimitError says that a file asks for more than the limits allow.
	LimitError = sshkey.LimitError
	// Limits bounds what a file may ask for.
	Limits = sshkey.Limits
)

// ErrIncorrectPassphrase is returned if what the passphrase decrypts is not a key.
var ErrIncorrectPassphrase = sshkey.ErrIncorrectPassphrase

func syntaxf(format string, args ...any) error {
	return &SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

func unsupportedf(code sshkey.UnsupportedCode, format string, args ...any) error {
	return &UnsupportedError{Code: code, What: fmt.Sprintf(format, args...)}
}

func invalidf(format string, args ...any) error {
	return &InvalidKeyError{Msg: fmt.Sprintf(format, args...)}
}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("pemkey", err) }

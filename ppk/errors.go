package ppk

import (
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The errors of this package are those of package sshkey, always as pointers.
type (
	// PassphraseMissingError is returned by Parse for an encrypted file. Its
	// PublicKey is always set.
	PassphraseMissingError = sshkey.PassphraseMissingError
	// SyntaxError names the line where a file is not well formed or damaged.
	SyntaxError = sshkey.SyntaxError
	// InvalidKeyError says that the numbers in a file are not a usable key.
	InvalidKeyError = sshkey.InvalidKeyError
	// UnsupportedError names a form that this package does not support.
	UnsupportedError = sshkey.UnsupportedError
	// LimitError says that a file asks for more than the limits allow.
	LimitError = sshkey.LimitError
	// Limits is what a file may ask for.
	Limits = sshkey.Limits
)

// ErrIncorrectPassphrase is returned where the MAC of an encrypted file does not
// match what the passphrase gives.
var ErrIncorrectPassphrase = sshkey.ErrIncorrectPassphrase

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ppk", err) }

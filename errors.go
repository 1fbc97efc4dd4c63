package keyconv

import (
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The errors of reading are those of package sshkey, always as pointers.
type (
	// PassphraseMissingError is returned by Parse for an encrypted file without a passphrase.
	PassphraseMissingError = sshkey.PassphraseMissingError
	// SyntaxError names the line where a file is not well formed or damaged.
	SyntaxError = sshkey.SyntaxError
	// InvalidKeyError says that the numbers in a file are not a usable key.
	InvalidKeyError = sshkey.InvalidKeyError
	// UnsupportedError names a form that is beyond this module.
	UnsupportedError = sshkey.UnsupportedError
	// LimitError says that a file asks for more than the limits allow.
	LimitError = sshkey.LimitError
	// Limits bounds what a file may ask for.
	Limits = sshkey.Limits
	// Advice is what to do about a finding or a verdict, as a value.
	Advice = sshkey.Advice
)

// ErrIncorrectPassphrase is returned where decryption did not give a key.
var ErrIncorrectPassphrase = sshkey.ErrIncorrectPassphrase

// NotPrivateError says what a file is that does not hold a private key.
type NotPrivateError struct {
	Format Format // Unknown and Empty are possible
}

func (e *NotPrivateError) Error() string {
	switch e.Format {
	case Empty:
		return "the file is empty"
	case Unknown:
		return "this is no key file of a known kind"
	}
	return "this is no private key that can be read, but: " + e.Format.Title()
}

func prefixed(err error) error { return quote.InPackage("keyconv", err) }

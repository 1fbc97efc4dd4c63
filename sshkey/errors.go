package sshkey

import (
	"crypto/x509"
	"errors"
	"fmt"

	"golang.org/x/crypto/ssh"
)

// ErrIncorrectPassphrase is returned if decryption did not give a key. A wrong passphrase
// and a damaged file look alike then. It is also errors.Is(err,
// x509.IncorrectPasswordError), which Go programs already match.
var ErrIncorrectPassphrase error = incorrectPassphrase{}

type incorrectPassphrase struct{}

func (incorrectPassphrase) Error() string { return "wrong passphrase, or the file is damaged" }

func (incorrectPassphrase) Is(target error) bool { return target == x509.IncorrectPasswordError }

// PassphraseMissingError is returned when an encrypted key is parsed without a
// passphrase. No key derivation has run.
type PassphraseMissingError struct {
	// PublicKey is the public half if the file has it in the clear, otherwise nil.
	PublicKey ssh.PublicKey
}

func (*PassphraseMissingError) Error() string {
	return "the key is encrypted, and no passphrase was given"
}

// As lets errors.As find the error as an *ssh.PassphraseMissingError too.
func (e *PassphraseMissingError) As(target any) bool {
	t, ok := target.(**ssh.PassphraseMissingError)
	if ok {
		*t = &ssh.PassphraseMissingError{PublicKey: e.PublicKey}
	}
	return ok
}

// SyntaxError says that a file is not well formed, or is damaged.
type SyntaxError struct {
	Line int    // counts from 1; 0 where the fault is not in one line of text
	Msg  string // lower case; text from the file only quoted
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Msg
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Msg)
}

// InvalidKeyError says that a file was read but holds no usable key: its numbers
// contradict each other. Such a key cannot log in anywhere.
type InvalidKeyError struct {
	Msg string
}

func (e *InvalidKeyError) Error() string { return e.Msg }

// UnsupportedError names a form that is well made, but that this module does not
// support. It is errors.Is(err, errors.ErrUnsupported).
type UnsupportedError struct {
	What string // a noun phrase, such as `the cipher "aes192-gcm"`
	Code UnsupportedCode
	// Algorithm is the type of the key, where it is what a form does not hold; otherwise
	// empty.
	Algorithm string
}

// UnsupportedCode is the kind of thing that is not supported, for a program that has
// advice on it.
type UnsupportedCode string

// The codes of an UnsupportedError.
const (
	UnsupportedKey        UnsupportedCode = "key"          // a key that SSH does not use
	UnsupportedKeyType    UnsupportedCode = "key-type"     // a type of SSH key that this module does not know
	UnsupportedRSA        UnsupportedCode = "rsa"          // an RSA key that Go does not have, but OpenSSH and PuTTY do
	UnsupportedToken      UnsupportedCode = "token"        // a secret inside a security token
	UnsupportedType       UnsupportedCode = "type-of-form" // a form that does not hold the type of key
	UnsupportedCipher     UnsupportedCode = "cipher"       // the cipher or key derivation of a form that has others
	UnsupportedEncryption UnsupportedCode = "encryption"   // the encryption of PEM or PKCS#8, which OpenSSL can read
	UnsupportedArgon2     UnsupportedCode = "argon2"       // costs that Argon2 does not have
	UnsupportedPPK        UnsupportedCode = "ppk-version"  // a version of the .ppk from the future
	UnsupportedPKCS12     UnsupportedCode = "pkcs12"       // a kind of PKCS#12 file
	UnsupportedKeystore   UnsupportedCode = "keystore"     // a kind of Java keystore, which keytool can read
	UnsupportedForm       UnsupportedCode = "form"         // another way to write down a key
	UnsupportedWriting    UnsupportedCode = "writing"      // something that is only read
	UnsupportedOption     UnsupportedCode = "option"       // a choice for writing that is not there
)

func (e *UnsupportedError) Error() string { return e.What + " is not supported" }

// Unwrap returns errors.ErrUnsupported.
func (e *UnsupportedError) Unwrap() error { return errors.ErrUnsupported }

func invalid(format string, args ...any) error {
	return &InvalidKeyError{Msg: fmt.Sprintf(format, args...)}
}

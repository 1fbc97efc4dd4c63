package ssh1key

import (
	"math/big"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File is what a key file has in the clear, and its private half still closed.
type File struct {
	Comment    string
	Encryption string        // "none" or "3des"
	PublicKey  ssh.PublicKey // of type ssh-rsa

	n, e    *big.Int
	private []byte // as the file has it
}

const (
	encryptionNone = "none"
	encryption3DES = "3des"
)

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f.Encryption != encryptionNone }

// Decode reads everything that can be read without the passphrase. It returns a
// *SyntaxError, *UnsupportedError, *LimitError or *InvalidKeyError.
func Decode(data []byte) (*File, error) {
	f, err := decode(data)
	return f, prefixed(err)
}

// Decrypt opens the private half and checks that it matches the public one. The
// passphrase is ignored where the file is not encrypted. f stays as it is, so that
// the next passphrase can be tried on it. It returns ErrIncorrectPassphrase for an
// encrypted file, and a *SyntaxError or *InvalidKeyError for any other.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	key, err := f.decrypt(passphrase)
	return key, prefixed(err)
}

// Parse reads an unencrypted file. For an encrypted one it returns a
// *PassphraseMissingError; else the errors of [Decode] and [File.Decrypt].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() {
		return nil, prefixed(&PassphraseMissingError{PublicKey: f.PublicKey})
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not: the passphrase is ignored
// where there is nothing to decrypt. It returns the errors of [Decode] and
// [File.Decrypt].
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(passphrase)
}

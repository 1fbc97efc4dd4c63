package mskey

import (
	"bytes"
	"crypto"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// The forms that a File can have.
const (
	FormXML  = "RSAKeyValue"
	FormPVK  = "PVK"
	FormBlob = "PRIVATEKEYBLOB" // of CryptoAPI
	FormRSA  = "BCRYPT_RSAPRIVATE_BLOB"
	FormFull = "BCRYPT_RSAFULLPRIVATE_BLOB"
	FormECC  = "BCRYPT_ECCPRIVATE_BLOB"
)

// File holds what a file has in the clear, and its private half still closed.
type File struct {
	Form       string        // one of the constants
	Encryption string        // "none", or "rc4" for an encrypted PVK file
	PublicKey  ssh.PublicKey // nil if the file is encrypted
	Extra      bool          // whether there is text around an RSAKeyValue

	// open returns the key; it is a function, since fmt does not look into functions.
	open func(passphrase []byte) (*sshkey.Key, error)
}

// forms recognise and read a file. A blob of RSA may turn out to be the full one.
var forms = []struct {
	form string
	is   func(data []byte) bool
	read func(data []byte) (*File, error)
}{
	{FormPVK, isPVK, readPVK}, {FormBlob, isBlob, readBlob}, {FormRSA, isRSABlob, readRSABlob}, {FormECC, isECCBlob, readECCBlob},
	{FormXML, isXML, readXML},
}

// FormOf returns the form that data begins with, or "". [Decode] may still refuse the file, and
// find that FormRSA is FormFull.
func FormOf(data []byte) string {
	for _, f := range forms {
		if f.is(data) {
			return f.form
		}
	}
	return ""
}

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError.
func Decode(data []byte) (*File, error) {
	f, err := decode(data)
	return f, prefixed(err)
}

func decode(data []byte) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	for _, form := range forms {
		if form.is(data) {
			return form.read(bytes.Clone(data))
		}
	}
	return nil, syntaxf("this is not a private key of a known form")
}

// plain returns the file of a key that is not encrypted.
func plain(form string, private crypto.PrivateKey, err error) (*File, error) {
	if err != nil {
		return nil, err
	}
	key := sshkey.Key{Private: private, Comment: rawkey.DefaultComment}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	return &File{Form: form, Encryption: "none", PublicKey: pub, open: func([]byte) (*sshkey.Key, error) {
		k := key
		return &k, nil
	}}, nil
}

// Encrypted reports whether Decrypt needs a passphrase.
func (f *File) Encrypted() bool { return f != nil && f.Encryption != "none" }

// Decrypt opens the private half. The passphrase is ignored if the file is not encrypted. It
// does not change f, so a caller can try the next passphrase. It returns
// sshkey.ErrIncorrectPassphrase, a *sshkey.PassphraseMissingError for a nil passphrase, a
// *sshkey.SyntaxError, an *sshkey.InvalidKeyError or an *sshkey.UnsupportedError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	switch {
	case f == nil || f.open == nil:
		return nil, prefixed(errNotDecoded)
	case f.Encrypted() && passphrase == nil:
		return nil, prefixed(&sshkey.PassphraseMissingError{})
	}
	key, err := f.open(passphrase)
	return key, prefixed(err)
}

// Parse reads an unencrypted file. It returns a *sshkey.PassphraseMissingError for an encrypted
// one, and the errors of [Decode].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not. It returns the errors of [Decode] and
// [File.Decrypt]; an empty passphrase is a missing one.
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		passphrase = nil
	}
	return f.Decrypt(passphrase)
}

package ppk

import (
	"crypto/hmac"

	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Parse reads an unencrypted file. It returns the errors of [Decode] and [File.Decrypt],
// and for an encrypted file a *sshkey.PassphraseMissingError with the public key.
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file, encrypted or not: the passphrase is ignored
// where there is nothing to decrypt. It returns the errors of [Decode] and
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

// Decrypt opens the private half, which takes as long as the file's key derivation, and
// checks the MAC and that the halves match. The passphrase is ignored if the file is not
// encrypted. f stays as it is, so that the next passphrase can be tried on it. It
// returns sshkey.ErrIncorrectPassphrase, a *sshkey.PassphraseMissingError for a nil passphrase, a
// *sshkey.SyntaxError for an unencrypted file whose MAC does not match, or an
// *sshkey.InvalidKeyError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	key, err := f.decryptWith(passphrase, runArgon2)
	return key, prefixed(err)
}

func (f *File) decryptWith(passphrase []byte, derive deriver) (*sshkey.Key, error) {
	d := NewDecrypter(passphrase)
	defer d.Close()
	d.derive = derive
	return d.decrypt(f)
}

// open needs only the derived keys, so that what was just written can be verified
// without deriving them again.
func (f *File) open(k keys) (*sshkey.Key, error) {
	plain := f.private
	if f.Encrypted() {
		plain = k.decrypt(f.private)
		defer clear(plain)
	}
	switch {
	case hmac.Equal(f.computeMAC(k.mac, plain), f.mac):
		return f.parsePrivate(plain)
	case f.Encrypted():
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return nil, &sshkey.SyntaxError{Line: f.macLine, Msg: "the MAC does not match: the file was changed or damaged after it was written"}
}

// maxPadding is a whole block: PuTTY fills up the last one with 0 to 15 bytes, phpseclib
// with 1 to 16.
const maxPadding = cipherBlockSize

// parsePrivate takes any padding after the last field of an encrypted file, since
// programs pad with what they like. In an unencrypted file nothing may follow that
// field.
func (f *File) parsePrivate(plain []byte) (*sshkey.Key, error) {
	key := &sshkey.Key{Comment: f.Comment}
	pub := f.PublicKey
	if cert, ok := pub.(*ssh.Certificate); ok {
		key.Certificate, pub = cert, cert.Key
	}
	t, _ := typeOf(f.Algorithm)
	var err error
	r := wire.NewReader(plain)
	if key.Private, err = t.parse(pub, r); err != nil {
		return nil, err
	}
	key.Deviations = f.deviations(plain)
	if f.Encrypted() && len(r.Rest()) <= maxPadding {
		return key, nil
	}
	if err := r.End(); err != nil {
		return nil, privateError(err)
	}
	return key, nil
}

package ssh1key

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5" // the whole key derivation of these files is MD5

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
)

// Decrypt opens the private half and checks that it matches the public one. The
// passphrase is ignored if the file is not encrypted. f stays as it is, so that the next
// passphrase can be tried on it. It returns sshkey.ErrIncorrectPassphrase for an encrypted
// file, or a *sshkey.PassphraseMissingError for a nil passphrase, and a *sshkey.SyntaxError or
// *sshkey.InvalidKeyError for any other.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	key, err := f.decrypt(passphrase)
	return key, prefixed(err)
}

// Parse reads an unencrypted file. It returns the errors of [Decode] and [File.Decrypt],
// and for an encrypted file a *sshkey.PassphraseMissingError.
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
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

// The private part is, before encryption (PuTTY's sshpubk.c):
//
//	2 random bytes, and the same 2 again
//	mp d, mp iqmp, mp q, mp p
//	zeros up to a multiple of 8
const checkSize = 2

func (f *File) decrypt(passphrase []byte) (*sshkey.Key, error) {
	switch {
	case f == nil || f.n == nil:
		return nil, errNotDecoded
	case f.Encrypted() && passphrase == nil:
		return nil, &sshkey.PassphraseMissingError{PublicKey: f.PublicKey}
	}
	plain := bytes.Clone(f.private)
	defer clear(plain)
	if f.Encrypted() {
		decrypt3DES(plain, passphrase)
	}
	key, err := f.parsePrivate(plain)
	if err != nil && f.Encrypted() {
		// A wrong passphrase passes the check bytes once in 65,536 times, and then the
		// rest is noise.
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return key, err
}

func (f *File) parsePrivate(plain []byte) (*sshkey.Key, error) {
	r := wire.NewReader(plain)
	check, again := r.Take(checkSize, "check bytes"), r.Take(checkSize, "check bytes")
	if r.Err() == nil && !bytes.Equal(check, again) {
		return nil, syntaxf("the check bytes do not repeat: the private part is damaged")
	}
	d := readNumber(r, "d")
	readNumber(r, "iqmp") // computed again
	q, p := readNumber(r, "q"), readNumber(r, "p")
	if r.Err() != nil {
		return nil, syntaxf("%v", r.Err())
	}
	private, err := rawkey.NewRSA(rawkey.RSANumbers{N: f.n, E: f.e, D: d, P: p, Q: q})
	if err != nil {
		return nil, err
	}
	return &sshkey.Key{Private: private, Comment: f.Comment}, nil
}

// decrypt3DES is the triple DES of SSH-1, in place: three passes of CBC, each with an IV
// of zeros, where other protocols chain three DES operations block by block. The two
// keys are the halves of MD5(passphrase); the third is the first.
func decrypt3DES(data, passphrase []byte) {
	key := md5.Sum(passphrase)
	defer clear(key[:])
	first, second := newDES(key[:8]), newDES(key[8:])
	iv := make([]byte, des.BlockSize)
	cipher.NewCBCDecrypter(first, iv).CryptBlocks(data, data)
	cipher.NewCBCEncrypter(second, iv).CryptBlocks(data, data)
	cipher.NewCBCDecrypter(first, iv).CryptBlocks(data, data)
}

func newDES(key []byte) cipher.Block {
	block, err := des.NewCipher(key)
	if err != nil {
		panic("ssh1key: " + err.Error()) // a key of 8 bytes cannot fail
	}
	return block
}

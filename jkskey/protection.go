package jkskey

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/subtle"
	"errors"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
)

// The algorithms that keys are encrypted with, as Java's KeyProtector names them.
const (
	oidJKS   = "1.3.6.1.4.1.42.2.17.1.1"
	oidJCEKS = "1.3.6.1.4.1.42.2.19.1"
)

// protection is how a key is encrypted.
type protection interface {
	describe() (encryption string, kdf KDF)
	check(limits sshkey.Limits) error
	// open returns the key in PKCS#8, or false for a wrong passphrase.
	open(passphrase []byte) ([]byte, bool)
}

func (e entry) protection() (protection, error) {
	whole := der.New(e.encrypted)
	d := whole.Sequence("the private key")
	algorithm := d.Sequence("the encryption")
	data := d.Element(der.TagOctets, "the encrypted data")
	oid := algorithm.OID("the encryption")
	for _, err := range []error{whole.End("the private key"), d.End("the private key"), algorithm.Err()} {
		if err != nil {
			return nil, err
		}
	}
	switch oid {
	case oidJKS:
		algorithm.Null("the encryption")
		if len(data) <= 2*sha1.Size {
			return nil, syntaxf("the encrypted key has %d bytes", len(data))
		}
		return jksProtection(data), algorithm.End("the encryption")
	case oidJCEKS:
		return readJCEKS(algorithm, data)
	}
	return nil, &sshkey.UnsupportedError{Code: sshkey.UnsupportedKeystore, What: "the encryption " + oid + " of a Java keystore"}
}

func (e entry) open(passphrase []byte) (*sshkey.Key, error) {
	p, err := e.protection()
	if err != nil {
		return nil, err
	}
	plain, ok := p.open(passphrase)
	if !ok {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	defer clear(plain)
	key, err := pemkey.ParsePKCS8(plain)
	if _, isJCEKS := p.(jceksProtection); isJCEKS && errors.As(err, new(*sshkey.SyntaxError)) {
		return nil, sshkey.ErrIncorrectPassphrase // the padding fit by chance
	}
	if err != nil {
		return nil, errors.Unwrap(err) // without the name of the other package
	}
	return key, nil
}

// jksProtection is a salt, the key combined with a stream, and a digest. The stream is
// SHA-1 of the passphrase and the salt, then of the passphrase and the last digest.
type jksProtection []byte

func (jksProtection) describe() (string, KDF) { return "JKS", KDF{Name: "JKS-SHA1", Rounds: 1} }

func (jksProtection) check(sshkey.Limits) error { return nil }

func (p jksProtection) open(passphrase []byte) ([]byte, bool) {
	password := utf16Of(passphrase)
	defer clear(password)
	last := p[:sha1.Size]
	encrypted, digest := p[sha1.Size:len(p)-sha1.Size], p[len(p)-sha1.Size:]
	plain := make([]byte, 0, len(encrypted))
	for len(plain) < len(encrypted) {
		block := sha1Of(password, last)
		for _, b := range block[:min(sha1.Size, len(encrypted)-len(plain))] {
			plain = append(plain, b^encrypted[len(plain)])
		}
		last = block
	}
	if subtle.ConstantTimeCompare(sha1Of(password, plain), digest) == 0 {
		clear(plain)
		return nil, false
	}
	return plain, true
}

func sha1Of(parts ...[]byte) []byte {
	h := sha1.New()
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

// utf16Of spells a passphrase as Java does: UTF-16 without a mark. PKCS#12 has a 0 after it.
func utf16Of(passphrase []byte) []byte {
	bmp := pbes.NewPassphrase(passphrase).BMP
	return bmp[:len(bmp)-2]
}

// jceksProtection is PBEWithMD5AndTripleDES, which only Java has. Nothing but the padding
// and the key shows whether a passphrase is right.
type jceksProtection struct {
	salt       []byte
	iterations uint64
	data       []byte
}

const jceksSaltSize = 8

func readJCEKS(algorithm *der.Reader, data []byte) (protection, error) {
	params := algorithm.Sequence("the parameters of the encryption")
	p := jceksProtection{salt: params.Element(der.TagOctets, "the salt"), iterations: params.Count("the iterations"), data: data}
	if err := params.End("the parameters of the encryption"); err != nil {
		return nil, err
	}
	if err := algorithm.End("the encryption"); err != nil {
		return nil, err
	}
	if len(p.salt) != jceksSaltSize || p.iterations == 0 || len(data) == 0 || len(data)%8 != 0 {
		return nil, syntaxf("the salt, the iterations or the size of the encrypted key is wrong")
	}
	return p, nil
}

func (p jceksProtection) describe() (string, KDF) {
	return "PBE-MD5-3DES", KDF{Name: "PBE-MD5-3DES", Rounds: p.iterations}
}

func (p jceksProtection) check(limits sshkey.Limits) error {
	return budget.CheckWork(limits, "iterations of PBE-MD5-3DES", p.iterations, sshkey.MaxPBKDF2Iterations)
}

// open derives each half of key and IV from its half of the salt. Where the two are equal
// Java changes the first, and means to turn it around, but its index is wrong.
func (p jceksProtection) open(passphrase []byte) ([]byte, bool) {
	first, second := bytes.Clone(p.salt[:4]), p.salt[4:]
	if bytes.Equal(first, second) {
		first = []byte{first[3], first[0], first[1], first[3]}
	}
	derived := append(md5Chain(first, passphrase, p.iterations), md5Chain(second, passphrase, p.iterations)...)
	defer clear(derived)
	cipher, _ := ciphers.ByName("DES-EDE3-CBC")
	return pbes.Unpad(cipher.Open(derived[:24], derived[24:], p.data), cipher.BlockSize)
}

func md5Chain(salt, passphrase []byte, times uint64) []byte {
	last := salt
	h := md5.New()
	for range times {
		h.Reset()
		h.Write(last)
		h.Write(passphrase)
		last = h.Sum(nil)
	}
	return last
}

package jkskey

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File holds what a keystore has in the clear of one of its keys, and its private half
// still closed.
type File struct {
	// Encryption is the protection of the key: "JKS" or "PBE-MD5-3DES".
	Encryption string
	KDF        KDF
	PublicKey  ssh.PublicKey // of the key's certificate; nil if SSH has no such key
	// Keys is how many private keys the keystore holds, in its order.
	Keys int

	index   int
	entries []entry
	data    []byte
	limits  sshkey.Limits
}

// KDF describes how the passphrase of a key becomes the key of its encryption.
type KDF struct {
	Name   string // "JKS-SHA1", or "PBE-MD5-3DES" where cipher and derivation are one
	Rounds uint64 // iterations
}

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError; the last for a
// keystore with certificates but without a key.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, sshkey.Limits{}) }

// DecodeLimits does what Decode does, with other limits than the defaults.
func DecodeLimits(data []byte, limits sshkey.Limits) (*File, error) {
	store, err := decodeStore(data, limits)
	if err != nil {
		return nil, prefixed(err)
	}
	f, err := store.at(0)
	return f, prefixed(err)
}

// All returns each private key of a keystore, or the error of one that cannot be read, so
// that it does not hide the others. For a keystore that cannot be read as a whole it is one
// error. The errors are those of [Decode].
func All(data []byte, limits sshkey.Limits) iter.Seq2[*File, error] {
	return func(yield func(*File, error) bool) {
		store, err := decodeStore(data, limits)
		if err != nil {
			yield(nil, prefixed(err))
			return
		}
		for i := range store.Keys {
			f, err := store.at(i)
			if !yield(f, prefixed(err)) {
				return
			}
		}
	}
}

// decodeStore reads a keystore without its keys.
func decodeStore(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	data = bytes.Clone(data)
	entries, err := readStore(data)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, &sshkey.InvalidKeyError{Msg: "the keystore holds no private key"}
	}
	if err := budget.CheckTextKeys(len(entries)); err != nil {
		return nil, err
	}
	return &File{Keys: len(entries), entries: entries, data: data, limits: limits}, nil
}

// Pick returns the file with another of its keys, that of the index (from 0). It returns an
// error for an index that is not below Keys, and those of [Decode].
func (f *File) Pick(index int) (*File, error) {
	if f == nil || f.entries == nil {
		return nil, prefixed(errNotDecoded)
	}
	if index < 0 || index >= len(f.entries) {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: fmt.Sprintf("the keystore has no key %d", index)})
	}
	other, err := f.at(index)
	return other, prefixed(err)
}

func (f *File) at(index int) (*File, error) {
	other := *f
	e := other.entries[index]
	protection, err := e.protection()
	if err != nil {
		return nil, err
	}
	other.index, other.PublicKey = index, e.publicKey()
	other.Encryption, other.KDF = protection.describe()
	if err := protection.check(f.limits); err != nil {
		return nil, err
	}
	return &other, nil
}

// publicKey returns the key of the first certificate, which is that of the key, or nil.
func (e entry) publicKey() ssh.PublicKey {
	certificate, err := x509.ParseCertificate(e.certificate)
	if err != nil {
		return nil
	}
	pub, err := ssh.NewPublicKey(certificate.PublicKey)
	if err != nil {
		return nil
	}
	return pub
}

// Encrypted reports whether Decrypt needs a passphrase, which is always so.
func (f *File) Encrypted() bool { return true }

// Decrypt opens the private half, and checks that it is a good key and that of the
// certificate. It does not change f, so a caller can try the next passphrase. It returns
// sshkey.ErrIncorrectPassphrase, a *sshkey.PassphraseMissingError for a nil passphrase, a
// *sshkey.SyntaxError, an *sshkey.InvalidKeyError or an *sshkey.UnsupportedError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	if f == nil || f.entries == nil {
		return nil, prefixed(errNotDecoded)
	}
	if passphrase == nil {
		return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
	}
	key, err := f.entries[f.index].open(passphrase)
	switch {
	case err == nil && f.PublicKey != nil:
		err = matches(key, f.PublicKey)
	case errors.Is(err, sshkey.ErrIncorrectPassphrase) && isPassphraseOfStore(f.data, passphrase):
		err = errOfStore{}
	}
	if err != nil {
		return nil, prefixed(err)
	}
	return key, nil
}

// errOfStore says which passphrase it was. It is sshkey.ErrIncorrectPassphrase.
type errOfStore struct{}

func (errOfStore) Error() string {
	return "the passphrase is that of the keystore, and the key in it has one of its own"
}

func (errOfStore) Is(target error) bool { return target == sshkey.ErrIncorrectPassphrase }

func matches(key *sshkey.Key, certified ssh.PublicKey) error {
	pub, err := key.Public()
	if err == nil && !bytes.Equal(pub.Marshal(), certified.Marshal()) {
		err = &sshkey.InvalidKeyError{Msg: "the certificate of the key belongs to another private key"}
	}
	return err
}

// Parse returns a *sshkey.PassphraseMissingError for a sound file, otherwise the errors of
// [Decode].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return nil, prefixed(&sshkey.PassphraseMissingError{PublicKey: f.PublicKey})
}

// ParseWithPassphrase reads the first key of a keystore with its passphrase. It returns the
// errors of [Decode] and [File.Decrypt]; an empty passphrase is a missing one.
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

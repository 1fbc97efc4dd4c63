package p12key

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File holds what a key file has in the clear, and its private half still closed.
type File struct {
	// Encryption is the cipher of the key: "aes256-cbc", "PBE-SHA1-3DES". Where the
	// key is not encrypted but something else is, it is the cipher of that. If nothing
	// is encrypted it is "MAC only" if a passphrase seals the file, "none" otherwise.
	Encryption string
	KDF        *KDF          // nil if no passphrase is needed
	PublicKey  ssh.PublicKey // nil if it is not in the clear
	// Keys is how many private keys the file holds, in its order. Where all are in an
	// encrypted part, which no program is known to write, it is 1.
	Keys int

	index   int // of the key that Decrypt opens
	limits  sshkey.Limits
	content []byte    // what the MAC covers
	mac     *pbes.MAC // nil if the file has none
	digest  []byte    // as the file has it
	parts   []part    // the encrypted ones
	bags    bags      // of the others
}

// KDF describes how the passphrase of a file becomes a key.
type KDF struct {
	Name   string // "PBKDF2-HMAC-SHA256"; "PBE-SHA1-3DES" where cipher and derivation are one
	Rounds uint64 // iterations
}

const (
	encryptionNone = "none"
	encryptionMAC  = "MAC only"
)

// Encrypted reports whether Decrypt needs a passphrase, which may be empty.
func (f *File) Encrypted() bool { return f != nil && f.Encryption != encryptionNone }

// Decode reads everything that can be read without the passphrase. It returns a
// *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or *sshkey.InvalidKeyError; the last for a
// file with certificates but without a key.
func Decode(data []byte) (*File, error) { return DecodeLimits(data, sshkey.Limits{}) }

// DecodeLimits does what Decode does, with other limits than the defaults. The file may
// ask for at most KDFWork iterations in all.
func DecodeLimits(data []byte, limits sshkey.Limits) (*File, error) {
	all, err := decodeAll(data, limits)
	if err != nil {
		return nil, prefixed(err)
	}
	f, err := all.at(0)
	return f, prefixed(err)
}

// All returns each private key of a file, or the error of one that cannot be read, so that
// it does not hide the others. For a file that cannot be read as a whole it is one error.
// The errors are those of [Decode].
func All(data []byte, limits sshkey.Limits) iter.Seq2[*File, error] {
	return func(yield func(*File, error) bool) {
		all, err := decodeAll(data, limits)
		if err != nil {
			yield(nil, prefixed(err))
			return
		}
		for i := range all.Keys {
			f, err := all.at(i)
			if !yield(f, prefixed(err)) {
				return
			}
		}
	}
}

// decodeAll reads a file without opening a key.
func decodeAll(data []byte, limits sshkey.Limits) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	f := &File{Encryption: encryptionNone, limits: limits}
	if err := f.readFile(bytes.Clone(data)); err != nil {
		return nil, err
	}
	if err := f.readParts(); err != nil {
		return nil, err
	}
	if f.Keys = len(f.bags.keys); f.Keys == 0 && len(f.parts) > 0 {
		f.Keys = 1
	}
	if f.Keys == 0 {
		return nil, errNoKey()
	}
	if err := budget.CheckTextKeys(f.Keys); err != nil {
		return nil, err
	}
	return f, nil
}

// at returns the file with the key of the index.
func (f *File) at(index int) (*File, error) {
	other := *f
	other.index, other.PublicKey = index, nil
	if index < len(f.bags.keys) && f.bags.keys[index].err != nil {
		return nil, f.bags.keys[index].err
	}
	other.describe()
	if err := firstError(other.checkWork(), other.readPublic()); err != nil {
		return nil, err
	}
	return &other, nil
}

// readPublic sets PublicKey if no passphrase is needed for it.
func (f *File) readPublic() error {
	if f.Encrypted() {
		return nil
	}
	key, err := f.open(&work{limits: f.limits}, nil)
	if err != nil {
		return err
	}
	f.PublicKey, err = key.Public()
	return err
}

// Pick returns the file with another of its keys, that of the index (from 0). It returns an
// error for an index that is not below Keys, and those of [Decode] for a key that is
// damaged.
func (f *File) Pick(index int) (*File, error) {
	if f == nil || f.content == nil {
		return nil, prefixed(errNotDecoded)
	}
	if index < 0 || index >= f.Keys {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: fmt.Sprintf("the file has no key %d", index)})
	}
	other, err := f.at(index)
	return other, prefixed(err)
}

// describe sets Encryption and KDF as the documentation of File has them.
func (f *File) describe() {
	var scheme *pbes.Scheme
	if len(f.parts) > 0 {
		scheme = f.parts[0].scheme
	}
	if f.index < len(f.bags.keys) && f.bags.keys[f.index].scheme != nil {
		scheme = f.bags.keys[f.index].scheme
	}
	switch {
	case scheme != nil:
		kdf := scheme.KDF()
		f.KDF = &KDF{kdf.Name, kdf.Rounds}
		if f.Encryption = scheme.Cipher; strings.HasPrefix(kdf.Name, "PBE-") {
			f.Encryption = kdf.Name
		}
	case f.mac == nil:
		f.Encryption, f.KDF = encryptionNone, nil
	default:
		f.Encryption, f.KDF = encryptionMAC, &KDF{f.mac.KDF().Name, f.mac.KDF().Rounds}
	}
}

// Decrypt opens the private half, which takes as long as the file's key derivations
// do, and checks that it is a good key. The passphrase may be empty, though not nil; it is
// ignored if the file does not take one. Decrypt does not change f, so a caller can try the
// next passphrase. It returns sshkey.ErrIncorrectPassphrase, a
// *sshkey.PassphraseMissingError for a nil passphrase, a *sshkey.SyntaxError, an
// *sshkey.InvalidKeyError, an *sshkey.UnsupportedError or a *sshkey.LimitError.
func (f *File) Decrypt(passphrase []byte) (*sshkey.Key, error) {
	switch {
	case f == nil || f.content == nil:
		return nil, prefixed(errNotDecoded)
	case !f.Encrypted():
		passphrase = nil
	case passphrase == nil:
		return nil, prefixed(&sshkey.PassphraseMissingError{})
	}
	key, err := f.open(&work{limits: f.limits}, passphrase)
	return key, prefixed(err)
}

// Parse reads a file that does not take a passphrase. It returns a
// *sshkey.PassphraseMissingError for one that does, and the errors of [Decode] and
// [File.Decrypt].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase reads a file with a passphrase, which may be empty, as it is in many
// files of this form; nil is a missing one. It returns the errors of [Decode] and
// [File.Decrypt].
func ParseWithPassphrase(data, passphrase []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(passphrase)
}

package jwkkey

import (
	"fmt"
	"iter"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File is a private key of a file, which has it in the clear.
type File struct {
	Comment   string // the kid; empty if there is none
	PublicKey ssh.PublicKey
	// Keys is how many private keys the file holds, in its order.
	Keys int

	all []entry            // the private keys
	key func() *sshkey.Key // a function, since fmt does not look into functions
}

// Decode reads the first private key. It returns a *sshkey.SyntaxError, *sshkey.UnsupportedError,
// *sshkey.LimitError or *sshkey.InvalidKeyError; the last for a file without a private key.
func Decode(data []byte) (*File, error) {
	set, err := readSet(data)
	if err != nil {
		return nil, prefixed(err)
	}
	f, err := set.at(0)
	return f, prefixed(err)
}

// All returns each private key of a file, or the error of one that cannot be read, so that
// it does not hide the others. For a file that cannot be read as a whole it is one error.
// The errors are those of [Decode].
func All(data []byte) iter.Seq2[*File, error] {
	return func(yield func(*File, error) bool) {
		set, err := readSet(data)
		if err != nil {
			yield(nil, prefixed(err))
			return
		}
		for i := range set.Keys {
			f, err := set.at(i)
			if !yield(f, prefixed(err)) {
				return
			}
		}
	}
}

// readSet reads a file without opening a key.
func readSet(data []byte) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	keys, err := privateKeys(data)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, &sshkey.InvalidKeyError{Msg: "the file holds no private key"}
	}
	if err := budget.CheckTextKeys(len(keys)); err != nil {
		return nil, err
	}
	return &File{all: keys, Keys: len(keys)}, nil
}

// Pick returns the file with another of its keys, that of the index (from 0). It returns an
// error for an index that is not below Keys, and those of [Decode].
func (f *File) Pick(index int) (*File, error) {
	if f == nil || f.key == nil {
		return nil, prefixed(errNotDecoded)
	}
	if index < 0 || index >= len(f.all) {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: fmt.Sprintf("the file has no key %d", index)})
	}
	other, err := f.at(index)
	return other, prefixed(err)
}

func (f *File) at(index int) (*File, error) {
	if err := f.all[index].err; err != nil {
		return nil, err
	}
	key, err := f.all[index].object.key()
	if err != nil {
		return nil, err
	}
	other := &File{all: f.all, Keys: f.Keys, key: func() *sshkey.Key { return key }}
	other.PublicKey, err = key.Public()
	if err != nil {
		return nil, err
	}
	other.Comment, _ = f.all[index].object.text("kid")
	key.Comment = other.Comment
	return other, nil
}

// Decrypt returns the key. No key of this form is encrypted: the passphrase is ignored.
func (f *File) Decrypt([]byte) (*sshkey.Key, error) {
	if f == nil || f.key == nil {
		return nil, prefixed(errNotDecoded)
	}
	key := *f.key()
	return &key, nil
}

// Parse reads the first private key of a file. It returns the errors of [Decode].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase is [Parse]: the passphrase is ignored.
func ParseWithPassphrase(data, _ []byte) (*sshkey.Key, error) { return Parse(data) }

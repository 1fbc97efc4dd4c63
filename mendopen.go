package keyconv

import (
	"bytes"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/keyconv/keyconv/sshkey"
)

// OpenMended opens the first candidate that can be opened for the key of that index
// (from 0), and lets Decrypt try the others where a passphrase does not fit. Repairs
// of the file are those of that first candidate; [File.DecryptMended] reports which
// candidate was right. It returns the errors of [Open], and an error for an index that
// is not below Keys.
func OpenMended(m *Mended, index int, limits Limits) (*File, error) {
	text, within, ok := m.locate(index)
	if !ok {
		return nil, prefixed(fmt.Errorf("there is no key %d: the text has %d", index, m.Keys()))
	}
	if m.opened != nil && limits == (Limits{}) {
		f := *m.opened
		return &f, nil
	}
	var files []*File
	var first error
	for _, c := range m.keys[text] {
		f, err := Open(c.Data, limits)
		if err == nil {
			f = f.at(within)
			f.Repairs, f.Extra = c.Repairs, f.Extra || c.Extra
			files = append(files, f)
		} else if first == nil {
			first = err
		}
	}
	if len(files) == 0 {
		return nil, m.explain(first)
	}
	opened := *files[0]
	opened.Keys = m.Keys()
	var validated atomic.Bool
	opened.mended = func(passphrase []byte) (*sshkey.Key, []Repair, error) {
		return decryptFirst(files, passphrase, &validated)
	}
	return &opened, nil
}

// keysIn is how many keys a text has: openssh-key-v1 has room for several in a block.
func (m *Mended) keysIn(text int) int {
	data := m.keys[text][0].Data
	if m.opened != nil || !bytes.Contains(data, []byte("BEGIN OPENSSH PRIVATE KEY")) {
		return 1
	}
	if f, err := Open(data, Limits{}); err == nil {
		return f.Keys
	}
	return 1
}

// locate returns in which text the key of that index is, and which one it is there;
// false where the texts have fewer.
func (m *Mended) locate(index int) (text, within int, ok bool) {
	for text := range m.keys {
		n := m.keysIn(text)
		if index >= 0 && index < n {
			return text, index, true
		}
		index -= n
	}
	return 0, 0, false
}

// explain makes more of "no known kind" where a key is to be seen.
func (m *Mended) explain(err error) error {
	var none *NotPrivateError
	if m.lost == 0 || !errors.As(err, &none) || none.Format != Unknown {
		return err
	}
	return prefixed(&SyntaxError{Line: m.lost, Msg: "a key begins here, but it is damaged in a way that cannot be mended, or cut off"})
}

// decryptFirst tries all candidates. A mended key must pass Validate too, once.
func decryptFirst(files []*File, passphrase []byte, validated *atomic.Bool) (*sshkey.Key, []Repair, error) {
	var first error
	for _, f := range files {
		key, err := f.Decrypt(passphrase)
		if err == nil && len(f.Repairs) > 0 && !validated.Load() {
			err = key.Validate()
		}
		if err == nil {
			validated.Store(true)
			return key, f.Repairs, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, nil, first
}

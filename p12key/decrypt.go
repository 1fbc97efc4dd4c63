package p12key

import (
	"errors"
	"fmt"
	"math"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
)

// derivation is a scheme or a MAC.
type derivation interface {
	KDF() pbes.KDF
	Check(limits sshkey.Limits) error
}

// work adds up the iterations that opening a file with one passphrase takes.
type work struct {
	limits     sshkey.Limits
	iterations uint64 // the sum, or math.MaxUint64 if it does not fit
}

// add counts derivations before they run, and checks their sum.
func (w *work) add(derivations ...derivation) error {
	for _, d := range derivations {
		rounds := d.KDF().Rounds
		if w.iterations += rounds; w.iterations < rounds {
			w.iterations = math.MaxUint64
		}
	}
	if err := budget.CheckWork(w.limits, "iterations of a PKCS#12 file, in all", w.iterations, sshkey.MaxPBKDF2Iterations); err != nil {
		return err
	}
	for _, d := range derivations {
		if err := d.Check(w.limits); err != nil {
			return err
		}
	}
	return nil
}

// checkWork counts the derivations for the key that can be seen without the passphrase.
func (f *File) checkWork() error {
	var seen []derivation
	if f.mac != nil {
		seen = append(seen, f.mac)
	}
	for _, p := range f.parts {
		seen = append(seen, p.scheme)
	}
	if f.index < len(f.bags.keys) && f.bags.keys[f.index].scheme != nil {
		seen = append(seen, f.bags.keys[f.index].scheme)
	}
	w := work{limits: f.limits}
	return w.add(seen...)
}

// open checks the passphrase against the MAC, and opens every encrypted part. What a part
// asks for inside counts as well.
func (f *File) open(w *work, passphrase []byte) (*sshkey.Key, error) {
	p, err := f.spelling(w, passphrase)
	if err != nil {
		return nil, err
	}
	defer p.Clear()
	all := bags{append([]keyBag(nil), f.bags.keys...), append([]certificateBag(nil), f.bags.certificates...)}
	for _, part := range f.parts {
		if err := w.add(part.scheme); err != nil {
			return nil, err
		}
		plain, err := decrypt(part.scheme, p, part.data)
		if err != nil {
			return nil, err
		}
		defer clear(plain)
		err = all.read(plain)
		for _, key := range all.keys[len(f.bags.keys):] {
			err = firstError(err, key.err)
		}
		if f.mac == nil && errors.As(err, new(*sshkey.SyntaxError)) {
			return nil, sshkey.ErrIncorrectPassphrase // the padding fit by chance
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case len(all.keys) == 0:
		return nil, errNoKey()
	case len(all.keys) > f.Keys:
		return nil, &sshkey.UnsupportedError{
			Code: sshkey.UnsupportedPKCS12,
			What: fmt.Sprintf("a %s file with %d private keys, some of them in an encrypted part,", form, len(all.keys)),
		}
	}
	key, err := all.keys[f.index].open(w, p)
	if err != nil || f.mac != nil {
		return key, err
	}
	return key, all.checkCertificate(all.keys[f.index].id, key)
}

func errNoKey() error { return &sshkey.InvalidKeyError{Msg: "the file holds no private key"} }

// spelling returns the spelling of the passphrase that matches the MAC. An empty passphrase
// has two in PKCS#12: a 0 alone and, from some programs, nothing.
func (f *File) spelling(w *work, passphrase []byte) (pbes.Passphrase, error) {
	p := pbes.NewPassphrase(passphrase)
	if f.mac == nil {
		return p, nil
	}
	spellings := []pbes.Passphrase{p}
	if len(passphrase) == 0 {
		spellings = append(spellings, pbes.Passphrase{})
	}
	for _, p := range spellings {
		if err := w.add(f.mac); err != nil {
			return p, err
		}
		if f.mac.Verify(p, f.content, f.digest) {
			return p, nil
		}
	}
	p.Clear()
	return p, sshkey.ErrIncorrectPassphrase
}

// open returns the key, decrypted.
func (bag keyBag) open(w *work, p pbes.Passphrase) (*sshkey.Key, error) {
	switch {
	case bag.err != nil:
		return nil, bag.err
	case bag.scheme == nil:
		return parseKey(bag.data)
	}
	if err := w.add(bag.scheme); err != nil {
		return nil, err
	}
	plain, err := decrypt(bag.scheme, p, bag.data)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	key, err := parseKey(plain)
	if errors.As(err, new(*sshkey.SyntaxError)) {
		return nil, sshkey.ErrIncorrectPassphrase // the padding fit by chance
	}
	return key, err
}

// decrypt returns sshkey.ErrIncorrectPassphrase if the padding is wrong: in Java the passphrase
// of the key may differ from that of the file.
func decrypt(s *pbes.Scheme, p pbes.Passphrase, data []byte) ([]byte, error) {
	derived := s.Derive(p)
	defer clear(derived)
	plain, ok := s.Open(derived, data)
	if !ok {
		return nil, sshkey.ErrIncorrectPassphrase
	}
	return plain, nil
}

func parseKey(data []byte) (*sshkey.Key, error) {
	key, err := pemkey.ParsePKCS8(data)
	if err != nil {
		return nil, errors.Unwrap(err) // without the name of the other package
	}
	return key, nil
}

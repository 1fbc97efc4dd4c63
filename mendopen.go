package keyconv

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
)

// opener opens each text once, however many readings of a damaged file come to it, and
// counts what all of it costs.
type opener struct {
	limits Limits
	known  map[[sha256.Size]byte]*File // nil for what is not a key
	err    error                       // a *LimitError where the work is over the limit
	over   error                       // the first *LimitError of a text that is a key otherwise
}

func (o *opener) spend(bytes int) bool {
	if o.err == nil {
		o.err = o.limits.Spend(uint64(bytes) * mendStepsPerByte)
	}
	return o.err == nil
}

// open returns the file of a text, or nil for what cannot be opened.
func (o *opener) open(data []byte) *File {
	sum := sha256.Sum256(data)
	f, known := o.known[sum]
	if known || o.err != nil {
		return f
	}
	f, err := Open(data, o.limits)
	if limit := (*LimitError)(nil); errors.As(err, &limit) {
		o.over = firstOf(o.over, limit)
		if limit.Kind == sshkey.LimitWork {
			o.err = limit
		}
	}
	o.known[sum] = f
	return f
}

// isKey reports whether a text opens, and if it is not encrypted holds a key whose
// halves match.
func (o *opener) isKey(data []byte) bool {
	f := o.open(data)
	if f == nil {
		return false
	}
	if f.Encrypted() {
		return true
	}
	_, err := f.Decrypt(nil)
	return err == nil
}

// needsNoMending reports whether the text is what a program writes, or nothing that
// mending could help: a public key, a form that is not supported. It also returns the
// file, if it could be opened.
func (o *opener) needsNoMending(data []byte) (bool, *File) {
	f, err := Open(data, o.limits)
	var none *NotPrivateError
	var limit *LimitError
	switch {
	case errors.As(err, &none):
		return none.Format != Unknown, nil
	case errors.As(err, &limit):
		return true, nil
	case err != nil:
		return false, nil
	}
	o.known[sha256.Sum256(data)] = f
	isPPK := f.Format == PPK || f.Format == PPK2
	if isPPK && f.Extra { // perhaps another key, which PuTTY would not see
		return false, nil
	}
	return !f.Private || f.Keys == 1 && mend.HasGoodLines(data), f
}

// asItIs is for a text that stays as it is; f is nil where it cannot be opened.
func (o *opener) asItIs(data []byte, f *File) *Mended {
	t := mendedText{candidates: []Candidate{{Data: data}}, files: []*File{f}, keys: 1}
	if f != nil {
		t.keys = f.Keys
	}
	return &Mended{texts: []mendedText{t}, limits: o.limits, err: o.err}
}

func (o *opener) text(candidates []mend.Candidate) mendedText {
	var t mendedText
	for _, c := range candidates {
		var repairs []Repair
		for _, r := range c.Repairs {
			repairs = append(repairs, Repair(r))
		}
		t.candidates = append(t.candidates, Candidate{Data: c.Data, Repairs: repairs, Extra: c.Extra})
		t.files = append(t.files, o.open(c.Data))
	}
	t.keys = t.files[0].Keys
	return t
}

// OpenMended opens the first candidate that can be opened for the key of that index
// (from 0), and lets Decrypt try the others where a passphrase does not fit. Repairs
// of the file are those of that first candidate; [File.DecryptMended] reports which
// candidate was right. The zero limits mean those of [MendLimits]. It returns the errors
// of [Open], and an error for an index that is not below Keys.
func OpenMended(m *Mended, index int, limits Limits) (*File, error) {
	t, within := m.locate(index)
	switch {
	case t.keys == 0:
		return nil, prefixed(fmt.Errorf("there is no key %d: the text has %d", index, m.Keys()))
	case m.err != nil:
		return nil, prefixed(m.err)
	}
	var files []*File
	var first error
	for i, c := range t.candidates {
		f, err := m.openCandidate(c, t.files[i], limits)
		if err == nil {
			f, err = f.at(within)
		}
		if err != nil {
			first = firstOf(first, err)
			continue
		}
		f.Keys, f.Repairs, f.Extra = m.Keys(), c.Repairs, f.Extra || c.Extra
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, m.explain(first)
	}
	opened := *files[0]
	if len(files) > 1 || len(opened.Repairs) > 0 {
		var validated atomic.Bool
		opened.mended = func(passphrase []byte) (*sshkey.Key, []Repair, error) {
			return decryptFirst(files, passphrase, &validated)
		}
	}
	return &opened, nil
}

// openCandidate returns a file of its own. What Mend has opened is not opened again,
// unless with other limits.
func (m *Mended) openCandidate(c Candidate, opened *File, limits Limits) (*File, error) {
	if limits == (Limits{}) {
		limits = m.limits
	}
	if limits = limits.MeteredAs(m.limits); opened == nil || limits != m.limits {
		return Open(c.Data, limits)
	}
	f := *opened
	return &f, nil
}

func firstOf(first, err error) error {
	if first != nil {
		return first
	}
	return err
}

// explain says more than "no known kind" where a key is to be seen.
func (m *Mended) explain(err error) error {
	var none *NotPrivateError
	if m.lost == 0 || !errors.As(err, &none) || none.Format != Unknown {
		return err
	}
	return prefixed(&SyntaxError{Line: m.lost, Msg: "a key begins here, but it is damaged in a way that cannot be mended, or cut off"})
}

// attempt is one passphrase on all candidates. Their key derivations together may cost
// as much as one at its limit; a single one may always run, since Open has bounded it.
type attempt struct {
	passphrase []byte
	ppk        *ppk.Decrypter
	steps      uint64
}

func (a *attempt) decrypt(f *File) (*sshkey.Key, error) {
	if f.ppk == nil || !a.ppk.Has(f.ppk()) {
		steps, limit := f.KDF.steps(), f.limits.PassphraseWork
		if limit == 0 {
			limit = sshkey.MaxPassphraseWork
		}
		if a.steps > 0 && a.steps+steps > limit {
			return nil, prefixed(&LimitError{
				Kind: sshkey.LimitPassphraseWork, What: "the work (in steps) of all key derivations for one passphrase",
				Value: a.steps + steps, Max: limit,
			})
		}
		a.steps += steps
		f.limits.SpendDerivation(steps)
	}
	if f.ppk != nil {
		return a.ppk.Decrypt(f.ppk())
	}
	return f.decrypt(a.passphrase)
}

// decryptFirst tries all candidates. A mended key must pass Validate too, once.
func decryptFirst(files []*File, passphrase []byte, validated *atomic.Bool) (*sshkey.Key, []Repair, error) {
	a := &attempt{passphrase: passphrase, ppk: ppk.NewDecrypter(passphrase)}
	defer a.ppk.Close()
	var first error
	for _, f := range files {
		key, err := a.decrypt(f)
		if err == nil && len(f.Repairs) > 0 && !validated.Load() {
			err = f.validate(key)
		}
		if err == nil {
			validated.Store(true)
			return key, slices.Clone(f.Repairs), nil
		}
		if limit := (*LimitError)(nil); errors.As(err, &limit) {
			return nil, nil, err
		}
		first = firstOf(first, err)
	}
	return nil, nil, first
}

// validate counts what it costs.
func (f *File) validate(key *sshkey.Key) error {
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil {
		return err
	}
	if !f.Encrypted() {
		if err := f.limits.Spend(sshkey.ValidateSteps(pub)); err != nil {
			return prefixed(err)
		}
	}
	return key.Validate()
}

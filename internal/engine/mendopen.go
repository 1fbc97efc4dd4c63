package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/mend"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
)

// OpenMended opens the first candidate that can be opened for the key of that index
// (from 0), and lets Decrypt try the others where a passphrase does not fit. Repairs
// of the file are those of that first candidate; [File.DecryptMended] reports which
// candidate was right. The zero limits mean those of [MendLimits]. It returns the errors
// of [Open], and an error for an index that is not below Keys.
func OpenMended(m *Mended, index int, limits Limits) (*File, error) {
	t, within := m.locate(index)
	switch {
	case m.err != nil:
		return nil, prefixed(m.err)
	case t == nil:
		return nil, noKey(index, m.Keys())
	}
	var files []*File
	var first error
	for _, c := range t.candidates {
		f, err := m.openCandidate(c, within, limits)
		if err != nil || t.among {
			first = firstOf(first, err)
			continue
		}
		if f.Keys = m.Keys(); f.Keys > 1 {
			f.Damaged, f.Unreadable = m.damagedBeside(t), unreadableBeside(c.keys, within)
		}
		if c.comment != "" {
			f.Comment, f.respelled = c.comment, true
		}
		f.Repairs, f.Extra, f.guess = c.Repairs, f.Extra || c.Extra, c.guess
		f.clean = func() ([]byte, []Repair) { return cleaned(c.Data, m.limits, c.Repairs) }
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, t.explain(first)
	}
	opened := *files[0]
	if len(files) > 1 {
		opened.candidates = files
	}
	if len(files) > 1 || len(opened.Repairs) > 0 {
		var right atomic.Pointer[File]
		opened.mended = func(ctx context.Context, passphrase []byte) (*sshkey.Key, []Repair, error) {
			return decryptFirst(ctx, files, passphrase, &right)
		}
		opened.clean = func() ([]byte, []Repair) {
			switch f := right.Load(); {
			case f != nil:
				return f.clean()
			case len(files) == 1:
				return files[0].clean()
			}
			return nil, files[0].Repairs
		}
	}
	return &opened, nil
}

// explain says more than "no known kind" where there is a marker of a key. Of a key among
// others it says no more than that it is damaged, unless the form is not supported.
func (t *mendedText) explain(err error) error {
	if t.cause != "" {
		return prefixed(&sshkey.SyntaxError{Line: t.lost, Msg: t.cause})
	}
	var none *NotPrivateError
	var limit *sshkey.LimitError
	var kind *foreign
	if errors.As(err, &none) {
		kind = foreignOf(none.Format)
	}
	damaged := none != nil && (none.Format == Unknown || kind != nil) ||
		t.among && !errors.Is(err, errors.ErrUnsupported) && !errors.As(err, &limit)
	if t.lost == 0 || !damaged || kind != nil && kind.whole {
		return err
	}
	return prefixed(&sshkey.SyntaxError{Line: t.lost, Msg: "a key begins here, but it is damaged in a way that cannot be mended, or cut off"})
}

// damagedBeside returns the lines where keys begin that could not be mended, other than
// those of a text.
func (m *Mended) damagedBeside(t *mendedText) (lines []int) {
	for i := range m.texts {
		if other := &m.texts[i]; other != t && other.lost > 0 {
			lines = append(lines, other.lost)
		}
	}
	return lines
}

// unreadableBeside returns the numbers of the keys that cannot be read, other than that of an
// index.
func unreadableBeside(keys []openedKey, index int) (numbers []int) {
	for i, key := range keys {
		if i != index && key.err != nil {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

// openCandidate returns a copy of what Mend has opened, the key of an index. With other limits
// it opens the candidate again.
func (m *Mended) openCandidate(c openedCandidate, index int, limits Limits) (*File, error) {
	if limits == (Limits{}) {
		limits = m.limits
	}
	limits.Meter = m.limits.Meter
	f := c.file
	switch again := limits != m.limits; {
	case c.keys != nil && again:
		o := &opener{limits: limits}
		if c.keys = o.keysOf(c.Data, nil); o.err != nil {
			return nil, prefixed(o.err)
		}
		return pick(c.keys, index)
	case c.keys != nil:
		return pick(c.keys, index)
	case f == nil && c.err != nil && !again:
		return nil, nameForeign(c.Data, c.err)
	case f == nil || again:
		var err error
		if f, err = Open(c.Data, limits); err != nil {
			return nil, err
		}
	}
	opened := *f
	if index == 0 {
		return &opened, nil
	}
	return opened.at(index)
}

// at returns the file with another of its keys, the one of that index from 1 on.
func (f *File) at(index int) (*File, error) {
	if f.pick == nil || index < 0 || index >= f.Keys {
		return nil, noKey(index, f.Keys)
	}
	other, err := f.pick(index)
	if err != nil {
		return nil, err
	}
	other.Format, other.Private, other.limits = f.Format, f.Private, f.limits
	if other.Title == "" {
		other.Title = f.Title
	}
	return other, nil
}

// noKey is the error of an index that a text does not have.
func noKey(index, keys int) error {
	return prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: fmt.Sprintf("the index %d in a file with a number of keys of %d", index, keys)})
}

func firstOf(first, err error) error {
	if first != nil {
		return first
	}
	return err
}

// attempt tries one passphrase on all candidates. Their key derivations together may cost
// as much as one at its limit; a single one may always run, since Open has bounded it.
type attempt struct {
	passphrase []byte
	ppk        *ppk.Decrypter
	steps      uint64
}

func (a *attempt) decrypt(f *File) (*sshkey.Key, error) {
	if f.ppk == nil || !a.ppk.Has(f.ppk()) {
		steps, limit := f.KDF.steps(), f.passphraseWork()
		if a.steps > 0 && a.steps+steps > limit {
			return nil, prefixed(&sshkey.LimitError{
				Kind: sshkey.LimitPassphraseWork, What: "the work (in steps) of all key derivations for one passphrase",
				Value: a.steps + steps, Max: limit,
			})
		}
		a.steps += steps
		budget.SpendDerivation(f.limits, steps)
	}
	if f.ppk != nil {
		return a.ppk.Decrypt(f.ppk())
	}
	return f.decrypt(a.passphrase)
}

// decryptFirst returns the key of the first candidate that the passphrase opens, and notes
// that this is the right one. A mended key must pass Validate too, once.
func decryptFirst(ctx context.Context, files []*File, passphrase []byte, right *atomic.Pointer[File]) (*sshkey.Key, []Repair, error) {
	a := &attempt{passphrase: passphrase, ppk: ppk.NewDecrypter(passphrase)}
	defer a.ppk.Close()
	var first error
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		key, err := a.decrypt(f)
		if err == nil && len(f.Repairs) > 0 && right.Load() == nil {
			err = f.validate(key)
		}
		if err == nil && f.guess {
			err = f.checkGuess(key)
		}
		if err == nil && f.respelled {
			key.Comment = f.Comment
		}
		if err == nil {
			right.Store(f)
			return key, slices.Clone(f.Repairs), nil
		}
		if limit := (*sshkey.LimitError)(nil); errors.As(err, &limit) {
			return nil, nil, err
		}
		if errors.Is(err, sshkey.ErrIncorrectPassphrase) && f.hasWrongCount() {
			err = prefixed(&sshkey.SyntaxError{Msg: "there are fewer lines of base64 than the file says: a line of the key is missing, or the passphrase is wrong as well"})
		}
		first = firstOf(first, err)
	}
	return nil, nil, first
}

// checkGuess refuses a key that nothing in its file proves to be right: its form, as programs
// write it, has no public half in it.
func (f *File) checkGuess(key *sshkey.Key) error {
	if !f.Encrypted() || !f.mayLackPublic() {
		return nil
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	plain, err := Marshal(key, f.Format, nil)
	defer clear(plain)
	if err == nil && containsPublic(plain, pub) {
		return nil
	}
	return prefixed(&sshkey.SyntaxError{Msg: "letters of the key were lost, and nothing in the file proves what they were"})
}

// validate is Validate of a key, with its cost counted.
func (f *File) validate(key *sshkey.Key) error {
	pub, err := key.Public()
	if err != nil {
		return err
	}
	if !f.Encrypted() {
		if err := budget.Spend(f.limits, rawkey.ValidateSteps(pub)); err != nil {
			return prefixed(err)
		}
	}
	return key.Validate()
}

// Clean returns the text of the file as its own program writes it: the key alone, without
// damage or anything around it, in the same form, and with the same comment, encryption
// and passphrase. A binary file comes back as it is. It also returns what was changed in
// a damaged text, as [File.Repairs] does.
//
// Where a damaged text can be read in more than one way, only the passphrase shows which
// is right: the text is nil until Decrypt has opened the key.
func (f *File) Clean() (text []byte, repairs []Repair) {
	if f.clean == nil {
		return nil, f.Repairs
	}
	return f.clean()
}

// cleaned returns what [File.Clean] does of a text that was mended with these repairs.
func cleaned(data []byte, limits Limits, repairs []Repair) ([]byte, []Repair) {
	o := &opener{ctx: context.Background(), limits: limits, known: map[[32]byte]opened{}}
	found := mend.Text(data, o.judge())
	if len(found.Keys) != 1 || len(found.Keys[0].Candidates) == 0 {
		return data, repairs
	}
	return found.Keys[0].Candidates[0].Data, repairs
}

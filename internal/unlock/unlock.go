package unlock

import (
	"bytes"
	"context"
	"errors"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
)

// tries is how often a person may type a passphrase.
const tries = 3

// Turn is the use that one input makes of the keyring.
type Turn struct {
	Keys *Keyring
	Name string           // of the input
	Slot *batch.Slot      // nil for one alone
	Note func(fault.Note) // hears what is worth knowing of a passphrase
}

// Open opens the private half, with a passphrase if it takes one, and returns the
// passphrase too: nil for an unencrypted key.
func (t *Turn) Open(ctx context.Context, f *engine.File) (*sshkey.Key, []byte, error) {
	if !f.Encrypted() {
		key, err := batch.Interruptible(ctx, func() (*sshkey.Key, error) { return f.Decrypt(nil) })
		return key, nil, err
	}
	if err := f.Usable(); err != nil {
		return nil, nil, err
	}
	if given := t.Keys.Given; given != nil {
		text, err := given.read(ctx)
		if err != nil {
			return nil, nil, err
		}
		key, p, err := t.decryptSpelled(ctx, f, text)
		return key, p, given.wrong(err)
	}
	// What opened other inputs comes first: a person's keys often share a passphrase.
	for tried := map[*typed]bool{}; ; {
		var next *typed
		err := t.Slot.Await(ctx, func() bool {
			next = t.Keys.best(tried)
			return next != nil
		})
		if err != nil {
			return nil, nil, err
		}
		if next == nil {
			return t.askAndOpen(ctx, f)
		}
		tried[next] = true
		key, p, err := t.decryptSpelled(ctx, f, passphrase.Text{Bytes: next.passphrase})
		if !errors.Is(err, sshkey.ErrIncorrectPassphrase) {
			t.remember(next)
			return key, p, err
		}
	}
}

func (t *Turn) askAndOpen(ctx context.Context, f *engine.File) (*sshkey.Key, []byte, error) {
	for try := 1; ; try++ {
		p, err := t.ask(ctx, Question{t.Name, try, t.Keys.Many}, "the key is encrypted", fault.Advice{Do: fault.GivePassphrase, Format: f.Format})
		if err != nil {
			return nil, nil, err
		}
		key, same, err := t.decryptSpelled(ctx, f, passphrase.Text{Bytes: p})
		if err == nil {
			t.remember(&typed{passphrase: p})
			return key, same, nil
		}
		if fault.IsStop(err) {
			return nil, nil, err // the work that was abandoned may still read it
		}
		clear(p)
		switch {
		case !errors.Is(err, sshkey.ErrIncorrectPassphrase):
			return nil, nil, err
		case len(p) == 0 && t.Keys.Many:
			return nil, nil, fault.Coded(fault.NeedsPassphrase, fault.LeftOut, "skipped, as no passphrase was typed")
		case try == tries:
			return nil, nil, fault.Advise(err, fault.Advice{Do: fault.CheckTyping})
		}
	}
}

// remember counts a key that a passphrase opened.
func (t *Turn) remember(p *typed) {
	t.Slot.Update(func() {
		if p.keys == 0 {
			t.Keys.typed = append(t.Keys.typed, p)
		}
		p.keys++
	})
}

// decryptSpelled opens f with a passphrase as it was given, or with what other programs
// make of it, as often as the work for one passphrase allows. It returns the passphrase
// that an output gets which has the same.
func (t *Turn) decryptSpelled(ctx context.Context, f *engine.File, text passphrase.Text) (*sshkey.Key, []byte, error) {
	key, err := t.Decrypt(ctx, f, text.Bytes)
	if !errors.Is(err, sshkey.ErrIncorrectPassphrase) {
		return key, text.Bytes, err
	}
	spellings := text.Spellings()
	for i, s := range spellings {
		if uint64(i)+1 >= f.Attempts() {
			break
		}
		key, other := t.Decrypt(ctx, f, s.Bytes)
		if fault.IsStop(other) {
			return nil, nil, other // the work that was abandoned still reads the bytes
		}
		if other == nil {
			note := s.Note
			if s.Written != "" && !t.Keys.Plain && !t.Keys.SetsNew() { // otherwise nothing that is written has it
				note += "; what keyconv writes has it " + s.Written
			}
			t.Note(fault.Note{Code: fault.Encoding, File: t.Name, Text: note})
			same := text.Bytes
			if s.Meant {
				same = bytes.Clone(s.Bytes)
			}
			passphrase.Wipe(spellings)
			return key, same, nil
		}
	}
	passphrase.Wipe(spellings)
	return nil, nil, err
}

// Decrypt opens the private half with these bytes, once the memory for that is free.
func (t *Turn) Decrypt(ctx context.Context, f *engine.File, p []byte) (*sshkey.Key, error) {
	var memory uint64
	if f.KDF != nil {
		memory = f.KDF.Memory
	}
	return batch.Derive(ctx, t.Slot, memory, func() (*sshkey.Key, error) { return f.Decrypt(p) })
}

// WillEncrypt says whether Output will return a passphrase for an input that is
// encrypted or not.
func (o Options) WillEncrypt(encrypted bool) bool {
	return !o.Plain && (o.AskNew || o.New != nil || encrypted)
}

// Output decides how the output is protected: with a new passphrase, with none where
// that was asked for, otherwise like the input, which old opened. nil means not at all.
// An empty passphrase, which opens some PKCS#12 files, protects nothing.
func (t *Turn) Output(ctx context.Context, encrypted bool, old []byte) ([]byte, error) {
	k := t.Keys
	switch {
	case k.Plain:
		return nil, nil
	case k.AskNew:
		return t.askNew(ctx)
	case k.New == nil && encrypted && len(old) == 0:
		return nil, fault.New(fault.Usage, "the passphrase of the key is empty, so the output would have none").
			With(fault.Advice{Do: fault.SetOrLeave})
	case k.New == nil:
		return old, nil
	}
	text, err := k.New.read(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(text.Bytes) == 0:
		return nil, fault.New(fault.Usage, "the passphrase of %s is empty", k.New.Name).With(fault.Advice{Do: fault.LeavePlain})
	case text.IsPath():
		return nil, fault.New(fault.Usage, "the passphrase of %s is the path of a file", k.New.Name).With(fault.Advice{Do: fault.ReadNewFile})
	}
	return text.Bytes, nil
}

func (t *Turn) askNew(ctx context.Context) ([]byte, error) {
	var p []byte
	err := t.Slot.Await(ctx, func() bool {
		p = t.Keys.newOne
		return p != nil
	})
	if p != nil || err != nil {
		return p, err
	}
	p, err = t.ask(ctx, Question{}, "a new passphrase is wanted", fault.Advice{Do: fault.GiveNew})
	switch {
	case err != nil:
		return nil, err
	case len(p) == 0:
		return nil, fault.New(fault.Usage, "the new passphrase is empty").With(fault.Advice{Do: fault.LeavePlain})
	}
	t.Slot.Update(func() { t.Keys.newOne = p })
	return p, nil
}

// Untyped returns the passphrase of the output, nil where it has none or a person would
// have to type it.
func (t *Turn) Untyped(ctx context.Context, encrypted bool) ([]byte, error) {
	if t.Keys.AskNew {
		return nil, nil
	}
	var old []byte
	if t.Keys.Given != nil {
		text, err := t.Keys.Given.read(ctx)
		if err != nil {
			return nil, err
		}
		old = text.Bytes
	}
	if len(old) == 0 && t.Keys.New == nil {
		return nil, nil
	}
	return t.Output(ctx, encrypted, old)
}

// Clear wipes the passphrases at the end of a run, unless it was interrupted: work that
// was abandoned may still read them.
func (k *Keyring) Clear(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	for _, g := range []*Given{k.Given, k.New} {
		if g != nil {
			clear(g.text.Bytes)
		}
	}
	for _, t := range k.typed {
		clear(t.passphrase)
	}
	clear(k.newOne)
}

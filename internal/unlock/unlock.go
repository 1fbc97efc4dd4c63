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

// Open opens the private half, with a passphrase if it takes one, and returns the
// passphrase too: nil for an unencrypted key.
func (t *Turn) Open(ctx context.Context, f *engine.File) (*sshkey.Key, []byte, error) {
	if !f.Encrypted() {
		key, err := t.Decrypt(ctx, f, nil)
		return key, nil, err
	}
	if err := f.Usable(); err != nil {
		return nil, nil, err
	}
	if given := t.keys.Given; given != nil {
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
		err := t.slot.Await(ctx, func() bool {
			next = t.keys.best(tried)
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
		p, err := t.ask(ctx, Question{t.name, try, t.keys.Many}, "the key is encrypted", fault.Advice{Do: fault.GivePassphrase, Format: f.Format})
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
		case len(p) == 0 && t.keys.Many:
			return nil, nil, fault.Coded(fault.NeedsPassphrase, fault.LeftOut, "skipped, as no passphrase was typed")
		case try == tries:
			return nil, nil, fault.Advise(err, fault.Advice{Do: fault.CheckTyping})
		}
	}
}

// remember counts a key that a passphrase opened.
func (t *Turn) remember(p *typed) {
	t.slot.Update(func() {
		if p.keys == 0 {
			t.keys.typed = append(t.keys.typed, p)
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
			if s.Written != "" && !t.keys.Plain && !t.keys.SetsNew() { // otherwise nothing that is written has it
				note += "; what keyconv writes has it " + s.Written
			}
			t.note(fault.Note{Code: fault.Encoding, File: t.name, Text: note})
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
	return batch.Derive(ctx, t.slot, memory, func() (*sshkey.Key, error) { return f.Decrypt(p) })
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
	k := t.keys
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
	err := t.slot.Await(ctx, func() bool {
		p = t.keys.newOne
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
	t.slot.Update(func() { t.keys.newOne = p })
	return p, nil
}

// Untyped returns the passphrase of the output, nil where it has none or a person would
// have to type it.
func (t *Turn) Untyped(ctx context.Context, encrypted bool) ([]byte, error) {
	if t.keys.AskNew {
		return nil, nil
	}
	var old []byte
	if t.keys.Given != nil {
		text, err := t.keys.Given.read(ctx)
		if err != nil {
			return nil, err
		}
		old = text.Bytes
	}
	if len(old) == 0 && t.keys.New == nil {
		return nil, nil
	}
	return t.Output(ctx, encrypted, old)
}

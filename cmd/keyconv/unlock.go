package main

import (
	"errors"
	"fmt"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
)

// promptTries is how often a person may type a passphrase.
const promptTries = 3

// unlock opens the private half, with a passphrase if it takes one, and returns the
// passphrase too: nil for an unencrypted key.
func (a *app) unlock(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	if !f.Encrypted() {
		key, err := a.decrypt(name, f, nil)
		return key, nil, err
	}
	if err := f.Usable(); err != nil {
		return nil, nil, err
	}
	if a.flags.passphrase.source().IsSet() {
		p, err := a.readSource(a.flags.passphrase)
		if err != nil {
			return nil, nil, err
		}
		key, err := a.decrypt(name, f, p)
		return key, p, err
	}
	return a.unlockByPrompt(name, f)
}

// unlockByPrompt first tries what opened other inputs: a person's keys often share a
// passphrase.
func (a *app) unlockByPrompt(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	for tried := map[*typed]bool{}; ; {
		t, err := a.nextTyped(tried)
		if err != nil {
			return nil, nil, err
		}
		if t == nil {
			return a.askPassphrase(name, f)
		}
		tried[t] = true
		key, err := a.decrypt(name, f, t.passphrase)
		if !errors.Is(err, keyconv.ErrIncorrectPassphrase) {
			a.secrets.opened(t)
			return key, t.passphrase, err
		}
	}
}

func (a *app) askPassphrase(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	prompt := fmt.Sprintf("Passphrase for %s: ", displayName(name))
	for try := 1; ; try++ {
		p, err := a.ask(func() ([]byte, error) { return passphrase.Ask(a.ctx, prompt) })
		if err != nil {
			return nil, nil, a.promptError(err)
		}
		key, err := a.decrypt(name, f, p)
		if err == nil {
			a.secrets.opened(&typed{passphrase: p})
			return key, p, nil
		}
		if is[interrupted](err) {
			return nil, nil, err // the work that is left behind may still read it
		}
		clear(p)
		if !errors.Is(err, keyconv.ErrIncorrectPassphrase) || try == promptTries {
			return nil, nil, err
		}
		prompt = fmt.Sprintf("Wrong passphrase, try again. Passphrase for %s: ", displayName(name))
	}
}

// promptError is the error of a prompt: who ended the input has no passphrase.
func (a *app) promptError(err error) error {
	if a.ctx.Err() != nil {
		return interruption(a.ctx)
	}
	if errors.Is(err, passphrase.ErrNoTerminal) || errors.Is(err, passphrase.ErrNoInput) {
		return &needsPassphrase{"the key is encrypted", err}
	}
	return err
}

// outputPassphrase decides how the output is protected: with a new passphrase, with
// none where that was asked for, else like the input f. nil means not at all. An
// empty passphrase, which opens some PKCS#12 files, protects nothing.
func (a *app) outputPassphrase(f *keyconv.File, old []byte) ([]byte, error) {
	if a.flags.noPassphrase {
		return nil, nil
	}
	if a.flags.askNew {
		return a.askNewPassphrase()
	}
	s := a.flags.newPassphrase.source()
	if !s.IsSet() && f.Encrypted() && len(old) == 0 {
		return nil, withHint(usagef("the passphrase of the key is empty, so the output would have none"),
			"--new-passphrase protects it, --no-passphrase writes it without one")
	}
	if !s.IsSet() {
		return old, nil
	}
	p, err := a.readSource(a.flags.newPassphrase)
	if err != nil {
		return nil, err
	}
	if len(p) == 0 {
		flag, _ := a.flags.newPassphrase.given()
		return nil, withHint(usagef("the passphrase of %s is empty", flag), "--no-passphrase writes a key without one")
	}
	return p, nil
}

// willEncrypt says what outputPassphrase will come to.
func (a *app) willEncrypt(f *keyconv.File) bool {
	return !a.flags.noPassphrase && (a.flags.askNew || a.flags.newPassphrase.source().IsSet() || f.Encrypted())
}

func (a *app) askNewPassphrase() ([]byte, error) {
	if p, err := a.typedNew(); p != nil || err != nil {
		return p, err
	}
	p, err := a.ask(func() ([]byte, error) {
		return passphrase.AskTwice(a.ctx, "New passphrase: ", "The same passphrase again: ")
	})
	switch {
	case a.ctx.Err() != nil:
		return nil, interruption(a.ctx)
	case errors.Is(err, passphrase.ErrNoTerminal) || errors.Is(err, passphrase.ErrNoInput):
		return nil, withHint(&needsPassphrase{"a new passphrase is wanted", err},
			"%s", hintPassphrase("new-passphrase", err))
	case err != nil:
		return nil, err
	case len(p) == 0:
		return nil, withHint(usagef("the new passphrase is empty"), "--no-passphrase writes a key without one")
	}
	a.secrets.keepNew(p)
	return p, nil
}

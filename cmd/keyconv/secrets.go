package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
)

// promptTries is how often a person may type a passphrase.
const promptTries = 3

// secrets are the passphrases of a run. A source is read once, since a pipe can be
// read only once, and the answer to a prompt serves all inputs.
type secrets struct {
	read map[passphrase.Source][]byte
	last []byte // what was typed and opened a key
	new  []byte // what was typed for the output
	// inputs are the key files that were read and are not done with, by their names.
	inputs map[string][][]byte
}

func (s *secrets) keepInput(name string, data []byte) {
	if s.inputs == nil {
		s.inputs = map[string][][]byte{}
	}
	s.inputs[name] = append(s.inputs[name], data)
}

// clearInput wipes a key file that is done with: it may be a key in plain.
func (s *secrets) clearInput(name string) {
	for _, data := range s.inputs[name] {
		clear(data)
	}
	delete(s.inputs, name)
}

// clear wipes what was kept.
func (s *secrets) clear() {
	for _, p := range s.read {
		clear(p)
	}
	clear(s.last)
	clear(s.new)
}

func (a *app) readSource(s passphrase.Source) ([]byte, error) {
	if p, ok := a.secrets.read[s]; ok {
		return p, nil
	}
	p, err := s.Read(a.ctx, a.stdin)
	switch {
	case a.ctx.Err() != nil:
		return nil, interruption(a.ctx)
	case is[*fs.PathError](err): // else the message would be that of the input
		return nil, fmt.Errorf("%s: %w", s, withoutPath(err))
	case err != nil:
		return nil, err
	}
	if a.secrets.read == nil {
		a.secrets.read = map[passphrase.Source][]byte{}
	}
	a.secrets.read[s] = p
	return p, nil
}

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
	if s := a.flags.passphrase.source(); s.IsSet() {
		p, err := a.readSource(s)
		if err != nil {
			return nil, nil, err
		}
		key, err := a.decrypt(name, f, p)
		return key, p, err
	}
	return a.unlockByPrompt(name, f)
}

// unlockByPrompt first tries what opened the input before: a person's keys often
// share a passphrase.
func (a *app) unlockByPrompt(name string, f *keyconv.File) (*sshkey.Key, []byte, error) {
	if a.secrets.last != nil {
		key, err := a.decrypt(name, f, a.secrets.last)
		if !errors.Is(err, keyconv.ErrIncorrectPassphrase) {
			return key, a.secrets.last, err
		}
	}
	prompt := fmt.Sprintf("Passphrase for %s: ", displayName(name))
	for try := 1; ; try++ {
		p, err := passphrase.Ask(a.ctx, prompt)
		if err != nil {
			return nil, nil, a.promptError(err)
		}
		key, err := a.decrypt(name, f, p)
		if err == nil {
			clear(a.secrets.last)
			a.secrets.last = p
			return key, p, nil
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
	p, err := a.readSource(s)
	if err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, withHint(usagef("%s holds an empty passphrase", s), "--no-passphrase writes a key without one")
	}
	return p, nil
}

// willEncrypt says what outputPassphrase will come to.
func (a *app) willEncrypt(f *keyconv.File) bool {
	return !a.flags.noPassphrase && (a.flags.askNew || a.flags.newPassphrase.source().IsSet() || f.Encrypted())
}

func (a *app) askNewPassphrase() ([]byte, error) {
	if a.secrets.new != nil {
		return a.secrets.new, nil
	}
	p, err := passphrase.AskTwice(a.ctx, "New passphrase: ", "The same passphrase again: ")
	switch {
	case a.ctx.Err() != nil:
		return nil, interruption(a.ctx)
	case errors.Is(err, passphrase.ErrNoTerminal) || errors.Is(err, passphrase.ErrNoInput):
		return nil, withHint(&needsPassphrase{"a new passphrase is wanted", err},
			"give it with --new-passphrase-file FILE, --new-passphrase-env NAME or --new-passphrase-fd N")
	case err != nil:
		return nil, err
	case len(p) == 0:
		return nil, withHint(usagef("the new passphrase is empty"), "--no-passphrase writes a key without one")
	}
	a.secrets.new = p
	return p, nil
}

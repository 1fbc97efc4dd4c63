package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// goal is what the output of an input is to be.
type goal struct {
	output    string
	format    keyconv.Format
	encrypted bool
}

// isDone reports for --continue whether the output is there already: the same key in the
// same form. Any other file at its place is an error.
func (a *app) isDone(name string, f *keyconv.File, g goal) (bool, error) {
	if !a.flags.resume || g.output == stdio {
		return false, nil
	}
	if _, err := os.Lstat(g.output); err != nil {
		return false, nil
	}
	if err := safefile.Check(g.output, true); err != nil {
		return false, a.writeError(g.output, err)
	}
	why, err := a.differs(name, f, g)
	if why == missingCertificate {
		why, err = "", a.addMissing(name, f, g)
	}
	if err != nil {
		return false, err
	}
	if why != "" {
		return false, &outputExists{g.output, ", and " + why}
	}
	a.fate.skipped = true
	a.record.skip(g.output)
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, "%s: %s holds this key already\n", displayName(name), displayName(g.output))
	}
	return true, nil
}

// differs says in what the file at the output is not what would be written.
func (a *app) differs(name string, f *keyconv.File, g goal) (string, error) {
	there, err := interruptible(a.ctx, func() (*keyconv.File, error) { return a.openOutput(g.output) })
	switch {
	case is[interrupted](err):
		return "", err
	case err != nil:
		return "cannot be read", nil
	case there == nil || there.Format != g.formatFor(there) || there.Encrypted() != g.encrypted:
		return "is not what would be written", nil
	}
	if why, err := a.differsInKey(name, f, there, g); why != "" || err != nil {
		return why, err
	}
	if why, err := a.differsInCertificate(f, there, g); why != "" || err != nil {
		return why, err
	}
	if a.flags.commentSet && there.HasComment && there.Comment != a.flags.comment && there.Comment != sshkey.OneLine(a.flags.comment) {
		return "has another comment", nil
	}
	return "", nil
}

// openOutput is nil for a file that is no key as it stands.
func (a *app) openOutput(output string) (*keyconv.File, error) {
	data, err := a.read(output)
	if err != nil {
		return nil, err
	}
	a.kept = append(a.kept, data)
	there, err := keyconv.Open(data, a.limits())
	if err != nil {
		return nil, nil
	}
	return there, nil
}

// formatFor is the format where the type of the key is known only from what is there.
func (g goal) formatFor(there *keyconv.File) keyconv.Format {
	if there.PublicKey == nil {
		return g.format
	}
	return g.format.Resolve(sshkey.WithoutCertificate(there.PublicKey).Type())
}

// differsInKey compares public halves, and makes sure that the private half which is
// there belongs to them and opens: with the passphrase of the output, where that need
// not be typed.
func (a *app) differsInKey(name string, f, there *keyconv.File, g goal) (string, error) {
	pub, passphrase, err := a.wantedKey(name, f, there)
	if err != nil {
		return "", err
	}
	other := there.PublicKey
	if there.Private && (!g.encrypted || other == nil || len(passphrase) > 0) {
		key, err := a.decryptBytes(there, passphrase)
		switch {
		case is[interrupted](err):
			return "", err
		case errors.Is(err, keyconv.ErrIncorrectPassphrase):
			return "has another passphrase, or is damaged", nil
		case err != nil:
			return "is damaged", nil
		}
		if other, err = sshkey.PublicOf(key.Private); err != nil {
			return "", err
		}
	}
	if !samePublicKey(pub, other) {
		return "holds another key", nil
	}
	return "", nil
}

// wantedKey is the public half of what would be written, and the passphrase of it where
// there is one that need not be typed. Where a file has its public half encrypted too,
// the passphrase is asked for.
func (a *app) wantedKey(name string, f, there *keyconv.File) (ssh.PublicKey, []byte, error) {
	if f.PublicKey != nil && there.PublicKey != nil {
		passphrase, err := a.givenPassphrase(f, there)
		return f.PublicKey, passphrase, err
	}
	key, old, err := a.unlock(name, f)
	if err != nil {
		return nil, nil, err
	}
	pub, err := sshkey.PublicOf(key.Private)
	if err != nil || !there.Encrypted() {
		return pub, nil, err
	}
	passphrase, err := a.outputPassphrase(f, old)
	return pub, passphrase, err
}

// givenPassphrase is that of the output, nil where it has none or a person would have to
// type it.
func (a *app) givenPassphrase(f, there *keyconv.File) ([]byte, error) {
	if !there.Encrypted() || a.flags.askNew {
		return nil, nil
	}
	var old []byte
	if a.flags.passphrase.source().IsSet() {
		var err error
		if old, err = a.readSource(a.flags.passphrase); err != nil {
			return nil, err
		}
	}
	if len(old) == 0 && !a.flags.newPassphrase.source().IsSet() {
		return nil, nil
	}
	return a.outputPassphrase(f, old)
}

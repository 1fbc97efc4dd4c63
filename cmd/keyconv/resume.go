package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/keyconv/keyconv"
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
	why, err := a.differs(name, f, g)
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
	data, err := a.read(g.output)
	if err != nil {
		return "cannot be read", nil
	}
	a.kept = append(a.kept, data)
	there, err := keyconv.Open(data, a.limits())
	if err != nil || there.Format != g.format || there.Private && there.Encrypted() != g.encrypted {
		return "is not what would be written", nil
	}
	same, err := a.sameKey(name, f, there)
	switch {
	case err != nil:
		return "", err
	case !same:
		return "holds another key", nil
	}
	return a.differsInCertificate(f, there, g), nil
}

// differsInCertificate looks where the certificate of the key has to be: in the output,
// or beside it. A public key that is made of a private one has none.
func (a *app) differsInCertificate(f, there *keyconv.File, g goal) string {
	holds := g.format.Holds()
	_, wanted := f.PublicKey.(*ssh.Certificate)
	wanted = (wanted || a.flags.certificate != "") && !a.flags.removeCertificate
	_, has := there.PublicKey.(*ssh.Certificate)
	switch {
	case !holds.Private:
		return ""
	case holds.Certificate && wanted != has:
		return "is not what would be written"
	case !holds.Certificate && wanted:
		if _, err := os.Stat(certificateName(g.output)); err != nil {
			return "its certificate is not beside it"
		}
	}
	return ""
}

// sameKey compares public halves. Where a file has its public half encrypted it takes
// the passphrase.
func (a *app) sameKey(name string, f, there *keyconv.File) (bool, error) {
	pub, passphrase := f.PublicKey, []byte(nil)
	if pub == nil || there.PublicKey == nil {
		key, old, err := a.unlock(name, f)
		if err != nil {
			return false, err
		}
		if pub, err = key.Public(); err != nil {
			return false, err
		}
		if passphrase, err = a.outputPassphrase(f, old); err != nil {
			return false, err
		}
	}
	other := there.PublicKey
	if other == nil {
		key, err := a.decryptBytes(there, passphrase)
		if err != nil {
			return false, nil
		}
		if other, err = key.Public(); err != nil {
			return false, err
		}
	}
	bare := func(pub ssh.PublicKey) []byte { return sshkey.WithoutCertificate(pub).Marshal() }
	return bytes.Equal(bare(pub), bare(other)), nil
}

// rehearse says what a run without --dry-run would write.
func (a *app) rehearse(name string, f *keyconv.File, g goal) error {
	a.record.rehearse(g.output)
	a.noteRepairs(name, f)
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, "%s -> %s (not written: --dry-run)\n", displayName(name), displayName(g.output))
	}
	return nil
}

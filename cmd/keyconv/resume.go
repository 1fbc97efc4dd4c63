package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
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
	for _, differs := range []func(string, *keyconv.File, *keyconv.File, goal) (string, error){
		a.differsInKey, a.differsInCertificate,
	} {
		if why, err := differs(name, f, there, g); why != "" || err != nil {
			return why, err
		}
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
		if other, err = key.Public(); err != nil {
			return "", err
		}
	}
	bare := func(pub ssh.PublicKey) []byte { return sshkey.WithoutCertificate(pub).Marshal() }
	if !bytes.Equal(bare(pub), bare(other)) {
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
	pub, err := key.Public()
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
	if s := a.flags.passphrase.source(); s.IsSet() {
		var err error
		if old, err = a.readSource(s); err != nil {
			return nil, err
		}
	}
	if len(old) == 0 && !a.flags.newPassphrase.source().IsSet() {
		return nil, nil
	}
	return a.outputPassphrase(f, old)
}

// differsInCertificate compares the certificate, in the file or beside it.
func (a *app) differsInCertificate(_ string, f, there *keyconv.File, g goal) (string, error) {
	holds := g.format.Holds()
	wanted, err := a.wantedCertificate(f, holds.Private)
	if err != nil {
		return "", err
	}
	switch found, _ := there.PublicKey.(*ssh.Certificate); {
	case holds.Certificate && !sameCertificate(wanted, found):
		return "its certificate is not the same", nil
	case holds.Certificate || !holds.Private || wanted == nil:
		return "", nil
	}
	place := certificateName(g.output)
	if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return missingCertificate, nil
	}
	beside, err := a.readCertificate(place)
	switch {
	case is[interrupted](err):
		return "", err
	case err != nil || !sameCertificate(wanted, beside):
		return "what is beside it is not its certificate", nil
	}
	return "", nil
}

// missingCertificate is what differs if a run was killed when it had written the key,
// but not yet the certificate beside it.
const missingCertificate = "its certificate is not beside it"

// addMissing does what is left of such a run.
func (a *app) addMissing(name string, f *keyconv.File, g goal) error {
	cert, err := a.wantedCertificate(f, true)
	if err != nil || a.flags.dryRun {
		return err
	}
	comment := f.Comment
	if a.flags.commentSet {
		comment = a.flags.comment
	}
	place := certificateName(g.output)
	if err := a.write(place, sshkey.AuthorizedKey(cert, comment), false); err != nil {
		return err
	}
	a.note(name, "the certificate is in %s, where ssh looks for it", displayName(place))
	return nil
}

// wantedCertificate is what would be written with the key; nil for none.
func (a *app) wantedCertificate(f *keyconv.File, private bool) (*ssh.Certificate, error) {
	switch {
	case a.flags.removeCertificate, !private && f.Private && !a.flags.withCertificate:
		return nil, nil
	case a.flags.certificate != "":
		cert, err := a.readCertificate(a.flags.certificate)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", displayName(a.flags.certificate), withoutPath(err))
		}
		return cert, nil
	}
	cert, _ := f.PublicKey.(*ssh.Certificate)
	return cert, nil
}

// readCertificate is nil for a file of another kind.
func (a *app) readCertificate(name string) (*ssh.Certificate, error) {
	f, err := interruptible(a.ctx, func() (*keyconv.File, error) {
		data, err := a.read(name)
		if err != nil {
			return nil, err
		}
		return keyconv.Open(data, keyconv.Limits{})
	})
	if err != nil {
		return nil, err
	}
	cert, _ := f.PublicKey.(*ssh.Certificate)
	return cert, nil
}

func sameCertificate(a, b *ssh.Certificate) bool {
	if a == nil || b == nil {
		return a == b
	}
	return bytes.Equal(a.Marshal(), b.Marshal())
}

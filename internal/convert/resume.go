package convert

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// missingCertificate is what differs if a run was killed when it had written the key,
// but not yet the certificate beside it.
const missingCertificate = "its certificate is not beside it"

// isDone reports for a job that resumes whether the output is there already: the same
// key in the same form. Any other file at its place is an error.
func (t *Task) isDone(ctx context.Context, f *engine.File, p plan) (bool, error) {
	if p.output == input.Stdio {
		return false, nil
	}
	found, err := t.Place.Find(p.output)
	if !found || err != nil {
		return false, err
	}
	why, err := t.differs(ctx, f, p)
	if why == missingCertificate {
		why, err = "", t.addMissing(ctx, f, p)
	}
	if err != nil {
		return false, err
	}
	if why != "" {
		return false, output.Exists(p.output, ", and "+why)
	}
	t.Listener.Done(Result{Outcome: Skipped, Input: t.Name, Output: p.output, Format: p.format})
	return true, nil
}

// differs says in what the file at the output is not what would be written.
func (t *Task) differs(ctx context.Context, f *engine.File, p plan) (string, error) {
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return t.Place.Read(p.output) })
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return "cannot be read", nil
	}
	t.kept = append(t.kept, data)
	there, err := engine.Open(data, t.Input.Limits)
	format := p.format
	if err == nil && there.PublicKey != nil { // the type of the key may be known only from what is there
		format = format.Resolve(rawkey.WithoutCertificate(there.PublicKey).Type())
	}
	if err != nil || there.Format != format || there.Encrypted() != p.encrypted {
		return "is not what would be written", nil
	}
	if why, err := t.differsInKey(ctx, f, there, p); why != "" || err != nil {
		return why, err
	}
	if why, err := t.differsInCertificate(ctx, f, there, p); why != "" || err != nil {
		return why, err
	}
	if t.Comment != nil && there.HasComment && there.Comment != *t.Comment && there.Comment != rawkey.OneLine(*t.Comment) {
		return "has another comment", nil
	}
	return "", nil
}

// differsInKey compares public halves, and makes sure that the private half which is
// there belongs to them and opens: with the passphrase of the output, where that need
// not be typed.
func (t *Task) differsInKey(ctx context.Context, f, there *engine.File, p plan) (string, error) {
	pub, passphrase, err := t.wantedKey(ctx, f, there)
	if err != nil {
		return "", err
	}
	other := there.PublicKey
	if there.Private && (!p.encrypted || other == nil || len(passphrase) > 0) {
		key, err := t.turn.Decrypt(ctx, there, passphrase)
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case errors.Is(err, sshkey.ErrIncorrectPassphrase):
			return "has another passphrase, or is damaged", nil
		case err != nil:
			return "is damaged", nil
		}
		if other, err = key.Public(); err != nil {
			return "", err
		}
	}
	if !SamePublicKey(pub, other) {
		return "holds another key", nil
	}
	return "", nil
}

// wantedKey returns the public half of what would be written, and the passphrase of it where
// there is one that need not be typed. Where a file has its public half encrypted too,
// the passphrase is asked for.
func (t *Task) wantedKey(ctx context.Context, f, there *engine.File) (ssh.PublicKey, []byte, error) {
	if f.PublicKey != nil && there.PublicKey != nil {
		if !there.Encrypted() {
			return f.PublicKey, nil, nil
		}
		passphrase, err := t.turn.Untyped(ctx, f.Encrypted())
		return f.PublicKey, passphrase, err
	}
	key, old, err := t.turn.Open(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	pub, err := key.Public()
	if err != nil || !there.Encrypted() {
		return pub, nil, err
	}
	passphrase, err := t.turn.Output(ctx, f.Encrypted(), old)
	return pub, passphrase, err
}

// SamePublicKey compares the keys, whatever certificates are around them.
func SamePublicKey(a, b ssh.PublicKey) bool {
	return bytes.Equal(rawkey.WithoutCertificate(a).Marshal(), rawkey.WithoutCertificate(b).Marshal())
}

// differsInCertificate compares the certificate, in the file or beside it.
func (t *Task) differsInCertificate(ctx context.Context, f, there *engine.File, p plan) (string, error) {
	holds := p.format.About().Holds
	wanted, err := t.wantedCertificate(ctx, f, holds.Private)
	if err != nil {
		return "", err
	}
	switch found, _ := there.PublicKey.(*ssh.Certificate); {
	case holds.Certificate && !sameCertificate(wanted, found):
		return "its certificate is not the same", nil
	case holds.Certificate || !holds.Private || wanted == nil:
		return "", nil
	}
	place := CertificateName(p.output)
	if found, _ := t.Place.Find(place); !found {
		return missingCertificate, nil
	}
	beside, err := t.readCertificate(ctx, place)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil || !sameCertificate(wanted, beside):
		return "what is beside it is not its certificate", nil
	}
	return "", nil
}

// addMissing does what is left of a run that was killed.
func (t *Task) addMissing(ctx context.Context, f *engine.File, p plan) error {
	cert, err := t.wantedCertificate(ctx, f, true)
	if err != nil || t.DryRun {
		return err
	}
	comment := f.Comment
	if t.Comment != nil {
		comment = *t.Comment
	}
	return t.writeCertificate(cert, comment, CertificateName(p.output))
}

// wantedCertificate returns what would be written with the key; nil for none.
func (t *Task) wantedCertificate(ctx context.Context, f *engine.File, private bool) (*ssh.Certificate, error) {
	switch {
	case t.RemoveCertificate, !private && f.Private && !t.WithCertificate:
		return nil, nil
	case t.Certificate != "":
		cert, err := t.readCertificate(ctx, t.Certificate)
		if err != nil {
			return nil, fault.In(input.Shown(t.Certificate), err)
		}
		return cert, nil
	}
	cert, _ := f.PublicKey.(*ssh.Certificate)
	return cert, nil
}

// readCertificate returns nil for a file of another kind.
func (t *Task) readCertificate(ctx context.Context, name string) (*ssh.Certificate, error) {
	f, err := batch.Interruptible(ctx, func() (*engine.File, error) {
		data, err := t.Place.Read(name)
		if err != nil {
			return nil, err
		}
		return engine.Open(data, engine.Limits{})
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
	return bytes.Equal(rawkey.Blob(a), rawkey.Blob(b))
}

// rehearseKey makes a dry run for a private key. All is checked that can be without a
// passphrase.
func (t *Task) rehearseKey(ctx context.Context, f *engine.File, p plan) error {
	if err := f.Usable(); err != nil {
		return err
	}
	if !f.Encrypted() {
		key, err := t.turn.Decrypt(ctx, f, nil)
		if err != nil {
			return err
		}
		if err := t.RefuseWeak(func() []rawkey.Finding { return rawkey.Findings(key.Private) }); err != nil {
			return err
		}
		if err := t.SetCertificate(ctx, key); err != nil {
			return err
		}
	}
	_, has := f.PublicKey.(*ssh.Certificate)
	if (has || t.Certificate != "") && !t.RemoveCertificate && !p.format.About().Certificate && p.output != input.Stdio {
		if err := t.Place.Check(CertificateName(p.output), false); err != nil {
			return err
		}
	}
	return t.rehearse(f, p)
}

// rehearse says what a run that is not dry would write.
func (t *Task) rehearse(f *engine.File, p plan) error {
	t.NoteRepairs(f)
	t.Listener.Done(Result{Outcome: Rehearsed, Input: t.Name, Output: p.output, Format: p.format})
	return nil
}

// writeCertificate puts a certificate that the format has no room for into a file beside
// the key, under the name where ssh looks for it. Standard output has no such place.
func (t *Task) writeCertificate(cert *ssh.Certificate, comment, beside string) error {
	if beside == "" {
		t.note(fault.Lost, "the certificate is left out", fault.Advice{Do: fault.NameOutput})
		return nil
	}
	if err := t.put(beside, sshkey.AuthorizedKey(cert, comment), false); err != nil {
		return err
	}
	t.note(fault.CertificateMoved, fmt.Sprintf("the certificate is in %s, where ssh looks for it", input.Shown(beside)), fault.Advice{})
	return nil
}

package convert

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// ConvertInPlace puts the conversion of the input in its place, under its name. An input
// that is in the form already, and of which nothing else is to change, stays as it is.
func (t *Task) ConvertInPlace(ctx context.Context, to Kind) error {
	original, err := t.Place.Edit(t.Name)
	if err != nil {
		return err
	}
	defer original.Close()
	f, _, err := t.open(ctx, func(string) ([]byte, error) { return input.ReadKey(original) })
	if err != nil {
		return err
	}
	if err := t.checkInPlace(f); err != nil {
		return err
	}
	p, err := t.planInPlace(f, to)
	if err != nil {
		return err
	}
	isConverted, err := t.isConverted(ctx, f, p)
	if err != nil {
		return err
	}
	if isConverted {
		t.Listener.Done(Result{Outcome: Skipped, Input: t.Name, Output: t.Name, Format: p.format})
		return nil
	}
	if t.DryRun {
		return t.rehearseKey(ctx, f, p)
	}
	key, passphrase, err := t.unlockForOutput(ctx, f)
	if err != nil {
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	if err := t.SetCertificate(ctx, key); err != nil {
		return err
	}
	choice, err := to.choose(pub, len(passphrase) > 0)
	if err != nil {
		return err
	}
	r := result{output: t.Name, file: f, key: key, passphrase: passphrase, format: choice.Format}
	opts, err := t.KDF.Options(r.format, len(passphrase) > 0)
	if err != nil {
		return err
	}
	if len(passphrase) > 0 && f.Encrypted() && r.format == f.Format {
		opts = f.KeepOptions(*opts)
	}
	return t.replace(ctx, original, r, opts)
}

// planInPlace holds as far as the file shows without its passphrase. It refuses what cannot
// go well.
func (t *Task) planInPlace(f *engine.File, to Kind) (plan, error) {
	p := plan{output: t.Name, encrypted: t.Keys.WillEncrypt(f.Encrypted())}
	choice, err := to.choose(f.PublicKey, p.encrypted)
	if err != nil {
		return p, err
	}
	p.format = choice.Format
	if f.PublicKey == nil {
		return p, nil
	}
	if f.Usable() == nil {
		err = p.format.CheckType(rawkey.WithoutCertificate(f.PublicKey).Type())
	}
	if err == nil {
		_, err = t.KDF.Options(p.format, p.encrypted)
	}
	return p, err
}

// checkInPlace refuses what would lose more than the key's old form.
func (t *Task) checkInPlace(f *engine.File) error {
	if !f.Private {
		return NotPrivate(f)
	}
	hasCertificates := f.Format == engine.PKCS12 || f.Format == engine.JKS
	if f.Keys > 1 || f.Extra || hasCertificates {
		return fault.New(fault.NotAKey, "the file holds more than this key, which would be lost").
			With(fault.Advice{Do: fault.ConvertAway})
	}
	return t.RefuseWeak(f.KeyFindings)
}

// isConverted reports whether the input is what its conversion would be. A key that is not
// encrypted is opened to make sure that it can be, and keeps to its format.
func (t *Task) isConverted(ctx context.Context, f *engine.File, p plan) (bool, error) {
	if f.Format != p.format || f.Encrypted() != p.encrypted || len(f.Repairs) > 0 ||
		t.Keys.SetsNew() || t.KDF != (KDF{}) || t.Comment != nil || t.Certificate != "" || t.RemoveCertificate {
		return false, nil
	}
	if f.Encrypted() {
		return true, nil
	}
	key, err := t.turn.Decrypt(ctx, f, nil)
	return err == nil && len(key.Deviations) == 0, err
}

// replace puts a key that was opened and read back in the place of the input. A certificate
// that has no room in it is beside it before.
func (t *Task) replace(ctx context.Context, original output.Original, r result, opts *engine.Options) error {
	t.SetComment(r.file, r.key, r.format)
	data, reopened, err := t.marshal(ctx, r, opts)
	if err != nil {
		return err
	}
	defer clear(data)
	if r.key.Certificate != nil && !r.format.About().Certificate {
		if err := t.keepCertificate(ctx, r); err != nil {
			return err
		}
	}
	var written output.Written
	err = t.Slot.OnDisk(func() (err error) {
		written, err = original.Replace(data)
		return err
	})
	if err != nil {
		return err
	}
	t.noteAccess(t.Name, written)
	if err := t.report(r, reopened); err != nil {
		return err
	}
	t.noteLinks(written)
	t.noteName(r)
	return nil
}

// keepCertificate writes the certificate of a key that is about to lose it, unless it is
// there, as a run that failed later has left it.
func (t *Task) keepCertificate(ctx context.Context, r result) error {
	beside := CertificateName(t.Name)
	if found, err := t.readCertificate(ctx, beside); err == nil && sameCertificate(found, r.key.Certificate) {
		return nil
	}
	if err := t.Place.Check(beside, false); err != nil {
		return err
	}
	return t.writeCertificate(r.key.Certificate, r.key.Comment, beside)
}

// noteName says that the name of a file no longer says what it is.
func (t *Task) noteName(r result) {
	isPPK := strings.EqualFold(filepath.Ext(t.Name), engine.PPK.About().Extension)
	isPEM := strings.EqualFold(filepath.Ext(t.Name), engine.PEM.About().Extension)
	if isPPK && !IsPPK(r.format) || isPEM && IsPPK(r.format) {
		t.note(fault.Misnamed, "the name stays, but the file has another form now: "+r.format.About().Title, fault.Advice{})
	}
}

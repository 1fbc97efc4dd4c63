package convert

import (
	"context"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// Public writes the public key of the input. What is shown on standard output has its
// comment made safe by clean.
func (t *Task) Public(ctx context.Context, format engine.Format, extension string, clean func(comment string) string) error {
	f, _, err := t.Open(ctx)
	if err != nil {
		return err
	}
	if err := t.RefuseWeak(f.KeyFindings); err != nil {
		return err
	}
	p := plan{output: t.Output.Name(t.Name, extension), format: format}
	if t.Resume {
		if done, err := t.isDone(ctx, f, p); done || err != nil {
			return err
		}
	}
	if err := t.Place.Check(p.output, false); err != nil {
		return err
	}
	if t.DryRun {
		return t.rehearse(f, p)
	}
	pub, comment, err := t.PublicHalf(ctx, f)
	if err != nil {
		return err
	}
	if t.Comment != nil {
		comment = *t.Comment
	}
	if p.output == input.Stdio {
		comment = clean(comment)
	}
	data, err := engine.MarshalPublic(pub, comment, format)
	if err != nil {
		return err
	}
	if err := t.put(p.output, data, false); err != nil {
		return err
	}
	t.Listener.Done(Result{Input: t.Name, Output: p.output, Format: format, Public: pub, Comment: comment})
	t.NoteRepairs(f)
	t.NoteOtherKeys(f)
	had, has := rawkey.CertificateOf(f.PublicKey), rawkey.CertificateOf(pub)
	if had != nil && (has == nil || format == engine.SPKI) {
		t.note(fault.Lost, "this is the key without its certificate", fault.Advice{Do: fault.WithCertificate})
	}
	t.noteComment(format.DropsComment(comment), format)
	t.NoteFindings(t.Name, append(rawkey.PublicFindings(pub), rawkey.CertificateFindings(pub, t.Now)...))
	return nil
}

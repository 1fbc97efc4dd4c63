package cli

import (
	"context"
	"fmt"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// one is one input, and hears what happens to it.
type one struct {
	*program
	printer
	name    string
	isBatch bool
	record  *record // what --json will print; nil without
	skipped bool    // there was nothing to do
	plain   bool    // a key without a passphrase was written
	open    bool    // the input of an encrypted output is not encrypted
}

// run does the work on the input, and remembers how it failed: the errors of a run are
// printed in the order of its inputs.
func (o *one) run(ctx context.Context, s *series, slot *batch.Slot, do work) {
	if o.json {
		o.record = newRecord(o.name)
	}
	t := s.job.Begin(o.name, slot, o)
	defer t.End(ctx)
	err := context.Cause(ctx)
	if err == nil {
		err = s.inputs.Broken[o.name]
	}
	if err == nil {
		err = do(ctx, t, o)
	}
	if failed := o.record.print(o.stdout, err, o.hidden); err == nil {
		err = failed
	}
	o.failed = err
}

// Opened notes what was read.
func (o *one) Opened(f *engine.File) { o.record.from(f) }

// Noted prints a note or warning.
func (o *one) Noted(n fault.Note) {
	text := n.Text
	if hint := advice(n.Advice); hint != "" {
		text += "; " + hint
	}
	switch {
	case n.Warning:
		code := n.Finding
		if n.Code == fault.DamagedKey {
			code = string(n.Code)
		}
		o.record.warning(code, text)
		o.warn(n.File, text)
	case n.Code == fault.StillPlain && o.isBatch: // the summary counts them
		o.open = true
	case n.Code != fault.Plain:
		o.note(n.File, text)
	default:
		o.plain = true
		if !o.isBatch { // the summary counts them otherwise
			o.note(n.File, text)
		}
	}
}

// Done prints the result.
func (o *one) Done(r convert.Result) {
	o.record.done(r)
	from, to := input.Shown(r.Input), input.Shown(r.Output)
	switch {
	case r.Outcome == convert.Sound:
		o.skipped = true
		o.report("%s: needs no repair", from)
	case r.Outcome == convert.Skipped && r.Input == r.Output:
		o.skipped = true
		o.report("%s: %s already", from, titleOf(r.Format))
	case r.Outcome == convert.Skipped:
		o.skipped = true
		o.report("%s: %s holds this key already", from, to)
	case r.Outcome == convert.Rehearsed:
		o.report("%s -> %s (not written: --dry-run)", from, to)
	case r.File == nil || r.Output == stdio:
	default:
		what := from + " -> " + to
		if r.Input == r.Output {
			what = to + " written"
		}
		title := titleOf(r.Format)
		if r.Encrypted {
			title += ", encrypted"
		}
		if r.Public != nil { // nil where only the passphrase shows it
			title += ", " + describeShort(rawkey.WithoutCertificate(r.Public))
		}
		o.report("%s (%s)", what, title)
	}
}

// titleOf returns what a person calls a file of that format.
func titleOf(format engine.Format) string {
	if format == engine.PPK {
		return format.Title() + ", version 3"
	}
	return format.Title()
}

// describeShort returns the type, size and fingerprint of a key in a message.
func describeShort(pub ssh.PublicKey) string {
	return fmt.Sprintf("%s %d, %s", pub.Type(), rawkey.Bits(pub), sshkey.FingerprintSHA256(pub))
}

// describeFinding returns a weakness with what to do about it.
func describeFinding(f rawkey.Finding, name string) string {
	return fmt.Sprintf("%s; %s", f.Message, adviceOn(f, name))
}

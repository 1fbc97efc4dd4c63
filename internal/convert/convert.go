package convert

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// plan is what the output of an input is to be.
type plan struct {
	output    string
	format    engine.Format
	encrypted bool
}

// Convert converts the input.
func (t *Task) Convert(ctx context.Context, to Kind) error {
	f, _, err := t.open(ctx, t.Place.Read)
	if err != nil {
		return err
	}
	return t.ConvertFile(ctx, f, to)
}

// ConvertFile converts the input that was opened. It does all checks that cost nothing
// before it asks for a passphrase.
func (t *Task) ConvertFile(ctx context.Context, f *engine.File, to Kind) error {
	if to.Accept != nil {
		if err := to.Accept(t.Name, f); err != nil {
			return err
		}
	}
	if !f.Private {
		return NotPrivate(f)
	}
	if err := t.RefuseWeak(f.KeyFindings); err != nil {
		return err
	}
	p, err := t.planFor(f, to)
	if err != nil {
		return err
	}
	if t.Resume {
		if done, err := t.isDone(ctx, f, p); done || err != nil {
			return err
		}
	}
	if err := t.checkPlace(p.output, fault.Advice{Do: fault.ConvertInPlace, File: t.Name, Format: p.format}); err != nil {
		return err
	}
	if f.PublicKey != nil {
		if _, err := t.KDF.Options(p.format, p.encrypted); err != nil {
			return err
		}
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
	if t.Certificate != "" || t.RemoveCertificate {
		if err := t.SetCertificate(ctx, key); err != nil {
			return err
		}
	}
	choice, err := to.choose(pub, len(passphrase) > 0)
	if err != nil {
		return err
	}
	if err := t.write(ctx, result{output: p.output, file: f, key: key, passphrase: passphrase, format: choice.Format, base64: to.Base64}); err != nil {
		return err
	}
	if choice.Verdict.ID != "" {
		t.noteChoice(p.output, choice)
	}
	return nil
}

// planFor returns the plan for a file, as far as that shows without its passphrase.
func (t *Task) planFor(f *engine.File, to Kind) (plan, error) {
	p := plan{output: t.Output.Name(t.Name, to.Extension), encrypted: t.Keys.WillEncrypt(f.Encrypted())}
	choice, err := to.choose(f.PublicKey, p.encrypted)
	if err != nil {
		return p, err
	}
	p.format = choice.Format
	if f.PublicKey != nil {
		err := p.format.CheckType(rawkey.WithoutCertificate(f.PublicKey).Type())
		if err != nil && f.Usable() == nil { // otherwise opening it says more
			return p, err
		}
	}
	return p, checkProtection(p.format, p.encrypted)
}

// checkPlace refuses what Place.Check does. For an output that is the input it says how to
// replace that.
func (t *Task) checkPlace(output string, inPlace fault.Advice) error {
	err := t.Place.Check(output, true)
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == fault.OutputIsInput && t.Name != input.Stdio {
		return e.With(inPlace)
	}
	return err
}

// checkProtection refuses to protect a key in a form that has no encryption, or to leave the
// protection of the input off without being told to.
func checkProtection(format engine.Format, encrypted bool) error {
	if encrypted && !format.About().Encrypts {
		return fault.New(fault.Usage, "the form %s has no encryption", format).With(fault.Advice{Do: fault.LeavePlain})
	}
	return nil
}

// New makes a key, once it is clear where it goes and what protects it, and writes it. The
// name of the task is that of the output. A key without a comment gets that of puttygen: its
// type and the local date.
func (t *Task) New(ctx context.Context, format engine.Format, make func() (*sshkey.Key, error)) (*sshkey.Key, error) {
	if err := t.Place.Check(t.Name, true); err != nil {
		return nil, err
	}
	public := ""
	if t.PublicBeside && format == engine.OpenSSH && t.Name != input.Stdio {
		public = PublicName(t.Name)
		if err := t.Place.Check(public, false); err != nil {
			return nil, err
		}
	}
	if err := checkProtection(format, t.Keys.WillEncrypt(false)); err != nil {
		return nil, err
	}
	passphrase, err := t.turn.Output(ctx, false, nil)
	if err != nil {
		return nil, err
	}
	key, err := make()
	if err != nil {
		return nil, err
	}
	pub, err := key.Public()
	if err != nil {
		return nil, err
	}
	if key.Comment == "" {
		kt, _ := rawkey.TypeOf(pub.Type())
		key.Comment = cmp.Or(kt.CommentName, kt.Name) + "-key-" + time.Now().Format("20060102")
	}
	return key, t.write(ctx, result{output: t.Name, key: key, passphrase: passphrase, format: format.Resolve(pub.Type()), public: public})
}

// result is a key on its way to an output.
type result struct {
	output     string
	file       *engine.File // the input; nil for a new key
	key        *sshkey.Key
	passphrase []byte // nil for none
	format     engine.Format
	base64     bool   // written as one line of base64
	public     string // the file for its public half; "" for none
}

func (t *Task) write(ctx context.Context, r result) error {
	opts, err := t.KDF.Options(r.format, len(r.passphrase) > 0)
	if err != nil {
		return err
	}
	holds, beside := r.format.About().Holds, ""
	losesCertificate := r.key.Certificate != nil && !holds.Certificate
	if losesCertificate && r.output != input.Stdio {
		beside = CertificateName(r.output)
		if err := t.Place.Check(beside, false); err != nil {
			return err // before there is a key without its certificate
		}
	}
	t.SetComment(r.file, r.key, r.format)
	data, written, err := t.marshal(ctx, r, opts)
	if err != nil {
		return err
	}
	defer clear(data)
	if r.base64 {
		line := append(base64.StdEncoding.AppendEncode(nil, data), '\n')
		defer clear(line)
		data = line
	}
	if r.public != "" {
		err = t.putBoth(r, data)
	} else {
		err = t.put(r.output, data, holds.Private)
	}
	if err != nil {
		return err
	}
	if losesCertificate {
		if err := t.writeCertificate(r.key.Certificate, r.key.Comment, beside); err != nil {
			return err
		}
	}
	if err := t.report(r, written); err != nil {
		return err
	}
	if r.public != "" {
		t.note(fault.PublicBeside, "its public key is in "+input.Shown(r.public), fault.Advice{})
	}
	return nil
}

// PublicName returns where ssh, ssh-add and ssh-copy-id look for the public half of a key.
func PublicName(key string) string { return key + ".pub" }

// CertificateName returns what ssh tries beside an identity file (ssh_config(5),
// CertificateFile).
func CertificateName(key string) string { return key + "-cert.pub" }

// putBoth writes a key and its public half.
func (t *Task) putBoth(r result, data []byte) error {
	pub, err := r.key.Public()
	if err != nil {
		return err
	}
	line := output.File{Name: r.public, Data: sshkey.AuthorizedKey(pub, r.key.Comment)}
	var written output.Written
	err = t.Slot.OnDisk(func() (err error) {
		written, err = t.Place.WriteBoth(output.File{Name: r.output, Data: data}, line)
		return err
	})
	if err == nil {
		t.noteAccess(r.output, written)
	}
	return err
}

// put writes an output.
func (t *Task) put(name string, data []byte, private bool) error {
	var written output.Written
	err := t.Slot.OnDisk(func() (err error) {
		written, err = t.Place.Write(name, data, private)
		return err
	})
	if err == nil && (written.WiderMode || written.NewOwner) {
		t.noteAccess(name, written)
	}
	return err
}

// marshal makes the file, and opens it again. Where it cannot, the key derivation that
// was asked for is at fault: all that takes one takes every key.
func (t *Task) marshal(ctx context.Context, r result, opts *engine.Options) ([]byte, *engine.File, error) {
	var memory uint64
	if len(r.passphrase) > 0 {
		memory = opts.KDFMemory(r.format)
	}
	var written *engine.File
	data, err := batch.Derive(ctx, t.Slot, memory, func() (data []byte, err error) {
		data, written, err = engine.MarshalFile(r.key, r.passphrase, r.format, opts)
		return data, err
	})
	switch {
	case err == nil:
		return data, written, nil
	case ctx.Err() != nil:
	case fault.Is[*sshkey.LimitError](err):
		err = &fault.Error{Exit: fault.Usage, Err: err, Advice: fault.Advice{Do: fault.CheaperKDF}}
	case *opts != (engine.Options{}): // no advice on files that are read fits
		err = fault.New(fault.Usage, "%s", quote.WithoutPackages(err))
	}
	return nil, nil, err
}

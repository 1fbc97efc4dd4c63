package login

import (
	"context"
	"fmt"
	"os"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// Key is the file that a program will log in with.
type Key struct {
	File    string
	Opened  *engine.File  // the input
	Convert *convert.Kind // what makes File of it; nil for what is there
	Repair  bool          // File is its clean text, which is yet to be written
}

// IsThere reports whether there is nothing to make.
func (k Key) IsThere() bool { return k.Convert == nil && !k.Repair }

// Make converts or repairs the input, where that has to be done.
func (k Key) Make(ctx context.Context, t *convert.Task) error {
	switch {
	case k.Repair:
		return t.Repair(ctx)
	case k.Convert != nil:
		return t.ConvertFile(ctx, k.Opened, *k.Convert)
	}
	return nil
}

// FindKey finds the file: the input itself, its clean text or its conversion that is there,
// or one that is to be made.
func FindKey(ctx context.Context, t *convert.Task, p *session.Program) (Key, error) {
	f, data, err := t.Open(ctx)
	if err != nil {
		return Key{}, err
	}
	key := Key{File: t.Name, Opened: f}
	switch {
	case !f.Private:
		return key, convert.NotPrivate(f)
	case t.Input.Index <= 1 && opensAsIs(p, f, data): // programs take the first of several keys
		return key, checkUsable(t, f)
	case canRepair(t, p, f):
		key.File, key.Repair = t.Output.RepairedName(t.Name), true
		return key, useMade(ctx, t, &key, p)
	case p.Lacks != nil && f.PublicKey != nil:
		if t, _ := rawkey.TypeOf(f.PublicKey.Type()); p.Lacks(t) {
			return key, fault.New(fault.NotAKey, "this is an %s key, and %s does not support that type", t.Title, p.Title)
		}
	}
	c := convert.ToPPK(3)
	switch {
	case !p.NeedsPPK && convert.IsPPK(f.Format):
		c = convert.ToPEM("")
	case !p.NeedsPPK:
		c = convert.To(engine.OpenSSH)
	}
	c.Accept = nil // a damaged .ppk has to be written again too
	key.File, key.Convert = t.Output.Name(t.Name, c.Extension), &c
	if disk.IsSameFile(t.Name, key.File) {
		c.Extension = ".converted" + c.Extension
		key.File = t.Output.Name(t.Name, c.Extension)
	}
	return key, useMade(ctx, t, &key, p)
}

// canRepair reports whether the program opens the clean text of the file. Of several keys
// one is converted instead.
func canRepair(t *convert.Task, p *session.Program, f *engine.File) bool {
	if input.IsStream(t.Name) || f.Keys > 1 || p.NeedsPPK && !convert.IsPPK(f.Format) {
		return false
	}
	clean, _ := f.Clean()
	if clean == nil { // until the passphrase shows which reading of the text is right
		return p.NeedsPPK
	}
	return opens(p, f, clean)
}

// opensAsIs reports whether a program is known to open the file as it is.
func opensAsIs(p *session.Program, f *engine.File, data []byte) bool {
	if len(f.Repairs) > 0 || p.NeedsPPK && !convert.IsPPK(f.Format) {
		return false
	}
	return opens(p, f, data)
}

// opens leaves out forms that only newer versions of the program open, as that of this system
// may be old, where old ones open the key in another form.
func opens(p *session.Program, f *engine.File, data []byte) bool {
	for _, v := range engine.InspectFile(f, data).Programs {
		if v.ID == p.Verdict {
			if p.Oldest == "" || v.OpensIn(p.Oldest) {
				return v.Opens()
			}
			_, err := engine.ChooseFormat(p.Verdict, p.Oldest, f.PublicKey, f.Encrypted())
			return v.Opens() && err != nil
		}
	}
	return false
}

// checkUsable refuses, of a key that is used as it is, what a conversion would refuse.
func checkUsable(t *convert.Task, f *engine.File) error {
	if err := f.Usable(); err != nil && !convert.IsTokenKey(f) {
		return err
	}
	return t.RefuseWeak(f.KeyFindings)
}

// useMade takes a converted or repaired key that is there already, if it is the same key.
func useMade(ctx context.Context, t *convert.Task, key *Key, p *session.Program) error {
	if _, err := os.Lstat(key.File); err != nil {
		return nil // the conversion reports what is wrong, if anything is
	}
	there, data, err := t.OpenOther(ctx, key.File)
	if err != nil || !there.Private || !opensAsIs(p, there, data) {
		return notConverted(t.Name, key.File, "is not a key that "+p.Title+" opens")
	}
	want, _, err := t.PublicHalf(ctx, key.Opened)
	if err != nil {
		return err
	}
	other := t.Job.Begin(key.File, t.Slot, t.Listener)
	got, _, err := other.PublicHalf(ctx, there)
	if err != nil {
		return fmt.Errorf("%s: %w", input.Shown(key.File), err)
	}
	if !convert.SamePublicKey(want, got) {
		return notConverted(t.Name, key.File, "is another key: "+sshkey.FingerprintSHA256(rawkey.WithoutCertificate(got)))
	}
	key.Convert, key.Repair = nil, false
	return checkUsable(t, key.Opened)
}

// notConverted returns the error of a conversion that would replace another key, which may be
// the only copy.
func notConverted(name, output, why string) error {
	return fault.New(fault.Exists, "%s already exists, and %s", input.Shown(output), why).
		With(fault.Advice{Do: fault.ConvertOtherName, File: name})
}

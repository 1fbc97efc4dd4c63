package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// sessionKey is the file that a program will log in with.
type sessionKey struct {
	file    string
	opened  *keyconv.File // that of --key
	convert *convert.Kind // what makes file of it; nil for what is there
}

// findSessionKey finds the file: the key itself, a converted one that is there, or one that
// is to be made.
func findSessionKey(ctx context.Context, t *convert.Task, p *session.Program) (sessionKey, error) {
	f, data, err := t.Open(ctx)
	if err != nil {
		return sessionKey{}, err
	}
	key := sessionKey{file: t.Name, opened: f}
	switch {
	case !f.Private:
		return key, convert.NotPrivate(f)
	case t.Input.Index <= 1 && opensAsIs(p, f, data): // programs take the first of several keys
		return key, checkUsable(t, f)
	case p.Lacks != nil && f.PublicKey != nil:
		if t, _ := sshkey.TypeOf(f.PublicKey.Type()); p.Lacks(t) {
			return key, fault.New(fault.NotAKey, "this is an %s key, and %s has none", t.Title, p.Title)
		}
	}
	c := convert.ToPPK(3)
	switch {
	case !p.NeedsPPK && convert.IsPPK(f.Format):
		c = convert.ToPEM("")
	case !p.NeedsPPK:
		c = convert.To(keyconv.OpenSSH)
	}
	c.Accept = nil // a damaged .ppk has to be written again too
	key.file, key.convert = t.Output.Name(t.Name, c.Extension), &c
	return key, useConverted(ctx, t, &key, p)
}

// checkUsable is for a key that is used as it is: what a conversion would refuse.
func checkUsable(t *convert.Task, f *keyconv.File) error {
	if err := f.Usable(); err != nil && !convert.IsTokenKey(f) {
		return err
	}
	return t.RefuseWeak(f.KeyFindings)
}

// useConverted takes a converted key that is there already, if it is the same key.
func useConverted(ctx context.Context, t *convert.Task, key *sessionKey, p *session.Program) error {
	if _, err := os.Lstat(key.file); err != nil {
		return nil // the conversion will tell what is wrong, if anything is
	}
	if disk.IsSameFile(t.Name, key.file) {
		return fault.New(fault.NotAKey, "%s does not open this file as it is (%s), and a converted one would have its name", p.Title, key.opened.Title).
			With(say("keyconv convert --to %s %s -o FILE makes one of another name, for --key FILE", key.convert.Format(key.opened.Encrypted(), ""), shellName(t.Name)))
	}
	there, data, err := t.OpenOther(ctx, key.file)
	if err != nil || !there.Private || !opensAsIs(p, there, data) {
		return notConverted(t.Name, key.file, "is no key that "+p.Title+" opens")
	}
	want, _, err := t.PublicHalf(ctx, key.opened)
	if err != nil {
		return err
	}
	other := t.Job.Begin(key.file, t.Slot, t.Listener)
	got, _, err := other.PublicHalf(ctx, there)
	if err != nil {
		return fmt.Errorf("%s: %w", input.Shown(key.file), err)
	}
	if !convert.SamePublicKey(want, got) {
		return notConverted(t.Name, key.file, "is another key: "+sshkey.FingerprintSHA256(sshkey.WithoutCertificate(got)))
	}
	key.convert = nil
	return checkUsable(t, key.opened)
}

// notConverted: a key is never replaced by the way, since it may be the only copy.
func notConverted(name, output, why string) error {
	return fault.New(fault.Exists, "%s exists already, and %s", input.Shown(output), why).
		With(say("convert the key to a file of another name, keyconv convert --to FORMAT %s -o FILE, and give that with --key", shellName(name)))
}

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
)

var checkCmd = command{
	section: toLook,
	name:    "check", takes: "FILE...",
	short: "Check that a key is usable, and the right one",
	long: `Checks that each FILE is a usable private key: it can be read, its passphrase is right,
its halves match, its primes are prime. It prints which key it is and whether it is
encrypted. If it is not usable, the exit code is the reason. An encrypted key is opened,
so its passphrase is needed.

"good private key" means that nothing is wrong with it. Otherwise it says "usable, but",
and why: the text is damaged, or programs do not open it as it is, with the command that
repairs it; the key is weak; or OpenSSH (PuTTY for a .ppk) opens it in no form. The exit
code is still 0, unless --strict refuses the key.

With --public it must also be the key that belongs to that public key; otherwise the exit
code is 8. --public takes a file with a public key in any form, a certificate, a private
key, or several public keys as in authorized_keys, one of which has to match; a public
key as text; or a fingerprint, also as the whole line of ssh-keygen -l. Fingerprints as
AWS, Oracle Cloud, Alibaba Cloud and GitHub show them are known too.`,
	example: `  keyconv check key.pem
  keyconv check --public key.pub key.pem
  keyconv check --public "$(ssh-keygen -lf key.pub)" key.pem`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		var public string
		job := p.register(cmd, inputFlags, allFlag, jobsFlags, keyFlags, strictFlag, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			ctx, j := cmd.Context(), job()
			// What --public names is not an input, so nothing is reported of it.
			compared := j.Begin(public, nil, unheard{})
			defer compared.End(ctx)
			want, err := expected(ctx, compared)
			if err != nil {
				return err
			}
			s := &series{program: p, job: j, done: "usable"}
			if err := s.find(ctx, args, convert.IsPrivate); err != nil {
				return err
			}
			s.each(ctx, func(ctx context.Context, t *convert.Task, o *one) error { return check(ctx, t, o, want) })
			return nil
		}
		cmd.Flags().StringVar(&public, "public", "", "the key must be that of the public key in `FILE`, of a public key, or of a fingerprint")
		takeInputEnv(cmd)
	},
}

// unheard is a listener that reports nothing.
type unheard struct{}

func (unheard) Opened(*engine.File) {}
func (unheard) Noted(fault.Note)    {}
func (unheard) Done(convert.Result) {}

func check(ctx context.Context, t *convert.Task, o *one, want *expectation) error {
	f, data, err := t.Open(ctx)
	if err != nil {
		return err
	}
	if !f.Private {
		if want.needsPrivate() {
			o.note(o.name, "the fingerprint of --public may be one of the private half, as AWS shows a key that it made, so that a public key does not tell")
		}
		return convert.NotPrivate(f)
	}
	if err := f.Usable(); err != nil && want != nil && f.PublicKey != nil {
		return checkPublicHalf(o, f, want)
	}
	// Before a person types a passphrase for the wrong key. Of a damaged text only the
	// passphrase shows which repair is right.
	if f.Encrypted() && len(f.Repairs) == 0 && f.PublicKey != nil && !want.needsPrivate() {
		if _, err := want.matches(f.PublicKey, nil); err != nil {
			return err
		}
	}
	key, _, err := t.Unlock(ctx, f)
	if fault.ExitCode(err) == fault.NeedsPassphrase && f.PublicKey != nil {
		pub := rawkey.WithoutCertificate(f.PublicKey)
		o.note(o.name, fmt.Sprintf("it claims to be %s, %s", describeKey(pub), protection(f)))
	}
	if fault.ExitCode(err) == fault.NeedsPassphrase && want.needsPrivate() {
		o.note(o.name, "the fingerprint of --public may be one of the private half, as AWS shows a key that it made, so that it takes the passphrase to compare it")
	}
	if err != nil {
		return err
	}
	t.Slot.Settle()
	if _, err := batch.Interruptible(ctx, func() (any, error) { return nil, key.Validate() }); err != nil {
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	matched, err := want.matches(pub, key)
	if err != nil {
		return err
	}
	return reportCheck(t, o, checked{f, data, key, pub, matched, want != nil})
}

// checked is a usable key.
type checked struct {
	file     *engine.File
	data     []byte
	key      *sshkey.Key
	public   ssh.PublicKey
	matched  string // what of it was the expected
	expected bool
}

// reportCheck prints which key it is, and whether it is good.
func reportCheck(t *convert.Task, o *one, c checked) error {
	f, key := c.file, c.key
	t.NoteRepairs(f)
	t.NoteOtherKeys(f)
	t.NoteCommentBytes(o.name, key.Comment)
	findings := slices.Concat(f.Findings(), rawkey.Findings(key.Private), rawkey.CertificateFindings(f.PublicKey, t.Now))
	t.NoteFindings(o.name, findings)
	o.Opened(f)
	o.record.key(c.public, key.Comment)
	o.record.matched(c.matched)
	but := reservations(o.name, t.Input.Index, f, key, c.data, findings)
	if o.record != nil {
		o.record.UsableBut = but
	}
	if o.quiet || o.json {
		return nil
	}
	matches := ""
	if c.expected {
		matches = ", the expected key"
	}
	if shown := shownBy.Get()[engine.FingerprintKind(c.matched)]; shown != "" {
		matches += " (its fingerprint " + shown + ")"
	}
	quality := "good private key,"
	if len(but) > 0 {
		var all []string
		for _, reason := range but {
			all = append(all, reason.Message)
		}
		quality = "usable, but " + strings.Join(all, "; ") + ":"
	}
	_, err := fmt.Fprintf(o.stdout, "%s: %s %s, %s%s\n", input.Shown(o.name), visible(quality), describeKey(c.public), protection(f), matches)
	return err
}

// checkPublicHalf compares a key whose private half is not in the file, or of a type that is
// not known.
func checkPublicHalf(o *one, f *engine.File, want *expectation) error {
	matched, err := want.matches(f.PublicKey, nil)
	if err != nil {
		return err
	}
	o.record.matched(matched)
	why := "its type is not known"
	if f.Token != nil {
		why = "its secret is in a security token"
	}
	o.note(o.name, "only the public half was compared: "+why)
	if o.quiet || o.json {
		return nil
	}
	_, err = fmt.Fprintf(o.stdout, "%s: the expected key, %s, %s\n", input.Shown(o.name), describeKey(rawkey.WithoutCertificate(f.PublicKey)), protection(f))
	return err
}

// describeKey returns the type, size and fingerprint, as ssh-keygen -l has them.
func describeKey(pub ssh.PublicKey) string {
	return fmt.Sprintf("%s %d %s", pub.Type(), rawkey.Bits(pub), sshkey.FingerprintSHA256(pub))
}

func protection(f *engine.File) string {
	if f.Encrypted() {
		return "encrypted"
	}
	return "not encrypted"
}

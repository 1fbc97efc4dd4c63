package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/spf13/cobra"
)

var fixPermissionsCmd = command{
	section: toLogIn,
	name:    "fix-permissions", takes: "FILE...",
	short: "Make a key file private, as ssh wants it",
	long: `Makes a private key readable by you alone; otherwise ssh refuses it with "UNPROTECTED
PRIVATE KEY FILE". The mode becomes 0600, or stays narrower; on Windows only you, SYSTEM
and the Administrators keep access. The key itself is not changed.

A public key is left as it is. A file that is not a key is refused, and so is a text
that has a key in it, such as a README or a program; with -r they are passed over.`,
	example: `  keyconv fix-permissions key.pem
  keyconv fix-permissions key.pem key.ppk`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		job := p.register(cmd, inputFlags, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			p.query.Everywhere = true
			p.jobs = 1 // of two names of a file the second finds it private
			s := &series{program: p, job: job(), done: "done"}
			if err := s.find(cmd.Context(), args, convert.IsPrivate); err != nil {
				return err
			}
			s.each(cmd.Context(), fixPermissions)
			return nil
		}
	},
}

// fixPermissions reads the key and changes its access through one open file, so that
// no other file can take its place in between.
func fixPermissions(ctx context.Context, t *convert.Task, o *one) error {
	if o.name == stdio {
		return usagef("there are no permissions to change").With(say("name the key file"))
	}
	file, err := safefile.OpenExisting(o.name)
	if errors.Is(err, fs.ErrPermission) { // a file that has locked its own user out
		hint := "if the file is yours, chmod u+r %s lets you read it; then run this again"
		if runtime.GOOS == "windows" {
			hint = "if the file is yours, icacls %s /reset gives you access again, or otherwise takeown /F as administrator; then run this again"
		}
		return fault.Advise(err, say(hint, shellName(o.name)))
	}
	if err != nil {
		return err
	}
	defer file.Close()
	private, err := holdsPrivateKey(ctx, t, o, file)
	if err != nil {
		return err
	}
	if !private {
		o.note(o.name, "this is a public key, which anybody may read; it is left as it is")
		return nil
	}
	r, err := file.Restrict()
	switch {
	case errors.Is(err, safefile.ErrForeign):
		return fault.Advise(err, say("run this as the owner, or copy the key and use the copy: keyconv convert makes one that is yours"))
	case errors.Is(err, safefile.ErrCannotHold):
		return fault.Advise(err, say("copy the key to your home folder (on WSL one of Linux, not below /mnt/c) and run this on the copy"))
	case err != nil:
		return err
	}
	return o.reportRestricted(r)
}

// holdsPrivateKey reports false for a public key, and refuses what is not a key, such as
// a document with a key in it. A private key that is damaged, or of a form that cannot be
// read, wants to be private too.
func holdsPrivateKey(ctx context.Context, t *convert.Task, o *one, file io.Reader) (bool, error) {
	data, err := batch.Interruptible(ctx, func() ([]byte, error) { return input.ReadKey(file) })
	if err != nil {
		return false, err
	}
	defer clear(data)
	f, err := t.Input.Open(data)
	switch {
	case fault.Is[*engine.NotPrivateError](err):
		return false, err
	case err != nil && slices.Contains(publicFormats(), string(engine.Detect(data))):
		return false, nil
	case err != nil && !input.IsWholeKey(data, nil), err == nil && f.Private && !input.IsWholeKey(data, f):
		return false, fault.New(fault.NotAKey, "this is not a key file, but a text with a private key in it").
			With(say("keyconv convert writes the key to a file of its own, which is private"))
	case err != nil:
		return true, nil
	}
	o.Opened(f)
	return f.Private, nil
}

// reportRestricted says who could read the file, and who can now. OpenSSH for Windows refuses a key that
// belongs to another user, however private it is; OpenSSH elsewhere asks only its own
// user's files to be private (sshkey_perm_ok in its authfile.c).
func (o *one) reportRestricted(r safefile.Restricted) error {
	if o.record != nil {
		o.record.Permissions = &permissionsRecord{r.Before, r.After}
	}
	text := fmt.Sprintf("already private (%s %s)", safefile.AccessWord, r.After)
	if r.Changed() {
		text = fmt.Sprintf("private now (%s %s; it was %s)", safefile.AccessWord, r.After, r.Before)
	}
	o.report("%s: %s", input.Shown(o.name), text)
	if r.Target != "" {
		o.note(o.name, "it is a symlink to "+input.Shown(r.Target))
	}
	if r.Links {
		o.note(o.name, "the file has other names (hard links), for which the same holds")
	}
	switch {
	case r.Owner == "":
		return nil
	case runtime.GOOS == "windows":
		return fault.New(fault.Failed, "ssh refuses it all the same: it belongs to %s", r.Owner).
			With(say("takeown /F %s, in a terminal opened as administrator", shellName(o.name)))
	}
	o.note(o.name, fmt.Sprintf("it belongs to %s, who alone can use it now (but for root)", r.Owner))
	return nil
}

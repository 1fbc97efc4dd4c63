package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/spf13/cobra"
)

func (a *app) fixPermissionsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fix-permissions FILE...",
		Short: "Make a key file private, as ssh wants it",
		Long: `Takes the access of all others to a private key away, which ssh else refuses with
"UNPROTECTED PRIVATE KEY FILE": the mode becomes 0600, or stays narrower; on Windows
only the user, SYSTEM and the Administrators remain. The key itself is not changed.

A public key is left as it is. A file that is not a key is refused, and so is a text
that has a key in it, such as a README or a program; with -r they are passed over.`,
		Example: `  keyconv fix-permissions key.pem
  keyconv fix-permissions key.pem key.ppk`,
		Args: needFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			a.inputs.whole = true
			names, err := a.expand(args, isPrivate)
			if err != nil {
				return err
			}
			a.eachInput(names, (*app).fixPermissions)
			return nil
		},
	}
	a.addInputFlags(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return cmd
}

// fixPermissions reads the key and changes its access through one open file, so that
// nobody can put another file in its place in between.
func (a *app) fixPermissions(name string) error {
	if name == stdio {
		return withHint(usagef("there are no permissions to change"), "name the key file")
	}
	file, err := safefile.OpenExisting(name)
	if errors.Is(err, fs.ErrPermission) {
		return withHint(err, "%s", hintUnreadable(runtime.GOOS, name))
	}
	if err != nil {
		return err
	}
	defer file.Close()
	private, err := a.holdsPrivateKey(file)
	if err != nil {
		return err
	}
	if !private {
		a.note(name, "this is a public key, which anybody may read; it is left as it is")
		return nil
	}
	r, err := file.Restrict()
	if err != nil {
		return restrictError(name, err)
	}
	return a.reportRestricted(name, r)
}

// holdsPrivateKey reports false for a public key, and refuses what is not a key, such as
// a document with a key in it. A private key that is damaged, or of a form that cannot be
// read, wants to be private too.
func (a *app) holdsPrivateKey(file *safefile.Existing) (bool, error) {
	data, err := interruptible(a.ctx, func() ([]byte, error) { return readKey(file) })
	if err != nil {
		return false, err
	}
	defer clear(data)
	f, err := a.openMended(data)
	var not *keyconv.NotPrivateError
	switch {
	case errors.As(err, &not):
		return false, err
	case err != nil && slices.Contains(publicFormats, string(keyconv.Detect(data))):
		return false, nil
	case err != nil && !isWholeKey(data, nil), err == nil && f.Private && !isWholeKey(data, f):
		return false, withHint(&wrongKind{"this is not a key file, but a text with a private key in it"},
			"keyconv convert writes the key to a file of its own, which is private")
	case err != nil:
		return true, nil
	}
	a.record.from(f)
	return f.Private, nil
}

// hintUnreadable is for a file that its own user has locked out.
func hintUnreadable(system, name string) string {
	if system == "windows" {
		return fmt.Sprintf("if the file is yours, icacls %s /reset gives you access again, else takeown /F as administrator; then run this again",
			shellNameOn(system, name))
	}
	return fmt.Sprintf("if the file is yours, chmod u+r %s lets you read it; then run this again", shellNameOn(system, name))
}

func restrictError(name string, err error) error {
	switch {
	case errors.Is(err, safefile.ErrForeign):
		return withHint(err, "run this as the owner, or copy the key and use the copy: keyconv convert makes one that is yours")
	case errors.Is(err, safefile.ErrCannotHold):
		return withHint(err, "copy the key to your home folder (on WSL one of Linux, not below /mnt/c) and run this on the copy")
	}
	return err
}

// reportRestricted says what it was and is. OpenSSH for Windows refuses a key that
// belongs to another user, however private it is; OpenSSH elsewhere asks only its own
// user's files to be private (sshkey_perm_ok in its authfile.c).
func (a *app) reportRestricted(name string, r safefile.Restricted) error {
	a.record.permissions(r)
	if !a.flags.quiet {
		text := fmt.Sprintf("private already (%s %s)", safefile.AccessWord, r.After)
		if r.Changed() {
			text = fmt.Sprintf("private now (%s %s; it was %s)", safefile.AccessWord, r.After, r.Before)
		}
		fmt.Fprintf(a.stderr, "%s: %s\n", displayName(name), text)
	}
	if r.Target != "" {
		a.note(name, "it is a symlink; the file behind it is %s", displayName(r.Target))
	}
	if r.Links {
		a.note(name, "the file has other names (hard links), for which the same holds")
	}
	switch {
	case r.Owner == "":
		return nil
	case runtime.GOOS == "windows":
		return withHint(fmt.Errorf("ssh refuses it all the same: it belongs to %s", r.Owner),
			"takeown /F %s, in a terminal opened as administrator", shellName(name))
	}
	a.note(name, "it belongs to %s, who alone can use it now (but for root)", r.Owner)
	return nil
}

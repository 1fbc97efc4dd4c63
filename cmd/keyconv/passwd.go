package main

import (
	"slices"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/spf13/cobra"
)

func (a *app) passwdCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "passwd FILE...",
		Short: "Change the passphrase, comment or key derivation of a key in place",
		Long: `Sets, changes or removes the passphrase of a private key, or its comment or key
derivation, in place and in the form that the file has. The file is replaced in one
step: at no moment is there half a key.

With no flag it asks for a new passphrase. The key derivation never gets weaker than
it was, unless the --kdf flags say so.`,
		Example: `  keyconv passwd key.ppk                       # asks for the old and a new passphrase
  keyconv passwd --no-passphrase key.ppk       # removes it
  keyconv passwd -C "laptop, 2026" key.ppk     # only the comment
  keyconv passwd --kdf-passes 100 key.ppk      # makes guessing slower`,
		Args: needFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(changed(cmd, passwdChanges)) == 0 {
				a.flags.askNew = true
			}
			defer a.clearSecrets()
			names, err := a.expand(args, isPrivate)
			if err != nil {
				return err
			}
			if err := checkDistinct(names); err != nil {
				return err
			}
			a.inputs.done = "changed"
			a.eachInput(names, (*app).passwd)
			return nil
		},
	}
	a.addInputFlags(cmd)
	a.addJobsFlags(cmd)
	a.addCommentFlag(cmd)
	a.addPassphraseFlags(cmd)
	a.addNewPassphraseFlags(cmd)
	a.addKDFFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
	return cmd
}

// passwdChanges are the flags that say what to change.
var passwdChanges = []string{
	"comment", "new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd",
	"no-passphrase", "kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
}

func (a *app) passwd(name string) error {
	if name == stdio {
		return withHint(usagef("passwd changes a file in place, and standard input is none"), "keyconv convert reads it")
	}
	f, err := a.open(name)
	if err != nil {
		return err
	}
	if err := a.checkPasswd(name, f); err != nil {
		return err
	}
	key, passphrase, err := a.unlockForOutput(name, f)
	if err != nil {
		return err
	}
	r := result{input: name, output: name, file: f, key: key, passphrase: passphrase, format: f.Format}
	opts, err := a.passwdOptions(f, len(passphrase) > 0)
	if err != nil {
		return err
	}
	a.setComment(r)
	w, err := a.marshal(r, opts)
	if err != nil {
		return err
	}
	defer clear(w.data)
	return a.replace(r, w)
}

// checkPasswd refuses what the form of the file cannot hold, before anybody types a
// passphrase.
func (a *app) checkPasswd(name string, f *keyconv.File) error {
	switch setsPassphrase := a.flags.askNew || a.flags.newPassphrase.source().IsSet(); {
	case !f.Private:
		return notPrivate(f)
	case !slices.Contains(privateFormats(), string(f.Format)):
		return withHint(&wrongKind{"this form is only read, so it cannot be changed: " + f.Title},
			"keyconv convert --to openssh %s -o FILE --new-passphrase", shellName(name))
	case f.Keys > 1 || f.Extra:
		return withHint(&wrongKind{"the file holds more than this key, which would be lost"},
			"keyconv convert writes the key to a file of its own")
	case setsPassphrase && f.Format == keyconv.PEM && !f.Encrypted():
		return withHint(&wrongKind{"the traditional PEM form protects a key badly (one MD5), so it gets no passphrase"},
			"keyconv convert --to openssh %s -o FILE --new-passphrase", shellName(name))
	case a.flags.commentSet && !f.Format.Holds().Comment:
		return withHint(&wrongKind{"a " + f.Format.Title() + " has no room for a comment"},
			"keyconv convert --to openssh %s -o FILE -C TEXT", shellName(name))
	}
	return nil
}

// passwdOptions keeps cipher and key derivation of the file where no flag changes
// them, with at least the default costs.
func (a *app) passwdOptions(f *keyconv.File, encrypted bool) (*keyconv.Options, error) {
	opts, err := a.writeOptions(f.Format, encrypted)
	if err != nil || !encrypted || !f.Encrypted() {
		return opts, err
	}
	return f.KeepOptions(*opts), nil
}

func (a *app) replace(r result, w written) error {
	var result safefile.Result
	err := a.onDisk(func() (err error) {
		result, err = safefile.Replace(r.output, w.data)
		return err
	})
	if err != nil {
		return a.writeError(r.output, err)
	}
	if result.WiderMode {
		a.warn(r.output, "this file system lets others read the file (mode %04o); move it to one that does not", result.Mode)
	}
	if result.NewOwner {
		a.warn(r.output, "the file belongs to you now: its owner could not be kept")
	}
	a.report(r, w.file)
	if result.Target != "" {
		a.note(r.output, "it is a symlink; the file that was changed is %s", displayName(result.Target))
	}
	if result.Links {
		a.warn(r.output, "the file has other names (hard links), which still hold the key as it was")
	}
	return nil
}

package cli

import (
	"context"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/spf13/cobra"
)

var passwdCmd = command{
	section: toConvert,
	use:     "passwd FILE...",
	short:   "Change the passphrase or comment of a key in place",
	long: `Sets, changes or removes the passphrase of a private key, or its comment or key
derivation, in place and in the form that the file has. The file is replaced in one
step, so there is never half a key.

Without flags it asks for a new passphrase. One that --new-passphrase=generate makes has
six words of the long list of the EFF (CC BY 3.0 US). The key derivation never gets
weaker than it was, unless the --kdf flags say so.`,
	example: `  keyconv passwd key.ppk                       # asks for the old and a new passphrase
  keyconv passwd --new-passphrase=generate key.ppk    # makes one, and shows it once
  keyconv passwd --no-passphrase key.ppk       # removes it
  keyconv passwd -C "laptop, 2026" key.ppk     # only the comment
  keyconv passwd --kdf-passes 100 key.ppk      # makes guessing slower`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		job := p.register(cmd, inputFlags, jobsFlags, commentFlag, keyFlags, newPassphraseFlags, kdfFlags, strictFlag, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			j := job()
			j.Keys.AskNew = j.Keys.AskNew || len(changed(cmd, passwdChanges)) == 0
			s := &series{program: p, job: j, done: "changed"}
			return s.inPlace(cmd.Context(), args, convert.IsPrivate, usagef("passwd changes a file in place, and standard input is none").With(say("keyconv convert reads it")),
				func(ctx context.Context, t *convert.Task) error { return t.Passwd(ctx) })
		}
	},
}

// passwdChanges are the flags that say what to change.
var passwdChanges = []string{
	"comment", "new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd",
	"no-passphrase", "kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
}

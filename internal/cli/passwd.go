package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/spf13/cobra"
)

var passwdCmd = command{
	section: toConvert,
	name:    "passwd", takes: "FILE...",
	short: "Change the passphrase or comment of a key in place",
	long: `Sets, changes or removes the passphrase of a private key, or its comment or key
derivation, in place and in the form that the file has. The file is replaced in one
step, so there is never half a key.

Without flags it asks for a new passphrase. --new-passphrase=generate makes one of six
words from the long list of the EFF (CC BY 3.0 US). The key derivation never gets weaker
than it was, unless the --kdf flags say so.

In the old PEM form that clouds use a passphrase protects little. For such a key it asks
whether to put it into OpenSSH's own form; without a terminal it refuses.`,
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
				func(ctx context.Context, t *convert.Task) error { return p.orInOpenSSH(ctx, t, t.Passwd(ctx)) })
		}
	},
}

// orInOpenSSH offers, at a terminal, to put a key into OpenSSH's own form, where the error of
// passwd is that its form hardly protects it, and a person was to type the passphrase.
func (p *program) orInOpenSSH(ctx context.Context, t *convert.Task, err error) error {
	if fault.AdviceOf(err).Do != fault.ProtectInPlace || !t.Keys.AskNew {
		return err
	}
	if err := t.Slot.Await(ctx, func() bool { return false }); err != nil {
		return err
	}
	prompt := fmt.Sprintf("A passphrase hardly protects %s in its PEM form. Put it into OpenSSH's own form, in place? [y/N] ", input.Shown(t.Name))
	var answer []byte
	var askErr error
	t.Slot.Rest(func() { // a person may type a passphrase here, so the echo is off
		p.screen.still(func() { answer, askErr = passphrase.Ask(ctx, prompt) })
	})
	defer clear(answer)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case askErr != nil || !slices.Contains([]string{"y", "yes"}, strings.ToLower(string(bytes.TrimSpace(answer)))):
		return err
	}
	return t.ConvertInPlace(ctx, convert.To(engine.OpenSSH))
}

// passwdChanges are the flags that say what to change.
var passwdChanges = []string{
	"comment", "new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd",
	"no-passphrase", "kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
}

package cli

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/spf13/cobra"
)

// pemFormats are what ppk2pem writes.
var pemFormats = []string{string(engine.PEM), string(engine.OpenSSH), string(engine.PKCS8)}

var ppk2pemCmd = command{
	section: toConvert,
	name:    "ppk2pem", takes: "FILE...",
	short: "Convert PuTTY's .ppk to PEM or OpenSSH private keys",
	long: `Converts PuTTY's .ppk to a key that OpenSSH and most other programs read. An
encrypted key stays encrypted, with the same passphrase.

Without --to, a key that is not encrypted is written in its traditional form (RSA PRIVATE
KEY, EC PRIVATE KEY), as clouds hand them out. An encrypted key is written in OpenSSH's
form, and so is a type of key that has no traditional one.

A certificate in the .ppk is written beside the key, where ssh looks for it.`,
	example: `  keyconv ppk2pem key.ppk                      # writes key.pem
  keyconv ppk2pem key.ppk -o ~/.ssh/id_rsa --to openssh
  keyconv ppk2pem --no-passphrase key.ppk      # decrypts: for a machine, not a person
  ssh -i key.pem user@host`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		job := p.register(cmd, append(conversionFlags, inputFlags, allFlag)...)
		var to string
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if to = formatIn(pemFormats, to); to != "" && !slices.Contains(pemFormats, to) {
				return noSuch("ppk2pem has no --to", "--to", to, pemFormats)
			}
			return p.convertAll(cmd.Context(), job(), args, convert.ToPEM(engine.Format(to)))
		}
		cmd.Flags().StringVar(&to, "to", "", "`FORMAT` to write: "+strings.Join(pemFormats, ", "))
		takeInputEnv(cmd)
	},
}

// choices returns the end of a sentence that names what there is.
func choices(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " (choose from: " + strings.Join(list, ", ") + ")"
}

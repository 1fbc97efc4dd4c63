package cli

import (
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/spf13/cobra"
)

var pem2ppkCmd = command{
	section: toConvert,
	name:    "pem2ppk", takes: "FILE...",
	short: "Convert PEM and OpenSSH private keys to PuTTY's .ppk",
	long: `Converts private keys of any PEM or OpenSSH form to PuTTY's .ppk, for PuTTY,
WinSCP, FileZilla and others. An encrypted key stays encrypted, with the same
passphrase.

The result is a file of version 3, which PuTTY has read since 0.75 (2021). Older
programs, and many that are not PuTTY, need --ppk-version 2.

A key from a form without comments gets the name of its file as its comment. With
-C imported-openssh-key it gets puttygen's, and the file is the same byte for byte.`,
	example: `  keyconv pem2ppk key.pem                      # writes key.ppk
  keyconv pem2ppk key.pem -o putty.ppk --new-passphrase
  keyconv pem2ppk --ppk-version 2 key.pem      # for programs older than 2021
  keyconv pem2ppk -o - - < key.pem > key.ppk`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		job := p.register(cmd, append(conversionFlags, inputFlags, allFlag)...)
		var version int
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			return p.convertAll(cmd.Context(), job(), args, convert.ToPPK(version))
		}
		cmd.Flags().IntVar(&version, "ppk-version", 0, "version `N` of the .ppk: 3 if not given, or 2 for older programs")
		takeInputEnv(cmd)
	},
}

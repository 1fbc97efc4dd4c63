package main

import (
	"github.com/keyconv/keyconv"
	"github.com/spf13/cobra"
)

func (a *app) pem2ppkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pem2ppk FILE...",
		Short: "Convert PEM and OpenSSH private keys to PuTTY's .ppk",
		Long: `Converts private keys of any PEM or OpenSSH form to PuTTY's .ppk, for PuTTY,
WinSCP, FileZilla and others. An encrypted key stays encrypted, with the same
passphrase.

The result is a file of version 3, which PuTTY reads since 0.75 (2021). Older
programs, and many that are not PuTTY, want --ppk-version 2.`,
		Example: `  keyconv pem2ppk key.pem                      # writes key.ppk
  keyconv pem2ppk key.pem -o putty.ppk --new-passphrase
  keyconv pem2ppk --ppk-version 2 key.pem      # for programs older than 2021
  keyconv pem2ppk -o - - < key.pem > key.ppk`,
		Args: needFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.convertAll(args, toPPK(a.flags.ppkVersion))
		},
	}
	a.addInputFlags(cmd)
	a.addConversionFlags(cmd)
	cmd.Flags().IntVar(&a.flags.ppkVersion, "ppk-version", 0, "version `N` of the .ppk: 3 if not given, or 2 for older programs")
	return a.takeInputEnv(cmd)
}

// toPPK writes version 2 or, for any other number, 3.
func toPPK(version int) conversion {
	format := keyconv.PPK
	if version == 2 {
		format = keyconv.PPK2
	}
	return conversion{
		accept:    refusePPK,
		takes:     func(format keyconv.Format) bool { return isPrivate(format) && !isPPKFormat(format) },
		extension: ".ppk",
		format:    func(bool, string) keyconv.Format { return format },
	}
}

func isPPK(f *keyconv.File) bool { return isPPKFormat(f.Format) }

func refusePPK(name string, f *keyconv.File) error {
	if !isPPK(f) {
		return nil
	}
	return withHint(&wrongKind{"this is a PuTTY key already"},
		"keyconv ppk2pem %s makes a PEM key of it", shellName(name))
}

package main

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/spf13/cobra"
)

func (a *app) ppk2pemCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ppk2pem FILE...",
		Short: "Convert PuTTY's .ppk to PEM or OpenSSH private keys",
		Long: `Converts PuTTY's .ppk to a key that OpenSSH and most other programs read. An
encrypted key stays encrypted, with the same passphrase.

Without --to, a key that is not encrypted is written in its traditional form (RSA
PRIVATE KEY, EC PRIVATE KEY), as clouds hand them out; an encrypted one, and one of
a type that has no such form, in OpenSSH's.

A certificate in the .ppk is written beside the key, where ssh looks for it.`,
		Example: `  keyconv ppk2pem key.ppk                      # writes key.pem
  keyconv ppk2pem key.ppk -o ~/.ssh/id_rsa --to openssh
  keyconv ppk2pem --no-passphrase key.ppk      # decrypts: for a machine, not a person
  ssh -i key.pem user@host`,
		Args: needFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if to := a.flags.to; to != "" && !slices.Contains(pemFormats, to) {
				return usagef("ppk2pem has no --to %q%s", to, choices(pemFormats))
			}
			return a.convertAll(args, toPEM(keyconv.Format(a.flags.to)))
		},
	}
	a.addInputFlags(cmd)
	a.addConversionFlags(cmd)
	cmd.Flags().StringVar(&a.flags.to, "to", "", "`FORMAT` to write: "+strings.Join(pemFormats, ", "))
	return a.takeInputEnv(cmd)
}

var pemFormats = []string{string(keyconv.PEM), string(keyconv.OpenSSH), string(keyconv.PKCS8)}

// toPEM writes the format, or without one the traditional form where that is safe.
func toPEM(format keyconv.Format) conversion {
	return conversion{
		accept:    refusePEM,
		takes:     isPPKFormat,
		extension: ".pem",
		format: func(encrypted bool, algorithm string) keyconv.Format {
			switch {
			case format != "":
				return format.Resolve(algorithm)
			case encrypted:
				return keyconv.OpenSSH
			}
			return keyconv.PEM.Resolve(algorithm)
		},
	}
}

// isTokenKey is a key that no command can convert, so that none is to be named.
func isTokenKey(f *keyconv.File) bool {
	return f.PublicKey != nil && strings.HasPrefix(f.PublicKey.Type(), "sk-")
}

func refusePEM(name string, f *keyconv.File) error {
	if isPPK(f) || !f.Private || isTokenKey(f) {
		return nil
	}
	return withHint(&wrongKind{"this is no PuTTY key, but: " + f.Title},
		"keyconv pem2ppk %s makes a .ppk of it", shellName(name))
}

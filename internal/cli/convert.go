package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/spf13/cobra"
)

func buildConvert(p *program, cmd *cobra.Command) {
	job := p.register(cmd, append(conversionFlags, inputFlags)...)
	var to string
	var version int
	var names []string
	var list strings.Builder
	for _, f := range keyconv.Formats() {
		names = append(names, string(f))
		fmt.Fprintf(&list, "  %-8s %s\n", f, f.Help())
	}
	cmd.Long = `Converts key files of any form to any other:

` + list.String() + `
An encrypted key stays encrypted, with the same passphrase.`
	cmd.Example = `  keyconv convert --to openssh key.pem -o ~/.ssh/id_rsa
  keyconv convert --to pkcs8 key.ppk           # writes key.pem
  keyconv convert --to ppk key.pem --certificate key-cert.pub
  keyconv convert --to pkcs8 --kdf scrypt key.ppk --new-passphrase`
	cmd.Args = needFiles
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		format, err := convertFormat(to, version, names)
		if err != nil {
			return err
		}
		if format.Holds().Private {
			return p.convertAll(cmd.Context(), job(), args, convert.To(format))
		}
		if given := changed(cmd, privateFlags); len(given) > 0 {
			return usagef("%s has no meaning for a public key", given[0])
		}
		return p.publicOf(cmd.Context(), job(), args, format)
	}
	cmd.Flags().StringVar(&to, "to", "", "`FORMAT` to write: "+strings.Join(names, ", "))
	cmd.Flags().IntVar(&version, "ppk-version", 0, "version `N` of the .ppk, with --to ppk: 3, or 2 (as --to ppk2)")
	takeInputEnv(cmd)
}

// privateFlags say how a private key is to be written.
var privateFlags = []string{
	"new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd",
	"kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
	"certificate", "remove-certificate",
}

func formatNames() []string {
	var names []string
	for _, f := range keyconv.Formats() {
		names = append(names, string(f))
	}
	return names
}

// convertFormat reads --to and --ppk-version, which must not contradict each other.
func convertFormat(to string, version int, names []string) (keyconv.Format, error) {
	format := keyconv.Format(to)
	if format == "" {
		return "", usagef("to which form? Add --to FORMAT%s", choices(names))
	}
	if !slices.Contains(names, to) {
		return "", usagef("there is no form %q%s", to, choices(names))
	}
	versions := map[keyconv.Format]int{keyconv.PPK: 3, keyconv.PPK2: 2}
	switch {
	case version == 0 || version == versions[format]:
		return format, nil
	case versions[format] == 0:
		return "", usagef("--ppk-version is for --to ppk")
	case version == 2 && format == keyconv.PPK:
		return keyconv.PPK2, nil
	}
	return "", usagef("--to ppk2 and --ppk-version 3 contradict each other")
}

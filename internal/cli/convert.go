package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/spf13/cobra"
)

var convertCmd = command{
	section: toConvert,
	name:    "convert", takes: "--to FORMAT FILE...",
	short: "Convert any key file to any form",
	long: `Converts key files of any form to any other:

%s
An encrypted key stays encrypted, with the same passphrase.

--for chooses the form that a program opens (keyconv inspect --all lists them), and with
--min one that it opens from that version on.

--base64 writes one line of base64, for secrets that have room for one line, such as
those of Azure and GitLab, and for .env files.

--in-place replaces each FILE with its conversion, after that was read back: the file is
never half-written or missing. A file that has that form already stays as it is, so -r
brings whole folders up to date.`,
	example: `  keyconv convert --to openssh key.pem -o ~/.ssh/id_rsa
  keyconv convert --to pkcs8 key.ppk           # writes key.pem
  keyconv convert --to ppk key.pem --certificate key-cert.pub
  keyconv convert --to pkcs8 --kdf scrypt key.ppk --new-passphrase
  keyconv convert --to ppk --in-place key.ppk  # version 2 becomes version 3
  keyconv convert --for putty --min 0.70 key.pem
  keyconv convert --for bitwarden key.ppk
  keyconv convert --to openssh --base64 key.ppk -o secret.txt`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		job := p.register(cmd, append(conversionFlags, inputFlags, allFlag)...)
		var t target
		var inPlace, base64 bool
		list := ""
		for _, f := range engine.Formats() {
			help := f.About().Help
			if f.About().Private && !f.About().Encrypts {
				help += ": --no-passphrase"
			}
			list += fmt.Sprintf("  %-8s %s\n", f, help)
		}
		cmd.Long = fmt.Sprintf(cmd.Long, list)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			kind, format, err := t.kind()
			if err != nil {
				return err
			}
			kind.Base64 = kind.Base64 || base64
			switch {
			case inPlace && kind.Base64:
				return usagef("--in-place keeps a key file, and one line of base64 is not one")
			case inPlace && format.About().Private:
				s := &series{program: p, job: job(), done: "converted"}
				return s.inPlace(cmd.Context(), args, kind.Takes, usagef("--in-place replaces a file, and standard input is not one"),
					func(ctx context.Context, t *convert.Task) error { return t.ConvertInPlace(ctx, kind) })
			case format.About().Private:
				return p.convertAll(cmd.Context(), job(), args, kind)
			case base64:
				return usagef("--base64 is for private keys")
			}
			if given := changed(cmd, privateFlags); len(given) > 0 {
				return usagef("%s has no meaning for a public key", given[0])
			}
			return p.publicOf(cmd.Context(), job(), args, format)
		}
		cmd.Flags().StringVar(&t.to, "to", "", "`FORMAT` to write: "+strings.Join(formatNames(), ", "))
		cmd.Flags().BoolVar(&base64, "base64", false, "write the output as one line of base64")
		cmd.Flags().StringVar(&t.program, "for", "", "write the form that `PROGRAM` opens, in place of --to")
		cmd.Flags().StringVar(&t.min, "min", "", "with --for, the oldest `VERSION` of the program that has to open it")
		cmd.Flags().BoolVar(&inPlace, "in-place", false, "replace each FILE with its conversion, in one step and under its name")
		cmd.Flags().IntVar(&t.version, "ppk-version", 0, "version `N` of the .ppk, with --to ppk: 3, or 2 (as --to ppk2)")
		takeInputEnv(cmd)
	},
}

// privateFlags say how a private key is to be written.
var privateFlags = []string{
	"new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd",
	"kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
	"certificate", "remove-certificate", "in-place",
}

func formatNames() []string {
	var names []string
	for _, f := range engine.Formats() {
		names = append(names, string(f))
	}
	return names
}

func programNames() []string {
	var names []string
	for _, id := range engine.Programs() {
		names = append(names, string(id))
	}
	return names
}

// checkProgram refuses a name that is not one of a program.
func checkProgram(name string) error {
	if name == "" || slices.Contains(programNames(), name) {
		return nil
	}
	return noSuch("there are no verdicts about a program", "--for", name, programNames())
}

// target is what a key is converted to: a form, or what a program opens.
type target struct {
	to, program, min string
	version          int // of a .ppk; 0 for the usual one
}

// kind returns the conversion that the flags ask for, and a format that represents it.
func (t target) kind() (convert.Kind, engine.Format, error) {
	switch {
	case t.program != "" && t.to != "":
		return convert.Kind{}, "", usagef("--for chooses the form, and --to names one")
	case t.program != "" && t.version != 0:
		return convert.Kind{}, "", usagef("--for chooses the form, and --ppk-version names one")
	case t.program == "" && t.min != "":
		return convert.Kind{}, "", usagef("--min is for --for")
	case t.program == "":
		format, err := t.format()
		if err != nil {
			return convert.Kind{}, "", err
		}
		return convert.To(format), format, nil
	}
	if err := checkProgram(t.program); err != nil {
		return convert.Kind{}, "", err
	}
	kind, err := convert.ForProgram(engine.ProgramID(t.program), t.min)
	return kind, engine.PKCS8, err // any private one: the real one depends on the key
}

// format reads --to and --ppk-version, which must not contradict each other.
func (t target) format() (engine.Format, error) {
	names := formatNames()
	to := formatIn(names, t.to)
	format := engine.Format(to)
	if format == "" {
		return "", usagef("to which form? Add --to FORMAT%s", choices(names))
	}
	if !slices.Contains(names, to) {
		return "", noSuch("unknown form", "--to", to, names)
	}
	versions := map[engine.Format]int{engine.PPK: 3, engine.PPK2: 2}
	switch {
	case t.version == 0 || t.version == versions[format]:
		return format, nil
	case versions[format] == 0:
		return "", usagef("--ppk-version is for --to ppk")
	case t.version == 2 && format == engine.PPK:
		return engine.PPK2, nil
	}
	return "", usagef("--to ppk2 and --ppk-version 3 contradict each other")
}

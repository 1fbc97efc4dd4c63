package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/spf13/cobra"
)

// generation has the flags of generate.
type generation struct {
	*program
	keyType, to string
	bits        int
}

var generateCmd = command{
	section: toConvert,
	name:    "generate", takes: "-o FILE",
	short: "Make a new key",
	long: `Makes a new private key, in any form, and prints the public key as one line for
~/.ssh/authorized_keys on a server (not with --quiet).

--to chooses the form, and otherwise the extension of FILE: .ppk for PuTTY, .pem for the
traditional form, any other for OpenSSH's. With a key in OpenSSH's form the public key is
also written to FILE.pub, where ssh-copy-id looks for it.`,
	example: `  keyconv generate -o key.ppk --new-passphrase
  keyconv generate --type rsa --bits 4096 -o key.pem
  keyconv generate -o ~/.ssh/id_ed25519 -C me@laptop`,
	args: func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 && !cmd.Flags().Changed("output") {
			return usagef("-o names the file to write, and %s is an argument", input.Shown(args[0])).With(didYouMean(args[0]))
		}
		return noArguments(cmd, args)
	},
	build: func(p *program, cmd *cobra.Command) {
		g := &generation{program: p}
		types := engine.KeyTypes()
		job := p.register(cmd, oneOutput("write to `FILE`; - is standard output"), commentFlag, newPassphraseFlags, kdfFlags, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, _ []string) error {
			if g.keyType = strings.ToLower(g.keyType); !slices.Contains(types, g.keyType) {
				return noSuch("there is no key type", "--type", g.keyType, types)
			}
			return g.generate(cmd.Context(), job())
		}
		var sizes []string // of the types that have a choice
		for _, t := range rawkey.Types() {
			if t.CanGenerate() && len(t.Sizes.Only) != 1 {
				sizes = append(sizes, fmt.Sprintf("%s %s (%d)", t.Name, t.Sizes, t.Sizes.Default))
			}
		}
		f := cmd.Flags()
		f.StringVarP(&g.keyType, "type", "t", types[0], "`TYPE` of the key: "+strings.Join(types, ", "))
		f.IntVarP(&g.bits, "bits", "b", 0, "size `N` of the key: "+strings.Join(sizes, ", "))
		f.StringVar(&g.to, "to", "", "`FORMAT` to write: "+strings.Join(privateFormats(), ", "))
	},
}

func privateFormats() []string {
	return slices.DeleteFunc(formatNames(), func(name string) bool { return !engine.Format(name).About().Private })
}

func (g *generation) generate(ctx context.Context, j *convert.Job) error {
	file := j.Output.File
	if file == "" {
		return usagef("missing output: use -o FILE").With(say("keyconv generate -o key.ppk"))
	}
	format, err := g.format(file)
	if err != nil {
		return err
	}
	if g.json && file == stdio {
		return usagef("--json and -o - would both write to standard output")
	}
	defer j.Keys.Clear(ctx)
	o := &one{program: g.program, printer: g.program.printer, name: file}
	if g.json {
		o.record = newRecord("")
	}
	key, err := g.write(ctx, j, o, format)
	err = withoutFolder(err)
	switch {
	case g.json:
		if failed := o.record.print(g.stdout, err, g.hidden); err == nil {
			err = failed
		}
		return err
	case err != nil || file == stdio || g.quiet:
		return err
	}
	pub, err := key.Public()
	if err != nil {
		return err
	}
	_, err = g.stdout.Write(sshkey.AuthorizedKey(pub, o.showable(key.Comment)))
	return err
}

// write makes the key and its file.
func (g *generation) write(ctx context.Context, j *convert.Job, o *one, format engine.Format) (*sshkey.Key, error) {
	for _, t := range rawkey.Types() {
		if t.Name != g.keyType {
			continue
		}
		if err := format.CheckType(t.Algorithms[0]); err != nil {
			return nil, err // before a person types a passphrase
		}
		format = format.Resolve(t.Algorithms[0])
	}
	j.PublicBeside = true
	return j.Begin(o.name, nil, o).New(ctx, format, func() (*sshkey.Key, error) { return g.makeKey(ctx) })
}

// format returns that of --to, or of the extension of the output.
func (g *generation) format(output string) (engine.Format, error) {
	if g.to != "" {
		if g.to = formatIn(privateFormats(), g.to); !slices.Contains(privateFormats(), g.to) {
			return "", noSuch("there is no private form", "--to", g.to, privateFormats())
		}
		return engine.Format(g.to), nil
	}
	switch strings.ToLower(filepath.Ext(output)) {
	case ".ppk":
		return engine.PPK, nil
	case ".pem":
		return engine.PEM, nil
	}
	return engine.OpenSSH, nil
}

// makeKey makes the key, for which a terminal shows a dot each second, since nothing shows how
// long it takes.
func (g *generation) makeKey(ctx context.Context) (*sshkey.Key, error) {
	if isTerminal(g.stderr) && !g.quiet {
		text := fmt.Sprintf("making the %s key ", g.keyType)
		stop := every(time.Second, func() {
			fmt.Fprint(g.stderr, text+".")
			text = ""
		})
		defer func() {
			if stop(); text == "" {
				fmt.Fprintln(g.stderr)
			}
		}()
	}
	key, err := batch.Interruptible(ctx, func() (*sshkey.Key, error) { return engine.Generate(g.keyType, g.bits) })
	if fault.Is[*sshkey.UnsupportedError](err) {
		return nil, usagef("%s", quote.WithoutPackages(err)).With(say("keyconv generate --help lists the sizes"))
	}
	return key, err
}

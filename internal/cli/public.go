package cli

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/clipboard"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/spf13/cobra"
)

func publicFormats() []string {
	return slices.DeleteFunc(formatNames(), func(name string) bool { return engine.Format(name).About().Private })
}

var publicCmd = command{
	section: toLook,
	name:    "public", takes: "FILE",
	short: "Print the public key",
	long: `Prints the public key of a private key (or of a public one, in another form): one
line for ~/.ssh/authorized_keys on a server.

It asks for a passphrase only if the file has the public key encrypted too. An encrypted
OpenSSH key has its comment encrypted, so the line has none then.

With --copy the line goes to the clipboard. On Linux that takes one of the programs
wl-copy, xclip and xsel, or clip.exe of Windows in WSL.`,
	example: `  keyconv public key.ppk >> ~/.ssh/authorized_keys
  keyconv public --copy key.ppk                # to paste it on a web page
  keyconv public --to rfc4716 key.pem          # as PuTTYgen saves it
  keyconv public --to spki key.pem | openssl pkey -pubin -text -noout`,
	args: needFiles,
	build: func(p *program, cmd *cobra.Command) {
		var to string
		var withCertificate, toClipboard bool
		job := p.register(cmd, oneOutput("write to `FILE` in place of standard output"), commentFlag, keyFlags, strictFlag, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				if _, err := os.Stat(args[1]); err != nil && len(args) == 2 {
					return missingOutput(args[1])
				}
				return usagef("one file at a time, not %d", len(args)).With(say("keyconv convert --to public FILE... writes a .pub beside each"))
			}
			if to == "" {
				to = string(engine.Public)
			}
			if to = formatIn(publicFormats(), to); !slices.Contains(publicFormats(), to) {
				return noSuch("there is no public form", "--to", to, publicFormats())
			}
			j := job()
			j.WithCertificate = withCertificate
			if j.Output.File != "" {
				return p.publicOf(cmd.Context(), j, args, engine.Format(to))
			}
			j.Output.File = stdio
			if toClipboard || p.json {
				return p.publicText(cmd.Context(), j, args, engine.Format(to), toClipboard)
			}
			return p.publicOf(cmd.Context(), j, args, engine.Format(to))
		}
		cmd.Flags().StringVar(&to, "to", "", "`FORMAT` to print: "+strings.Join(publicFormats(), ", "))
		cmd.Flags().BoolVar(&withCertificate, "with-certificate", false, "print the certificate, if the key has one")
		cmd.Flags().BoolVar(&toClipboard, "copy", false, "put the public key on the clipboard in place of standard output")
		takeInputEnv(cmd)
	},
}

// publicText puts the public key on the clipboard, or into the report.
func (p *program) publicText(ctx context.Context, j *convert.Job, args []string, format engine.Format, toClipboard bool) error {
	s := &series{program: p, job: j}
	if err := s.find(ctx, args, convert.IsPrivate); err != nil {
		return err
	}
	var text bytes.Buffer
	j.Place.(*disk.Place).Stdout = &text
	s.each(ctx, func(ctx context.Context, t *convert.Task, o *one) error {
		if err := t.Public(ctx, format, format.About().Extension, o.showable); err != nil {
			return err
		}
		if !toClipboard {
			o.record.Text = text.String()
			return nil
		}
		if err := clipboard.Copy(ctx, strings.TrimRight(text.String(), "\n")); err != nil {
			return err
		}
		o.report("%s: the public key is on the clipboard", input.Shown(o.name))
		return nil
	})
	return nil
}

// publicOf writes the public keys of the inputs that the arguments and flags name.
func (p *program) publicOf(ctx context.Context, j *convert.Job, args []string, format engine.Format) error {
	extension := format.About().Extension
	s, err := p.conversion(ctx, j, args, convert.Kind{Takes: convert.IsPrivate, Extension: extension})
	if err != nil {
		return err
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, o *one) error {
		return withoutFolder(t.Public(ctx, format, extension, o.showable))
	})
	return nil
}

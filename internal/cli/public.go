package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/spf13/cobra"
)

func publicFormats() []string {
	return slices.DeleteFunc(formatNames(), func(name string) bool { return keyconv.Format(name).Holds().Private })
}

func buildPublic(p *program, cmd *cobra.Command) {
	var to string
	var withCertificate bool
	cmd.Long = `Prints the public key of a private key (or of a public one, in another form): one
line for ~/.ssh/authorized_keys on a server.

A passphrase is asked for only where the file has the public key encrypted too. The
comment of an encrypted OpenSSH key is, and so is left out then.`
	cmd.Example = `  keyconv public key.ppk >> ~/.ssh/authorized_keys
  keyconv public --to rfc4716 key.pem          # as PuTTYgen saves it
  keyconv public --to spki key.pem | openssl pkey -pubin -text -noout`
	cmd.Args = needFiles
	job := p.register(cmd, oneOutput("write to `FILE` in place of standard output"), commentFlag, keyFlags, strictFlag)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef("one file at a time, not %d", len(args)).With(say("keyconv convert --to public FILE... writes a .pub beside each"))
		}
		if to == "" {
			to = string(keyconv.Public)
		}
		if !slices.Contains(publicFormats(), to) {
			return noSuch("there is no public form", "--to", to, publicFormats())
		}
		j := job()
		j.WithCertificate = withCertificate
		if j.Output.File == "" {
			j.Output.File = stdio
		}
		return p.publicOf(cmd.Context(), j, args, keyconv.Format(to))
	}
	cmd.Flags().StringVar(&to, "to", "", "`FORMAT` to print: "+strings.Join(publicFormats(), ", "))
	cmd.Flags().BoolVar(&withCertificate, "with-certificate", false, "print the certificate, if the key has one")
	takeInputEnv(cmd)
}

// publicOf writes the public keys of the inputs that the arguments and flags name.
func (p *program) publicOf(ctx context.Context, j *convert.Job, args []string, format keyconv.Format) error {
	extension := format.Extension()
	s, err := p.conversion(ctx, j, args, convert.Kind{Takes: convert.IsPrivate, Extension: extension})
	if err != nil {
		return err
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, o *one) error {
		return t.Public(ctx, format, extension, o.showable)
	})
	return nil
}

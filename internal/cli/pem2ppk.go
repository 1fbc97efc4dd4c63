package cli

import (
	"context"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/spf13/cobra"
)

// conversion has the flags of all commands that convert.
type conversion struct {
	*program
	output        outputFlags
	run           runFlags
	jobs          jobsFlags
	input         inputFlags
	comment       commentFlag
	certificate   certificateFlags
	passphrase    passphraseFlags
	newPassphrase newPassphraseFlags
	kdf           kdfFlags
	limits        limitFlags
	strict        strictFlag
}

// groups returns the flags that say what is done with an input.
func (c *conversion) groups() []group {
	return []group{
		&c.output, &c.run, &c.jobs, &c.comment, &c.certificate, &c.passphrase, &c.newPassphrase, &c.kdf, &c.limits,
		&c.strict, quietFlag{c.program}, jsonFlag{c.program},
	}
}

// all converts the inputs that the arguments and flags name.
func (c *conversion) all(ctx context.Context, args []string, to convert.Kind) error {
	j := c.job(c.groups()...)
	s, err := c.series(ctx, j, args, to)
	if err != nil {
		return err
	}
	c.hideKeys(j)
	s.each(ctx, func(ctx context.Context, t *convert.Task, _ *one) error { return t.Convert(ctx, to) })
	return nil
}

// series finds the inputs, and refuses those that cannot go together.
func (c *conversion) series(ctx context.Context, j *convert.Job, args []string, to convert.Kind) (*series, error) {
	s := &series{program: c.program, job: j, jobs: c.jobs, done: "converted", resumes: true}
	if err := s.find(ctx, c.input, args, to.Takes); err != nil {
		return nil, err
	}
	if err := c.checkJSON(j, s.inputs.Names); err != nil {
		return nil, err
	}
	extension := func(string) string { return to.Extension }
	return s, j.Output.CheckInputs(s.inputs.Names, extension, j.Resume)
}

func buildPem2ppk(p *program, cmd *cobra.Command) {
	c := &conversion{program: p}
	var version int
	cmd.Long = `Converts private keys of any PEM or OpenSSH form to PuTTY's .ppk, for PuTTY,
WinSCP, FileZilla and others. An encrypted key stays encrypted, with the same
passphrase.

The result is a file of version 3, which PuTTY reads since 0.75 (2021). Older
programs, and many that are not PuTTY, want --ppk-version 2.`
	cmd.Example = `  keyconv pem2ppk key.pem                      # writes key.ppk
  keyconv pem2ppk key.pem -o putty.ppk --new-passphrase
  keyconv pem2ppk --ppk-version 2 key.pem      # for programs older than 2021
  keyconv pem2ppk -o - - < key.pem > key.ppk`
	cmd.Args = needFiles
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.all(cmd.Context(), args, convert.ToPPK(version))
	}
	register(cmd, append(c.groups(), &c.input)...)
	cmd.Flags().IntVar(&version, "ppk-version", 0, "version `N` of the .ppk: 3 if not given, or 2 for older programs")
	takeInputEnv(cmd)
}

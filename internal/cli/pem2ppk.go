package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/spf13/cobra"
)

// convertAll converts the inputs that the arguments and flags name.
func (p *program) convertAll(ctx context.Context, j *convert.Job, args []string, to convert.Kind) error {
	s, err := p.conversion(ctx, j, args, to)
	if err != nil {
		return err
	}
	if err := p.keepOffStdout(j, s.inputs.Names); err != nil {
		return err
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, _ *one) error { return t.Convert(ctx, to) })
	return nil
}

// keepOffStdout keeps a private key from being shown on a terminal, or printed to a log, unless
// -o - asks for that.
func (p *program) keepOffStdout(j *convert.Job, inputs []string) error {
	if j.Output.File == "" && input.IsVariable(inputs[0]) && j.Output.ToStdout(inputs) {
		return usagef("the key of --input-env would be written to standard output, which in CI is the log").
			With(say("-o FILE writes it to a file, and -o - to standard output"))
	}
	if out, ok := p.stdout.(*results); ok && j.Output.File != stdio && isTerminal(out.to) {
		j.Place.(*disk.Place).Hidden = usagef("the key would be shown on the terminal").With(say("name a file with -o FILE, or -o - to see it"))
	}
	return nil
}

// checkPlaces refuses, before any work, a folder of outputs that is not there, and an output
// that was named as an input, as cp has it: IN OUT.
func (p *program) checkPlaces(j *convert.Job, args []string, extension string, takes func(engine.Format) bool) error {
	if j.Output.Folder != "" {
		if err := disk.CheckFolder(j.Output.Folder); err != nil {
			return err
		}
	}
	names := input.Globbed(runtime.GOOS, args)
	if len(names) != 2 || p.query.List != "" || j.Output.File != "" || j.Output.Folder != "" {
		return nil
	}
	in, out := names[0], names[1]
	if info, err := os.Stat(in); err != nil || info.IsDir() || out == stdio {
		return nil // writing reports what is wrong
	}
	isOutput := strings.EqualFold(filepath.Ext(out), extension)
	if _, err := os.Stat(out); err == nil {
		format, err := input.FormatOf(input.Files{}, out, j.Input.Limits)
		switch {
		case isOutput && errors.Is(err, input.ErrReadOnce):
			return usagef("%s is a pipe or device, and -o names the output", input.Shown(out)).With(fault.Advice{Do: fault.WriteStream})
		case err != nil || !isOutput || takes(format):
			return nil
		}
		return usagef("%s is not an input for this command: %s", input.Shown(out), format.Title()).With(didYouMean(out))
	}
	if !isOutput && strings.EqualFold(filepath.Ext(out), filepath.Ext(in)) {
		return nil // a mistyped input
	}
	return missingOutput(out)
}

// missingOutput returns the error of an output that was named as a second input, and is not there.
func missingOutput(name string) *fault.Error {
	return usagef("there is no %s, and -o names the output", input.Shown(name)).With(didYouMean(name))
}

func didYouMean(output string) fault.Advice { return say("did you mean -o %s?", shellName(output)) }

// conversion finds the inputs, and refuses those that cannot go together.
func (p *program) conversion(ctx context.Context, j *convert.Job, args []string, to convert.Kind) (*series, error) {
	s := &series{program: p, job: j, done: "converted", resumes: true}
	if err := p.checkPlaces(j, args, to.Extension, to.Takes); err != nil {
		return nil, err
	}
	if err := s.find(ctx, args, to.Takes); err != nil {
		return nil, err
	}
	if p.json {
		if err := checkJSON(j, s.inputs.Names); err != nil {
			return nil, err
		}
	}
	if len(s.inputs.Names) == 1 {
		return s, nil
	}
	name := func(in string) string { return j.Output.Name(in, to.Extension) }
	return s, disk.CheckInputs(j.Output, s.inputs.Names, name, j.Resume)
}

var pem2ppkCmd = command{
	section: toConvert,
	use:     "pem2ppk FILE...",
	short:   "Convert PEM and OpenSSH private keys to PuTTY's .ppk",
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

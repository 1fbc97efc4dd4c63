package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/spf13/cobra"
)

// keyconvCmd is keyconv without a command.
var keyconvCmd = command{
	name: "keyconv", takes: "FILE...",
	short: "Convert SSH private keys between PEM, OpenSSH and PuTTY",
	long: `keyconv converts SSH private keys between what clouds hand out (.pem), what
OpenSSH uses and what PuTTY uses (.ppk), in both directions.

Without a command it converts each FILE to the other kind, beside it: PEM and
OpenSSH keys to .ppk, .ppk to PEM. The input is never changed, and an output that
exists is never replaced without --force.`,
	example: `  keyconv key.pem                                     # writes key.ppk
  keyconv session ecs root@47.98.1.2 --key key.pem    # then: ssh ecs`,
	args: cobra.ArbitraryArgs,
	build: func(p *program, root *cobra.Command) {
		root.Long += exitStatusHelp("Exit status:")
		job := p.register(root, conversionFlags...)
		// For people used to it from other programs. cobra's own --version takes a template,
		// and text/template keeps the linker from leaving out methods: 1.5 MB of program.
		version := root.Flags().BoolP("version", "V", false, "print the version; keyconv version also prints those of the libraries")
		root.Flags().Bool("console", false, "on Windows, stay in the console where Explorer would open the window")
		root.RunE = func(cmd *cobra.Command, args []string) error {
			if *version {
				return p.printVersion(false)
			}
			return p.runRoot(cmd, job(), args)
		}
	},
}

// runRoot makes sure that every argument is a file before it converts any: a mistyped
// command must not convert anything.
func (p *program) runRoot(cmd *cobra.Command, j *convert.Job, args []string) error {
	if len(args) == 0 {
		e := usagef("missing FILE")
		if hasInput(cmd.InOrStdin()) {
			return e.With(say("keyconv pem2ppk -, or keyconv ppk2pem -, reads the key from standard input"))
		}
		return e.With(say("keyconv key.pem writes key.ppk; keyconv help shows more"))
	}
	args = input.Globbed(runtime.GOOS, args)
	for _, name := range args {
		if name == stdio {
			return usagef("standard input needs a command").With(say("keyconv pem2ppk -, or keyconv ppk2pem -"))
		}
		if _, err := os.Stat(name); err != nil {
			e := usagef("%s is neither a command nor a file: %v", input.Shown(name), quote.WithoutPath(err))
			if len(args) == 2 && name == args[1] && !strings.EqualFold(filepath.Ext(name), filepath.Ext(args[0])) {
				e = e.With(didYouMean(name))
			}
			if similar := cmd.SuggestionsFor(name); len(similar) > 0 {
				e = e.With(say("did you mean: keyconv %s", similar[0]))
			}
			return e
		}
	}
	return p.convertEach(cmd.Context(), j, args)
}

// convertEach turns every file into the other kind. What they are decides whether two
// of them have one output, so all are looked at first.
func (p *program) convertEach(ctx context.Context, j *convert.Job, names []string) error {
	s := &series{program: p, job: j, inputs: &input.Set{Names: names}, done: "converted", resumes: true}
	if p.json {
		if err := checkJSON(j, names); err != nil {
			return err
		}
	}
	if j.Output.Folder != "" {
		if err := disk.CheckFolder(j.Output.Folder); err != nil {
			return err
		}
	}
	if err := p.keepOffStdout(j, names); err != nil {
		return err
	}
	kinds := map[string]convert.Kind{}
	if len(names) > 1 { // one alone is looked at by the work
		for _, name := range names {
			format, err := batch.Interruptible(ctx, func() (engine.Format, error) { return input.FormatOf(input.Files{}, name, j.Input.Limits) })
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if errors.Is(err, input.ErrReadOnce) {
				continue // it is read when it is its turn
			}
			if err != nil {
				format = engine.Unknown // converting it reports why
			}
			kinds[name] = convert.ToOther(format)
		}
		output := func(in string) string {
			kind, ok := kinds[in]
			if !ok {
				kind = convert.ToOther(engine.Unknown)
			}
			return j.Output.Name(in, kind.Extension)
		}
		if err := disk.CheckInputs(j.Output, names, output, j.Resume); err != nil {
			return err
		}
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, _ *one) error {
		if to, ok := kinds[t.Name]; ok {
			return t.Convert(ctx, to)
		}
		f, _, err := t.Open(ctx)
		if err != nil {
			return err
		}
		return t.ConvertFile(ctx, f, convert.ToOther(f.Format))
	})
	return nil
}

// Root returns the command line with all its commands, as the documents show it.
func Root() *cobra.Command { return (&program{guard: disk.NewGuard()}).rootCommand(nil, true) }

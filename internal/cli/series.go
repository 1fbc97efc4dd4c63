package cli

import (
	"bytes"
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
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
)

// series is the work of one command on its inputs.
type series struct {
	*program
	job     *convert.Job
	inputs  *input.Set
	done    string // what is done with the inputs: "converted"
	resumes bool   // the command has --continue
	secret  bool   // results are secret, and must not wait in memory

	tally tally
	// leftOut: a person has skipped an input.
	leftOut bool
	// stdoutFailed: standard output cannot be written, which was reported.
	stdoutFailed bool
}

// work is what a command does with one input.
type work func(ctx context.Context, t *convert.Task, o *one) error

// one is one input, and hears what happens to it.
type one struct {
	*program
	printer
	name    string
	isBatch bool
	record  *record // what --json will print; nil without
	skipped bool    // there was nothing to do
	plain   bool    // a key without a passphrase was written
	open    bool    // the input of an encrypted output is not encrypted
}

// run does the work on the input, and remembers how it failed: the errors of a run are
// printed in the order of its inputs.
func (o *one) run(ctx context.Context, s *series, slot *batch.Slot, do work) {
	if o.json {
		o.record = newRecord(o.name)
	}
	t := s.job.Begin(o.name, slot, o)
	defer t.End(ctx)
	err := context.Cause(ctx)
	if err == nil {
		err = s.inputs.Broken[o.name]
	}
	if err == nil {
		err = do(ctx, t, o)
	}
	if o.record != nil {
		if failed := o.record.print(o.stdout, err, o.hidden); err == nil {
			err = failed
		}
	}
	o.failed = err
}

// each does the work for each input, several at a time where there are many. One
// failure does not stop the rest, an interruption does, even one that came when the
// work could not be stopped. The exit code is that of the first failure in the order
// of the inputs.
func (s *series) each(ctx context.Context, do work) {
	defer s.job.Keys.Clear(ctx)
	names := s.inputs.Names
	s.job.Keys.Many = len(names) > 1
	s.guard.ProtectInputs(names)
	if len(names) > 1 && !s.secret && !s.job.Output.ToStdout(names) {
		s.batch(ctx, do)
		return
	}
	for _, name := range names {
		o := &one{program: s.program, printer: s.printer, name: name}
		o.run(ctx, s, nil, do)
		if o.failed != nil {
			s.fail(name, o.failed)
		}
		if ctx.Err() != nil {
			s.fail("", context.Cause(ctx))
			return
		}
	}
	if s.inputs.Others > 0 {
		s.noteOthers()
	}
}

// batch does the work for many inputs, each of which prints into a buffer that is shown
// in its turn.
func (s *series) batch(ctx context.Context, do work) {
	names := s.inputs.Names
	s.screen = newScreen(s.stderr, len(names), s.quiet)
	stop := s.screen.tick()
	if s.screen.bar != nil {
		go s.screen.bar.look(ctx, names)
	}
	ones := make([]*one, len(names))
	batch.Run(ctx, len(names), batch.Options{
		Jobs: int(s.jobs), Memory: s.memory, Finished: s.screen.bar.finish,
		Settled: func(i int) {
			s.show(ones[i])
			ones[i] = nil
		},
	}, func(slot *batch.Slot, i int) {
		var stdout, stderr bytes.Buffer
		s.screen.bar.begin(i)
		o := &one{program: s.program, printer: printer{stdout: &stdout, stderr: &stderr, quiet: s.quiet, colour: s.colour, hidden: s.hidden}, name: names[i], isBatch: true}
		ones[i] = o
		o.run(ctx, s, slot, do)
	})
	stop()
	if ctx.Err() != nil {
		s.fail("", context.Cause(ctx))
	}
	s.summarize(ctx)
}

// inPlace does the work for each file that the arguments and flags name, which it changes;
// noFile is the error of standard input.
func (s *series) inPlace(ctx context.Context, args []string, wanted func(engine.Format) bool, noFile error, do func(context.Context, *convert.Task) error) error {
	if err := s.find(ctx, args, wanted); err != nil {
		return err
	}
	if err := disk.CheckDistinct(s.inputs.Names); err != nil {
		return err
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, o *one) error {
		if o.name == stdio {
			return noFile
		}
		return do(ctx, t)
	})
	return nil
}

// find makes the list of inputs.
func (s *series) find(ctx context.Context, args []string, wanted func(engine.Format) bool) (err error) {
	q := s.query
	q.Names, q.Wanted, q.Leave, q.Limits, q.Stdin = args, wanted, s.job.Output.Folder, s.job.Input.Limits, s.stdin
	s.inputs, err = q.Find(ctx)
	if err == nil {
		for _, name := range s.inputs.Names {
			if what := quote.Secret(name); what != "" && (q.Recursive || q.List != "") {
				hideName(s.hidden, name, what)
			}
		}
		s.job.Output.Below = s.inputs.Below
		s.job.Place.(*disk.Place).Below = s.inputs.Below
	}
	return err
}

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
		return usagef("%s is not an input for this command: %s", input.Shown(out), format.About().Title).With(didYouMean(out))
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

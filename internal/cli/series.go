package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

// tally counts the results of a batch.
type tally struct{ done, skipped, failed, plain, open int }

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

// show prints what an input printed, and counts it.
func (s *series) show(o *one) {
	s.screen.print(func() {
		_, err := io.Copy(s.stdout, o.stdout.(*bytes.Buffer))
		// An error of standard error has nowhere to be reported.
		_, _ = io.Copy(s.stderr, o.stderr.(*bytes.Buffer))
		switch {
		case o.failed != nil:
			s.fail(o.name, o.failed)
		case err != nil && s.stdoutFailed:
			o.failed = err
		case err != nil:
			o.failed, s.stdoutFailed = err, true
			s.fail("", err)
		}
	})
	switch e, _ := errors.AsType[*fault.Error](o.failed); {
	case fault.IsStop(o.failed):
	case e != nil && e.Code == fault.LeftOut:
		s.tally.skipped++
		s.leftOut = true
	case o.failed != nil:
		s.tally.failed++
	case o.skipped:
		s.tally.skipped++
	default:
		s.tally.done++
	}
	if o.plain {
		s.tally.plain++
	}
	if o.open {
		s.tally.open++
	}
}

// summarize prints the last line of a batch.
func (s *series) summarize(ctx context.Context) {
	if s.quiet {
		return
	}
	t, all, done := s.tally, len(s.inputs.Names), s.done
	if s.job.DryRun {
		done = "would be " + done
	}
	parts := []string{fmt.Sprintf("%d %s", t.done, done)}
	for _, part := range []struct {
		count int
		what  string
	}{{t.skipped, "skipped"}, {t.failed, "failed"}, {all - t.done - t.skipped - t.failed, "not done"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.what))
		}
	}
	s.report("%d files: %s", all, strings.Join(parts, ", "))
	if (ctx.Err() != nil || s.leftOut) && s.resumes {
		s.report("hint: the same command with --continue does the rest")
	}
	if t.plain > 0 {
		s.report("note: %s; --new-passphrase protects them", notEncrypted(t.plain))
	}
	if t.open > 0 {
		s.report("note: %s still unprotected", oneOf(t.open, "1 of the files that were converted is itself", "%d of the files that were converted are themselves"))
	}
	if s.inputs.Others > 0 {
		s.noteOthers()
	}
}

// noteOthers says how many files in folders are not among the keys wanted.
func (s *series) noteOthers() {
	s.report("note: files in the folders that are not among the keys wanted: %d", s.inputs.Others)
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

// counted returns a number with the word for what it counts.
func counted(n int, word string) string { return oneOf(n, "1 "+word, "%d "+word+"s") }

// oneOf returns the words for one, or those for several with their number.
func oneOf(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(several, n)
}

// notEncrypted begins a sentence about some of the keys that were written.
func notEncrypted(n int) string {
	return oneOf(n, "1 of the keys written is not encrypted", "%d of the keys written are not encrypted")
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// streams are what a run reads and writes. Stderr carries notes, warnings and
// errors; stdout carries results alone.
type streams struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// app is one run of the command. In a run over many inputs each has a copy of its own,
// with its own streams, record and failure.
type app struct {
	streams
	ctx   context.Context
	flags flags
	// inputs is where the files to work on come from.
	inputs inputs
	// secrets are read once, though several files may need them.
	secrets *secrets
	// guard keeps outputs away from the files of this run.
	guard *guard
	// slot is the place of this input among many; nil where there is one alone.
	slot *slot
	// failed is the first failure, in the order of the inputs.
	failed error
	// record is what --json will print of the input at work; nil without.
	record *record
	// kept are the key files that were read and are not done with.
	kept [][]byte
	// fate is what became of the input.
	fate fate
	// started is false as long as the command line is being read.
	started bool
}

func newApp(ctx context.Context, s streams) *app {
	return &app{streams: s, ctx: ctx, secrets: newSecrets(), guard: newGuard()}
}

// run is the whole command but for signals and os.Exit.
func run(ctx context.Context, args []string, s streams) int {
	out := &results{to: s.stdout}
	s.stdout = out
	a := newApp(ctx, s)
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(s.stdin)
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	a.markStart(root)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.started && exitCode(err) == exitFailed {
		err = &usageError{msg: err.Error()} // of cobra's own checks
	}
	if err == nil && a.failed == nil {
		err = out.failed // of cobra's help, which does not look at it
	}
	if err != nil {
		a.fail("", err)
	}
	return exitCode(a.failed)
}

// markStart makes each command say that the command line was read.
func (a *app) markStart(cmd *cobra.Command) {
	if work := cmd.RunE; work != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			a.started = true
			return work(cmd, args)
		}
	}
	for _, sub := range cmd.Commands() {
		a.markStart(sub)
	}
}

// fail prints an error about an input (or about none, if name is empty) and
// remembers the first; but an interruption counts more than any.
func (a *app) fail(name string, err error) {
	var stop interrupted
	isStop := errors.As(err, &stop)
	if a.failed == nil || isStop {
		a.failed = err
	}
	if isStop {
		return // who pressed Ctrl-C knows
	}
	where := "keyconv: "
	if name != "" {
		where += displayName(name) + ": "
	}
	fmt.Fprintf(a.stderr, "%s%s\n", where, visible(message(err)))
	if hint := hintFor(name, err); hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", visible(hint))
	}
}

// note says something that is good to know, warn something that should worry.
func (a *app) note(name, format string, args ...any) { a.say("note", name, format, args...) }
func (a *app) warn(name, format string, args ...any) {
	a.record.warning("general", fmt.Sprintf(format, args...))
	a.say("warning", name, format, args...)
}

func (a *app) say(kind, name, format string, args ...any) {
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, "%s: %s: %s\n", kind, displayName(name), visible(fmt.Sprintf(format, args...)))
	}
}

// interruptible runs work that cannot be stopped, such as a key derivation, and
// leaves it behind when the context ends: the process is about to exit then.
func interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, interruption(ctx)
	}
}

// interruption is why the context has ended; nil if it has not.
func interruption(ctx context.Context) error { return context.Cause(ctx) }

// needFiles refuses a command without arguments, unless a list names the files.
func needFiles(cmd *cobra.Command, args []string) error {
	if list := cmd.Flags().Lookup("files-from"); len(args) == 0 && (list == nil || !list.Changed) {
		return usagef("which file? %s", cmd.UseLine())
	}
	return nil
}

package main

import (
	"errors"
	"io"
	"os"
	"syscall"

	"github.com/keyconv/keyconv/internal/safefile"
	"golang.org/x/term"
)

// write puts a result where it belongs: private keys owner-only.
func (a *app) write(output string, data []byte, private bool) error {
	if output == stdio {
		_, err := a.stdout.Write(data)
		return err
	}
	o := safefile.Options{Overwrite: a.flags.force}
	if !private {
		o.Perm = 0o644
	}
	var result safefile.Result
	err := a.onDisk(func() (err error) {
		if err := a.makeFolder(output); err != nil {
			return err
		}
		if err := a.guard.check(output, overwrite{replace: a.flags.force, keys: private}); err != nil {
			return err
		}
		result, err = safefile.Write(output, data, o)
		return err
	})
	if err != nil {
		return a.writeError(output, err)
	}
	a.guard.protect(output, madeByRun)
	if result.WiderMode {
		a.warn(output, "this file system lets others read the file (mode %04o); move it to one that does not", result.Mode)
	}
	return nil
}

// writeError makes sure that the message names the output: it stands behind the
// name of the input.
func (a *app) writeError(output string, err error) error {
	switch {
	case is[*ownFile](err), is[*keyThere](err):
		return err
	case errors.Is(err, safefile.ErrExists):
		return &outputExists{output: output}
	}
	err = &writeFailed{output, withoutPath(err)}
	if info, statErr := os.Stat(output); statErr == nil && info.IsDir() {
		return withHint(err, "-o takes the name of a file: name one in that folder")
	}
	return err
}

type writeFailed struct {
	output string
	cause  error
}

func (e *writeFailed) Error() string {
	return "cannot write " + displayName(e.output) + ": " + e.cause.Error()
}
func (e *writeFailed) Unwrap() error { return e.cause }

// results is standard output. An error of it names it, since the message begins with
// the input.
type results struct {
	to     io.Writer
	failed error
}

func (r *results) Write(data []byte) (int, error) {
	n, err := r.to.Write(data)
	if errors.Is(err, syscall.EPIPE) { // who reads no further, as head, wants no message
		r.failed = interrupted{exitBrokenPipe}
		return n, r.failed
	}
	if err != nil {
		r.failed = &writeFailed{"standard output", withoutPath(err)}
		return n, r.failed
	}
	return n, nil
}

func (r *results) isTerminal() bool { return isTerminal(r.to) }

// isTerminal tells whether a person is at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// checkStdout refuses to show a private key on a terminal that nobody asked to see
// it on.
func (a *app) checkStdout(output string) error {
	out, ok := a.stdout.(*results)
	if output != stdio || a.flags.output == stdio || !ok || !out.isTerminal() {
		return nil
	}
	return withHint(usagef("the key would be shown on the terminal"), "name a file with -o FILE, or -o - to see it")
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// The exit codes are part of the interface: docs and scripts rely on them.
const (
	exitDone        = 0
	exitFailed      = 1 // could not read or write a file, or anything not below
	exitUsage       = 2
	exitNotAKey     = 3 // unknown, damaged, unsupported, over a limit
	exitNeedsPass   = 4 // a passphrase is needed and there is none to be had
	exitWrongPass   = 5
	exitExists      = 6 // the output exists and --force was not given
	exitRefused     = 7 // by --strict
	exitOtherKey    = 8 // check: not the key that was expected
	exitHungUp      = 129
	exitInterrupted = 130
	exitBrokenPipe  = 141 // nobody reads the output any more
	exitTerminated  = 143
)

// usageError is a command line that makes no sense.
type usageError struct {
	msg  string
	hint string
}

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error {
	return &usageError{msg: fmt.Sprintf(format, args...)}
}

// refused is what --strict does not let pass.
type refused struct{ why string }

func (e *refused) Error() string { return e.why + " (refused by --strict)" }

// refuseWeak refuses a key with a weakness that is no matter of care alone.
func refuseWeak(findings []sshkey.Finding) error {
	for _, f := range findings {
		if f.Refuse {
			return withHint(&refused{f.Message}, "%s", f.Advice)
		}
	}
	return nil
}

// hinted adds what to do to an error.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

func withHint(err error, format string, args ...any) error {
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// needsPassphrase is an encrypted key, or a new passphrase to be set, with nobody to
// ask.
type needsPassphrase struct {
	what  string
	cause error
}

func (e *needsPassphrase) Error() string {
	if errors.Is(e.cause, passphrase.ErrNoTerminal) {
		return e.what + ", and there is no terminal to ask for the passphrase"
	}
	return e.what + ", and " + e.cause.Error()
}

func (e *needsPassphrase) Unwrap() error { return e.cause }

// is reports whether an error of type T is in the chain.
func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// exitCodes is looked through in order.
var exitCodes = []struct {
	is   func(error) bool
	code int
}{
	{is[*usageError], exitUsage},
	{is[*ownFile], exitUsage},
	{is[*passphrase.UsageError], exitUsage},
	{is[*session.InvalidError], exitUsage},
	{is[*refused], exitRefused},
	{is[*otherKey], exitOtherKey},
	{is[*needsPassphrase], exitNeedsPass},
	{is[*keyconv.PassphraseMissingError], exitNeedsPass},
	{func(err error) bool { return errors.Is(err, keyconv.ErrIncorrectPassphrase) }, exitWrongPass},
	{func(err error) bool { return errors.Is(err, safefile.ErrExists) }, exitExists},
	{is[*keyconv.NotPrivateError], exitNotAKey},
	{is[*keyconv.SyntaxError], exitNotAKey},
	{is[*keyconv.InvalidKeyError], exitNotAKey},
	{is[*keyconv.UnsupportedError], exitNotAKey},
	{is[*keyconv.LimitError], exitNotAKey},
	{is[*wrongKind], exitNotAKey},
}

func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	var stop interrupted
	if errors.As(err, &stop) {
		return stop.exit
	}
	for _, row := range exitCodes {
		if row.is(err) {
			return row.code
		}
	}
	return exitFailed
}

// withoutPath leaves out the name of a file that the caller gives in its own words.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

var packagePrefix = regexp.MustCompile(`(^|: )(?:keyconv|ppk|pemkey|ssh1key|p12key): `)

// message is an error as a person reads it behind the name of the file: without the
// package it came from, and without the name that an *fs.PathError repeats.
func message(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) && strings.HasPrefix(err.Error(), path.Op+" ") {
		return path.Err.Error()
	}
	return packagePrefix.ReplaceAllString(err.Error(), "$1")
}

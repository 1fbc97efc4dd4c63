// Package fault has what can go wrong in a job, and what is worth knowing about its
// result, as values: an exit code, words, and an advice that the front end puts into
// words of its own.
package fault

import (
	"errors"
	"fmt"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// The exit codes are part of the interface: docs and scripts rely on them.
const (
	Done            = 0
	Failed          = 1 // a file could not be read or written, or any error not below
	Usage           = 2 // what was asked for makes no sense
	NotAKey         = 3 // unknown, damaged, unsupported, over a limit
	NeedsPassphrase = 4 // a passphrase is needed, and nobody gives one
	WrongPassphrase = 5
	Exists          = 6 // the output exists and is not to be replaced
	Refused         = 7 // because the job is strict
	OtherKey        = 8 // not the key that was expected
	HungUp          = 129
	Interrupted     = 130
	BrokenPipe      = 141 // nobody reads the output any more
	Terminated      = 143
)

// Code names a message, for a front end that has words of its own for it.
type Code string

// Error is an error of a job.
type Error struct {
	Exit   int    // the exit code; 0 leaves it to Err
	Code   Code   // "" where every front end uses the same words
	Msg    string // the words; "" leaves them to Err
	Args   []any  // the facts in the words
	Advice Advice
	Err    error // the cause; may be nil
}

// Error returns the words, or those of the cause.
func (e *Error) Error() string {
	if e.Msg == "" && e.Err != nil {
		return e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// With returns the error with an advice.
func (e *Error) With(a Advice) *Error {
	e.Advice = a
	return e
}

// New returns an error of an exit code.
func New(exit int, format string, args ...any) *Error {
	return &Error{Exit: exit, Msg: fmt.Sprintf(format, args...), Args: args}
}

// Coded returns an error for which front ends have words of their own.
func Coded(exit int, code Code, format string, args ...any) *Error {
	e := New(exit, format, args...)
	e.Code = code
	return e
}

// Advise adds an advice to an error, which keeps its words and exit code.
func Advise(err error, a Advice) error { return &Error{Err: err, Advice: a} }

// In returns an error that names the file it is about, since the message begins with
// the name of another: the input.
func In(shown string, err error) error {
	return fmt.Errorf("%s: %w", shown, quote.WithoutPath(err))
}

// Stop returns why a run is interrupted; the exit code is 128 and the number of the signal.
func Stop(exit int) error { return &Error{Exit: exit, Msg: "interrupted"} }

// IsStop reports whether the error is an interruption, and no fault of the input.
func IsStop(err error) bool { return ExitCode(err) > 128 }

// Is reports whether an error of type T is in the chain.
func Is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// failures has the exit codes of the errors of the engine. It is searched in order.
var failures = []struct {
	is   func(error) bool
	exit int
}{
	{Is[*sshkey.PassphraseMissingError], NeedsPassphrase},
	{func(err error) bool { return errors.Is(err, sshkey.ErrIncorrectPassphrase) }, WrongPassphrase},
	{Is[*engine.NotPrivateError], NotAKey},
	{Is[*sshkey.SyntaxError], NotAKey},
	{Is[*sshkey.InvalidKeyError], NotAKey},
	{Is[*sshkey.UnsupportedError], NotAKey},
	{Is[*sshkey.LimitError], NotAKey},
}

// ExitCode returns the exit code of an error, Done for nil.
func ExitCode(err error) int {
	if err == nil {
		return Done
	}
	for e, ok := errors.AsType[*Error](err); ok; e, ok = errors.AsType[*Error](e.Err) {
		if e.Exit != 0 {
			return e.Exit
		}
	}
	for _, row := range failures {
		if row.is(err) {
			return row.exit
		}
	}
	return Failed
}

// AdviceOf returns the outermost advice of an error, the zero value for none.
func AdviceOf(err error) Advice {
	for e, ok := errors.AsType[*Error](err); ok; e, ok = errors.AsType[*Error](e.Err) {
		if e.Advice != (Advice{}) {
			return e.Advice
		}
	}
	return Advice{}
}

// Package passphrase gets passphrases: from a file, an environment variable or
// a file descriptor that the user named, or from the user at the terminal.
//
// A passphrase is never part of an error. Buffers that held one are cleared
// when they are done with, except those that are not ours to clear: Go strings
// (an environment variable) and the buffers of the system.
package passphrase

import (
	"context"
	"errors"
)

// ErrNoTerminal means that the user cannot be asked: the process has no terminal,
// or may not use it.
var ErrNoTerminal = errors.New("there is no terminal to ask for a passphrase")

// ErrMSYS means that the terminal is that of Git Bash, MSYS2 or Cygwin, which gives
// Windows programs pipes instead of a console; winpty gives them a console. It comes
// with ErrNoTerminal.
var ErrMSYS = errors.New("the terminal of Git Bash is a pair of pipes to programs of Windows")

// ErrNoInput means that the user was asked and ended the input (Ctrl-D, or
// Ctrl-Z on Windows) or hung up instead of typing a line.
var ErrNoInput = errors.New("no passphrase was typed")

// ErrMismatch means that a new passphrase was typed in two different ways.
var ErrMismatch = errors.New("the two passphrases differ")

// UsageError reports a source that cannot hold a passphrase. The system is not at
// fault: the request makes no sense.
type UsageError struct {
	Source  string // in words: "the environment variable"
	Problem string // what is said of it: "is not set"
}

// Error says what is wrong with which source.
func (e *UsageError) Error() string { return e.Source + " " + e.Problem }

// maxSize is the largest input that is read for a passphrase, other lines
// included. No user types that much; a file that is larger is the wrong file.
const maxSize = 64 << 10

// answer is the result of a read that can block.
type answer[T any] struct {
	value T
	err   error
}

// start runs read in a goroutine, since a read from a pipe or a terminal cannot
// be cancelled everywhere. When the context ends first, the goroutine stays blocked;
// that is for a process that is about to exit.
func start[T any](read func() (T, error)) <-chan answer[T] {
	answers := make(chan answer[T], 1)
	go func() {
		value, err := read()
		answers <- answer[T]{value, err}
	}()
	return answers
}

// wait runs a read that needs no attention until it is done.
func wait(ctx context.Context, read func() (Text, error)) (Text, error) {
	if err := ctx.Err(); err != nil {
		return Text{}, err
	}
	select {
	case <-ctx.Done():
		return Text{}, ctx.Err()
	case a := <-start(read):
		return a.value, a.err
	}
}

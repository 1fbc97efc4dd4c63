package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/unlock"
)

// stdio names standard input as an input and standard output as an output.
const stdio = input.Stdio

// asker asks at the terminal, with nothing else on it meanwhile.
type asker struct{ *program }

// nobody is the error of a question that no person answers.
type nobody struct {
	why   string
	cause error
}

func (e nobody) Error() string      { return e.why }
func (e nobody) Unwrap() error      { return e.cause }
func (nobody) Is(target error) bool { return target == unlock.ErrNobody }

// Ask asks for the passphrase of a file, or for a new one.
func (a asker) Ask(ctx context.Context, q unlock.Question) (p []byte, err error) {
	prompt := fmt.Sprintf("Passphrase for %s: ", input.Shown(q.File))
	if q.Skips {
		prompt = fmt.Sprintf("Passphrase for %s (Enter skips it): ", input.Shown(q.File))
	}
	if q.Try > 1 {
		prompt = "Wrong passphrase, try again. " + prompt
	}
	a.screen.still(func() {
		if q.File == "" {
			p, err = askNew(ctx)
		} else {
			p, err = passphrase.Ask(ctx, prompt)
		}
	})
	switch {
	case errors.Is(err, passphrase.ErrNoTerminal):
		return nil, nobody{"there is no terminal to ask for the passphrase", err}
	case errors.Is(err, passphrase.ErrNoInput):
		return nil, nobody{err.Error(), err}
	}
	return p, err
}

// askNew asks for a new passphrase, again as long as the two that are typed differ: three
// times, as for one that is wrong.
func askNew(ctx context.Context) ([]byte, error) {
	prompt := "New passphrase: "
	for try := 1; ; try++ {
		p, err := passphrase.AskTwice(ctx, prompt, "The same passphrase again: ")
		if try == 3 || !errors.Is(err, passphrase.ErrMismatch) {
			return p, err
		}
		prompt = "The two passphrases differ, try again. New passphrase: "
	}
}

// typingReader is standard input at a terminal: it says how to type a key.
type typingReader struct {
	io.Reader
	say func()
}

func (r *typingReader) Read(data []byte) (int, error) {
	if r.say != nil {
		r.say()
	}
	r.say = nil
	return r.Reader.Read(data)
}

// results is standard output. An error of it names it, since the message begins with
// the input.
type results struct {
	to     io.Writer
	failed error
}

func (r *results) Write(data []byte) (int, error) {
	n, err := r.to.Write(data)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, syscall.EPIPE): // a reader that has read enough, as head, wants no message
		r.failed = fault.Stop(fault.BrokenPipe)
	default:
		r.failed = output.CannotWrite("standard output", err)
	}
	return n, r.failed
}

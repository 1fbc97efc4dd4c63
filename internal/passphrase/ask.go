package passphrase

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/quote"
)

// Ask shows the prompt on the terminal of the process and reads a line with
// the echo off. Standard input and output are not touched, since they carry
// data. Without a terminal it returns ErrNoTerminal at once, and ErrNoInput
// when the user ends the input instead.
//
// When ctx ends, the echo is put back and ctx.Err() returned. The caller has to
// make the signals that end the process (INT, TERM) end ctx instead: a process
// that dies during Ask leaves the terminal without echo.
func Ask(ctx context.Context, prompt string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, err := openTerminal()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, quote.WithoutPath(err))
	}
	defer t.close()
	return t.ask(ctx, prompt)
}

// AskTwice asks for a new passphrase, with the prompt again the second time, and
// returns ErrMismatch when the two differ.
func AskTwice(ctx context.Context, prompt, again string) ([]byte, error) {
	first, err := Ask(ctx, prompt)
	if err != nil {
		return nil, err
	}
	second, err := Ask(ctx, again)
	defer clear(second)
	if err == nil && !bytes.Equal(first, second) {
		err = ErrMismatch
	}
	if err != nil {
		clear(first)
		return nil, err
	}
	return first, nil
}

// ask hides before it shows the prompt, so that nothing typed as an answer is
// echoed, and not in the goroutine of the read, which could do it after ctx
// has ended and the terminal was restored.
func (t *terminal) ask(ctx context.Context, prompt string) ([]byte, error) {
	if err := t.hide(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	defer t.restore()
	resumed, stop := onResume()
	defer stop()
	if err := t.print(prompt); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, quote.WithoutPath(err))
	}
	answers := start(t.readLine)
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case a := <-answers:
			return a.value, a.err
		case <-resumed:
			// The shell that had the terminal meanwhile can have
			// turned the echo on.
			if err := t.hide(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoInput, err)
			}
			if err := t.print(prompt); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoInput, quote.WithoutPath(err))
			}
		}
	}
}

// restore puts the echo back and ends the line, which the user's own line end
// did not do without echo.
func (t *terminal) restore() {
	t.show()
	_ = t.print("\n")
}

// readTypedLine reads a line byte by byte, so that nothing behind it is lost. The
// buffer has its full size from the start: one that grows leaves copies behind.
// With edit the terminal gives single keys: Enter is CR, and Backspace is for us
// to obey.
func readTypedLine(r io.Reader, edit bool) ([]byte, error) {
	line := make([]byte, 0, maxSize)
	defer func() { clear(line[:cap(line)]) }()
	var key [1]byte
	defer clear(key[:])
	for {
		n, err := r.Read(key[:])
		switch {
		case n == 0 && errors.Is(err, io.EOF) && len(line) > 0:
			return typed(line)
		case n == 0 && errors.Is(err, io.EOF):
			return nil, ErrNoInput
		case n == 0 && err != nil:
			return nil, fmt.Errorf("%w: %w", ErrNoInput, quote.WithoutPath(err))
		case n == 0:
		case key[0] == '\n' || edit && key[0] == '\r':
			return typed(line)
		case edit && key[0] == '\b':
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case len(line) == cap(line):
			return nil, &UsageError{"the passphrase", "it is longer than 64 KiB"}
		default:
			line = append(line, key[0])
		}
	}
}

func typed(line []byte) ([]byte, error) {
	if bytes.IndexByte(line, 0) >= 0 {
		return nil, &UsageError{"the passphrase", problemNUL}
	}
	return bytes.Clone(line), nil
}

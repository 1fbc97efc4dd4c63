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
// When ctx ends, Ask turns the echo on again and returns ctx.Err(). The caller has
// to make the signals that end the process (INT, TERM) end ctx instead: a process
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
	// The echo goes off before the prompt is shown, so that nothing typed as an answer
	// is echoed, and not in the goroutine of the read, which could do it after ctx has
	// ended and the terminal was restored.
	if err := t.hide(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	defer func() {
		t.show()
		_ = t.print("\n") // without echo the user's own line end did not end the line
	}()
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
			// The shell that had the terminal meanwhile may have turned the echo on.
			if err := t.hide(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoInput, err)
			}
			if err := t.print(prompt); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoInput, quote.WithoutPath(err))
			}
		}
	}
}

// AskTwice asks for a new passphrase twice, the second time with the prompt again, and
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

// Show prints a text on the terminal of the process, whatever standard output and error are.
// Without a terminal it returns ErrNoTerminal.
func Show(text string) error {
	t, err := openTerminal()
	if err == nil {
		defer t.close()
		err = t.print(text)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoTerminal, quote.WithoutPath(err))
	}
	return nil
}

// readTypedLine reads a line byte by byte, so that nothing after it is lost. The
// buffer has its full size from the start: one that grows leaves copies in memory.
// With edit the terminal gives single keys: Enter is CR, and Backspace has to be
// handled here.
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
			return nil, &UsageError{"the passphrase", "is longer than 64 KiB"}
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

package passphrase

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
)

// Source says where a passphrase is read from. The zero value is not a source.
// Sources can be compared with ==: a source that is named twice is read only once,
// since Read uses up a pipe and unsets a variable.
type Source struct {
	kind kind
	name string
	fd   int
}

type kind int

const (
	unset kind = iota
	file
	env
	fd
)

// File returns the source that is the first line of that file.
func File(path string) Source { return Source{kind: file, name: path} }

// Env returns the source that is the first line of the value of that environment variable.
func Env(name string) Source { return Source{kind: env, name: name} }

// FD returns the source that is the first line of what comes from that file descriptor,
// which is read to its end. 0 is the standard input; Windows has only that one.
func FD(n int) Source { return Source{kind: fd, fd: n} }

// IsSet reports whether there is a source at all.
func (s Source) IsSet() bool { return s.kind != unset }

// String says what kind of source it is. It has no name or number: by mistake that may
// be the passphrase itself.
func (s Source) String() string {
	switch {
	case s.kind == file:
		return "the passphrase file"
	case s.kind == env:
		return "the environment variable"
	case s.kind == fd && s.fd == 0:
		return "the standard input"
	case s.kind == fd:
		return "the file descriptor"
	}
	return "no source of a passphrase"
}

// Read reads the passphrase: the first line, and apart from it its line end (LF, CRLF or
// CR), without a byte order mark, and as UTF-8 where it was UTF-16. Spaces are part of it,
// and so are bytes that are not UTF-8, except on Windows, where they are read in the code
// page of the system. It may be empty, which is for the caller to judge. The environment
// variable is unset, so that no program that is started later inherits it; the file
// descriptor is closed, unless it is stdin.
//
// A source that makes no sense is a *UsageError: an unset variable, a closed
// file descriptor, NUL, more than 64 KiB. Other errors are those of the system.
// When ctx ends first, Read returns ctx.Err() and leaves the read blocked.
func (s Source) Read(ctx context.Context, stdin io.Reader) (Text, error) {
	switch {
	case s.kind == file:
		return wait(ctx, func() (Text, error) {
			f, err := os.Open(s.name) // waits for a writer if it is a named pipe
			if err != nil {
				return Text{}, s.looking(quote.WithoutPath(err))
			}
			defer func() { _ = f.Close() }()
			return s.readFirstLine(f)
		})
	case s.kind == env:
		// Such a name cannot be in the environment, and Windows keeps internal
		// variables under names with "=".
		if s.name == "" || strings.ContainsAny(s.name, "=\x00") {
			return Text{}, s.usage(s.looking(errNoName).Error())
		}
		value, ok := os.LookupEnv(s.name)
		if !ok {
			return Text{}, s.usage(s.looking(errNotSet).Error())
		}
		if err := os.Unsetenv(s.name); err != nil {
			return Text{}, err
		}
		return s.readFirstLine(strings.NewReader(value))
	case s.kind == fd && s.fd == 0:
		return wait(ctx, func() (Text, error) { return s.readFirstLine(stdin) })
	case s.kind == fd:
		f, problem := inheritedFile(s.fd)
		if problem != "" {
			return Text{}, s.usage(problem)
		}
		return wait(ctx, func() (Text, error) {
			defer func() { _ = f.Close() }()
			return s.readFirstLine(f)
		})
	}
	return Text{}, errors.New(s.String())
}

func (s Source) usage(problem string) error { return &UsageError{s.String(), problem} }

var (
	errNoName = errors.New("has a name that no variable can have")
	errNotSet = errors.New("is not set")
)

// looking adds to err what the name looks like if it is not a name.
func (s Source) looking(err error) error {
	if what := quote.Secret(s.name); what != "" {
		return fmt.Errorf("%w; what stands in the place of its name looks like %s", err, what)
	}
	return err
}

// readFirstLine reads r to its end. The buffer has its full size from the start:
// one that grows leaves copies in memory.
func (s Source) readFirstLine(r io.Reader) (Text, error) {
	buf := make([]byte, maxSize+1)
	defer clear(buf)
	n, err := io.ReadFull(r, buf)
	switch {
	case err == nil:
		return Text{}, s.usage("is longer than 64 KiB, too long for a passphrase")
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return Text{}, quote.WithoutPath(err)
	}
	text, problem := firstLine(buf[:n])
	if problem != "" {
		return Text{}, s.usage(problem)
	}
	text.Bytes = fromSystem(text.Bytes, s.kind)
	return text, nil
}

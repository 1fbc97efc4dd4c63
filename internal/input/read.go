// Package input finds the files of a run, reads them, and opens the keys in them.
package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// Files reads inputs: files, environment variables, and the reader that stands for
// standard input.
type Files struct{ Stdin io.Reader }

// Read returns the content of an input, or a *sshkey.LimitError for one that is too
// large to be a key file, after no more than that much has been read.
func (f Files) Read(name string) ([]byte, error) {
	if variable, ok := Variable(name); ok {
		return readEnv(variable)
	}
	if name == Stdio {
		return ReadKey(f.Stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fault.New(fault.Failed, "this is a folder").With(fault.Advice{Do: fault.NameKeyFile})
	}
	return ReadKey(file)
}

// buffers are for ReadKey, each of the size of the largest key file: one that grows
// would leave copies behind.
var buffers = sync.Pool{New: func() any {
	buf := make([]byte, sshkey.MaxFileSize+1)
	return &buf
}}

// ReadKey reads to the end, and leaves no copy behind but what it returns.
func ReadKey(r io.Reader) ([]byte, error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	buf := *pooled
	n, err := io.ReadFull(r, buf)
	defer clear(buf[:n])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if err := budget.CheckFileSize(n); err != nil {
		return nil, fault.Advise(err, fault.Advice{Do: fault.RightFile})
	}
	return bytes.Clone(buf[:n]), nil
}

// readEnv returns what the variable holds, and unsets it, so that no program that is
// started later inherits the key.
func readEnv(name string) ([]byte, error) {
	if strings.ContainsAny(name, "=\x00") { // Windows keeps internal variables under names with "="
		return nil, fault.New(fault.Usage, "this is not the name of a variable")
	}
	value, ok := os.LookupEnv(name)
	switch {
	case !ok:
		return nil, fault.New(fault.Usage, "this environment variable is not set").With(fault.Advice{Do: fault.SetVariable})
	case strings.TrimSpace(value) == "":
		return nil, fault.New(fault.Usage, "this environment variable is empty").With(fault.Advice{Do: fault.SetVariable})
	}
	// A variable of GitLab of the type File has a path.
	if info, err := os.Stat(strings.TrimSpace(value)); err == nil && !info.IsDir() {
		return nil, fault.New(fault.Usage, "this environment variable holds the path of a file, not a key").With(fault.Advice{Do: fault.NameFile})
	}
	if err := os.Unsetenv(name); err != nil {
		return nil, err
	}
	return ReadKey(strings.NewReader(value))
}

// Options say which key of an input is opened, and what it may ask for.
type Options struct {
	Index  int // of several keys, counted from 1; 0 is the first
	Limits engine.Limits
	Strict bool // refuse damaged text and weak keys
}

// Open opens a text with a key, mended where it is damaged.
func (o Options) Open(data []byte) (*engine.File, error) {
	index := max(o.Index, 1)
	f, keys, err := engine.OpenKey(context.Background(), data, index-1, o.Limits)
	if err == nil {
		return f, nil
	}
	if index > keys && !fault.Is[*sshkey.LimitError](err) { // which may be before the last key
		return nil, fault.Coded(fault.Usage, fault.NoSuchKey, "there is no key %d: keys in this file: %d", index, keys)
	}
	if keys > 1 && (fault.Is[*sshkey.SyntaxError](err) || fault.Is[*sshkey.InvalidKeyError](err)) {
		err = fault.Advise(err, fault.Advice{Do: fault.TakeOther})
	}
	return nil, err
}

// OpenAll opens every key of a text in its order, mended where it is damaged, or with an
// Index that one alone. A key that cannot be mended is an error.
func (o Options) OpenAll(data []byte) ([]*engine.File, error) {
	if o.Index > 0 {
		f, err := o.Open(data)
		return []*engine.File{f}, err
	}
	m := engine.MendLimits(data, o.Limits)
	var files []*engine.File
	for i := range m.Keys() {
		f, err := engine.OpenMended(m, i, o.Limits)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Stdio names standard input as an input and standard output as an output.
const Stdio = "-"

// envPrefix begins the name of an input that is an environment variable. No file can
// have a name with NUL, so that none is mistaken for one.
const envPrefix = "\x00env:"

// Env returns the name of an input that is an environment variable.
func Env(variable string) string { return envPrefix + variable }

// Variable returns the environment variable of a name that Env made.
func Variable(name string) (variable string, ok bool) { return strings.CutPrefix(name, envPrefix) }

// IsVariable reports whether an input is an environment variable.
func IsVariable(name string) bool {
	_, ok := Variable(name)
	return ok
}

// IsStream reports whether an input has no place in the file system.
func IsStream(name string) bool {
	return name == Stdio || strings.HasPrefix(name, envPrefix)
}

// PlainName returns the name of an input in a report: that of a file as it was given, "-",
// or the variable as OpenSSL writes it. What could be a secret is not in it.
func PlainName(name string) string {
	if variable, ok := Variable(name); ok {
		name = "env:" + variable
	}
	if quote.Secret(name) != "" {
		return quote.Name(name)
	}
	return name
}

// Shown returns an input or output as a message names it. A name with control characters, or
// with bytes that are not UTF-8 and that some terminals take for them, is quoted, and one
// that could be a secret is not shown.
func Shown(name string) string {
	if name == Stdio {
		return "standard input"
	}
	return quote.Line(PlainName(name))
}

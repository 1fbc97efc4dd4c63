package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// stdio names standard input as an input and standard output as an output.
const stdio = "-"

// read returns the content of an input, or a *keyconv.LimitError for one that is too
// large to be a key file, after no more than that much has been read.
func (a *app) read(name string) ([]byte, error) {
	if variable, ok := strings.CutPrefix(name, envPrefix); ok {
		return readEnv(variable)
	}
	r := a.stdin
	if name == stdio && isTerminal(r) {
		a.note(name, "type or paste the key, then press %s", endOfInput[runtime.GOOS == "windows"])
	}
	if name != stdio {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, withHint(errors.New("this is a folder"), "name the key file in it; pem2ppk, ppk2pem, convert, check and inspect take all keys in it with -r")
		}
		r = f
	}
	return readKey(r)
}

// endOfInput is what ends the input of a terminal.
var endOfInput = map[bool]string{false: "Ctrl-D on a new line", true: "Ctrl-Z and Enter on a new line"}

// buffers are for readKey, each of the size of the largest key file: one that grows
// would leave copies behind.
var buffers = sync.Pool{New: func() any {
	buf := make([]byte, sshkey.MaxFileSize+1)
	return &buf
}}

// readKey reads to the end, and leaves no copy behind but what it returns.
func readKey(r io.Reader) ([]byte, error) {
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	buf := *pooled
	n, err := io.ReadFull(r, buf)
	defer clear(buf[:n])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if err := sshkey.CheckFileSize(n); err != nil {
		return nil, withHint(err, "a key file is small: is this the right file?")
	}
	return bytes.Clone(buf[:n]), nil
}

// clearKept wipes the key files that are done with: one may be a key in plain. Work that
// an interruption left behind may still read them; the process is about to end then.
func (a *app) clearKept() {
	if a.ctx.Err() != nil {
		return
	}
	for _, data := range a.kept {
		clear(data)
	}
	a.kept = nil
}

// open reads an input and what it has in the clear, mended where it is damaged.
func (a *app) open(name string) (*keyconv.File, error) {
	f, _, err := a.openData(name)
	return f, err
}

// openData also returns the text as it was found.
func (a *app) openData(name string) (*keyconv.File, []byte, error) {
	data, err := interruptible(a.ctx, func() ([]byte, error) { return a.read(name) })
	if err != nil {
		return nil, nil, err
	}
	a.kept = append(a.kept, data)
	f, err := interruptible(a.ctx, func() (*keyconv.File, error) { return a.openMended(data) })
	if err != nil {
		return nil, nil, err
	}
	a.record.from(f)
	if a.flags.strict && len(f.Repairs) > 0 {
		return nil, nil, &refused{"the text is damaged: " + f.Repairs[0].Message}
	}
	return f, data, nil
}

// openMended opens the key that --index names, the first without it.
func (a *app) openMended(data []byte) (*keyconv.File, error) {
	m := keyconv.Mend(data)
	index := max(a.flags.index, 1)
	if index > m.Keys() {
		return nil, usagef("there is no --index %d: private keys in this file: %d", index, m.Keys())
	}
	return keyconv.OpenMended(m, index-1, a.limits())
}

// noteRepairs says what was mended.
func (a *app) noteRepairs(name string, f *keyconv.File) {
	for _, repair := range f.Repairs {
		a.note(name, "mended: %s", repair.Message)
	}
}

// choices is the end of a sentence that names what there is.
func choices(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " (it has: " + strings.Join(list, ", ") + ")"
}

// shellName is a file name that can be pasted behind a command.
func shellName(name string) string { return shellNameOn(runtime.GOOS, name) }

// shellNameOn quotes as the shells of the system do. In place of a name that a
// message cannot show there is FILE.
func shellNameOn(system, name string) string {
	if variable, ok := strings.CutPrefix(name, envPrefix); ok {
		return "--input-env " + shellNameOn(system, variable)
	}
	if name != displayName(name) {
		return "FILE"
	}
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	special := " '\"$&|;<>()*?#~`\\"
	if system == "windows" {
		special = " '$&|;<>()#`^%,@{}"
	}
	switch {
	case name != "" && !strings.ContainsAny(name, special):
		return name
	case system == "windows": // for cmd and PowerShell; a name has no " there
		return `"` + name + `"`
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

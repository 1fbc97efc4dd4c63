package input

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxList is the largest list of files that is read: a million long names.
const maxList = 256 << 20

// Query says which files are the inputs of a run: those that are named, those that a
// list names, and those in folders that hold a key.
type Query struct {
	Names     []string
	Recursive bool
	List      string // a file with names of files, or Stdio
	Null      bool   // whether the names in the list end with NUL
	// Wanted says which formats count in folders.
	Wanted func(engine.Format) bool
	// Texts takes texts in folders too that have a key in them, and are not one.
	Texts bool
	// Everywhere looks into the folders too that nobody keeps keys in: those of version
	// control, of npm, and hidden caches.
	Everywhere bool
	// Flat leaves out the folders in a folder.
	Flat bool
	// Links takes symlinks to files too.
	Links bool
	// MayBeEmpty says that finding nothing is not an error.
	MayBeEmpty bool
	// Leave is a folder that is not looked into: that of the outputs. It may be empty.
	Leave  string
	Limits engine.Limits
	Stdin  io.Reader
}

// Set is the inputs of a run.
type Set struct {
	Names  []string
	Below  map[string]string // by input: its path below the folder or list that named it
	Broken map[string]error  // what could not be looked into
	Others int               // files in the folders that are not wanted

	seen map[string]bool // the inputs so far, where there are folders
}

// Find makes the list of inputs. In folders only files of a wanted format count, which
// is found out by their content.
func (q Query) Find(ctx context.Context) (*Set, error) {
	set := &Set{Below: map[string]string{}, Broken: map[string]error{}, seen: map[string]bool{}}
	names := Globbed(runtime.GOOS, q.Names)
	if q.List != "" {
		listed, err := q.listed(ctx, set)
		if err != nil {
			return nil, err
		}
		names = append(names, listed...)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case q.Recursive && name != Stdio && err == nil && info.IsDir():
			if err := q.walk(ctx, set, name); err != nil {
				return nil, err
			}
		case !q.Recursive || set.isNew(name):
			set.Names = append(set.Names, name)
		}
	}
	switch {
	case len(set.Names) > 0 || q.MayBeEmpty:
		return set, nil
	case q.Recursive:
		return nil, fault.New(fault.NotAKey, "no key to work on in the folders; files looked at: %d", set.Others).
			With(fault.Advice{Do: fault.Inspect})
	}
	return nil, fault.Coded(fault.Usage, fault.EmptyList, "the list names no file")
}

// Globbed resolves patterns on Windows, where the shells leave that to the program.
// What matches nothing stays, and is reported as a file that does not exist.
func Globbed(system string, args []string) []string {
	if system != "windows" {
		return args
	}
	var names []string
	for _, arg := range args {
		var found []string
		if strings.ContainsAny(arg, "*?") { // no name has these there
			// A bracket is a letter like any other in names on Windows.
			found, _ = filepath.Glob(strings.ReplaceAll(arg, "[", "[[]"))
		}
		if found == nil {
			found = []string{arg}
		}
		names = append(names, found...)
	}
	return names
}

// listed reads the names in the list. Relative ones keep their folders below the folder
// of the outputs.
func (q Query) listed(ctx context.Context, set *Set) ([]string, error) {
	text, err := batch.Interruptible(ctx, q.readList)
	if err != nil {
		return nil, fault.In(Shown(q.List), err)
	}
	var names []string
	once := map[string]bool{}
	for _, name := range q.split(text) {
		if name == Stdio { // a list names files
			name = "." + string(filepath.Separator) + name
		}
		if name == "" || once[name] {
			continue
		}
		once[name] = true
		names = append(names, name)
		if filepath.IsLocal(name) {
			set.Below[name] = filepath.Clean(name)
		}
	}
	if what := looksLikeKey(text, names); what != "" {
		return nil, fault.Coded(fault.Usage, fault.KeyAsList, "the list looks like %s, not like names of files", what).
			With(fault.Advice{Do: fault.GiveKey})
	}
	return names, nil
}

// looksLikeKey says what a list looks like that could be a key: no name in it may be
// printed then. It returns "" for a list in which there are names of files.
func looksLikeKey(text []byte, names []string) string {
	if what := quote.Secret(string(text)); what == quote.KeyMarker {
		return what
	}
	found := ""
	for _, name := range names {
		if _, err := os.Lstat(name); err == nil {
			return ""
		}
		found = cmp.Or(found, quote.Secret(name))
	}
	return found
}

// readList reads a list; PowerShell 5 writes one as UTF-16, but not with NUL bytes at
// the ends.
func (q Query) readList() ([]byte, error) {
	r := q.Stdin
	if q.List != Stdio {
		f, err := os.Open(q.List)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	limited := &io.LimitedReader{R: r, N: maxList + 1}
	r = limited
	if !q.Null {
		r = transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder()))
	}
	text, err := io.ReadAll(r)
	if err == nil && limited.N <= 0 {
		err = errors.New("the list is too long")
	}
	return text, err
}

func (q Query) split(text []byte) []string {
	if q.Null {
		return strings.Split(string(text), "\x00")
	}
	var names []string
	for line := range bytes.Lines(text) {
		names = append(names, string(bytes.TrimRight(line, "\r\n")))
	}
	return names
}

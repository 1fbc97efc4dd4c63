package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// inputs are the files to work on: those of the command line, those that a list names,
// and with -r those in folders that hold a key.
type inputs struct {
	recursive bool
	list      string // a file with names of files, of --files-from
	null      bool   // whether the names in it end with NUL

	done        string            // what is done with them: "converted"
	canContinue bool              // whether the command has --continue
	whole       bool              // whether a file in a folder has to be a key as a whole
	oneByOne    bool              // whether results are secret, and must not wait in memory
	below       map[string]string // by input: the path of its output below --output-dir
	broken      map[string]error  // what could not be looked into
	others      int               // files in the folders that are none of the wanted keys
	seen        map[string]bool   // with -r: all inputs so far
}

// maxList is the largest list of files that is read: a million long names.
const maxList = 256 << 20

// verb is what a run did with its inputs, in the summary.
func (i *inputs) verb() string {
	if i.done == "" {
		return "done"
	}
	return i.done
}

// noteLeftAlone says how many files in folders were none of the wanted keys.
func (i *inputs) noteLeftAlone(a *app) {
	if i.others > 0 && !a.flags.quiet {
		fmt.Fprintf(a.stderr, "note: files in the folders that are none of the keys wanted: %d\n", i.others)
	}
}

// expand makes the list of inputs. In folders only files of a wanted format count, told
// by their content.
func (a *app) expand(args []string, wanted func(keyconv.Format) bool) ([]string, error) {
	in := &a.inputs
	in.below, in.broken, in.seen = map[string]string{}, map[string]error{}, map[string]bool{}
	listed, err := a.listed()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range append(globbed(runtime.GOOS, args), listed...) {
		info, err := os.Stat(name)
		if !in.recursive || name == stdio || err != nil || !info.IsDir() {
			if !in.recursive || in.isNew(name) {
				names = append(names, name)
			}
			continue
		}
		found, err := a.walk(name, wanted)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	switch {
	case len(names) > 0:
		return names, nil
	case in.recursive:
		return nil, withHint(&wrongKind{fmt.Sprintf("no key to work on in the folders; files looked at: %d", in.others)},
			"keyconv inspect FILE tells what a file is")
	}
	return nil, usagef("the list of --files-from names no file")
}

// globbed resolves patterns on Windows, where the shells leave that to the program.
// What matches nothing stays, and is reported as a file that does not exist.
func globbed(system string, args []string) []string {
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

// listed reads the names in the list of --files-from. Relative ones keep their folders
// below --output-dir.
func (a *app) listed() ([]string, error) {
	if a.inputs.list == "" {
		return nil, nil
	}
	text, err := interruptible(a.ctx, func() ([]byte, error) { return a.readList(a.inputs.list) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", displayName(a.inputs.list), withoutPath(err))
	}
	var names []string
	once := map[string]bool{}
	for _, name := range a.inputs.split(text) {
		if name == stdio { // a list names files
			name = "." + string(filepath.Separator) + name
		}
		if name == "" || once[name] {
			continue
		}
		once[name] = true
		names = append(names, name)
		if filepath.IsLocal(name) {
			a.inputs.below[name] = filepath.Clean(name)
		}
	}
	return names, nil
}

// readList reads a list; PowerShell 5 writes one as UTF-16, but not with NUL bytes at
// the ends.
func (a *app) readList(list string) ([]byte, error) {
	r := a.stdin
	if list != stdio {
		f, err := os.Open(list)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	limited := &io.LimitedReader{R: r, N: maxList + 1}
	r = limited
	if !a.inputs.null {
		r = transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder()))
	}
	text, err := io.ReadAll(r)
	if err == nil && limited.N <= 0 {
		err = errors.New("the list is too long")
	}
	return text, err
}

func (i *inputs) split(text []byte) []string {
	if i.null {
		return strings.Split(string(text), "\x00")
	}
	var names []string
	for line := range bytes.Lines(text) {
		names = append(names, string(bytes.TrimRight(line, "\r\n")))
	}
	return names
}

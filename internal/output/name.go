// Package output decides where results go, and says what a place for them has to do:
// internal/disk is one, and memory can be another.
package output

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/input"
)

// replaced are the extensions of key files; any other belongs to the name, as in
// host.example.com.
var replaced = []string{".pem", ".key", ".ppk", ".prv", ".txt", ".p12", ".pfx"}

// Options say where the outputs of a run go.
type Options struct {
	File    string            // the output; "" for a name beside the input or in Folder
	Folder  string            // where outputs go; "" for the folder of the input
	Below   map[string]string // by input: its path below Folder, where that is kept
	Replace bool              // an output that exists
}

// Name returns where the result for an input goes. That of standard input goes to
// standard output.
func (o Options) Name(in, extension string) string {
	switch {
	case o.File != "":
		return o.File
	case input.IsStream(in) && o.Folder == "":
		return input.Stdio
	}
	name := in
	if input.IsStream(in) {
		name = "key"
	}
	if o.Folder != "" {
		folder, below := input.WithoutParents(o.Folder), cmp.Or(o.Below[name], filepath.Base(name))
		name = filepath.Join(folder, below)
		if input.HasParents(folder) { // which WithoutParents could not resolve
			name = folder + string(filepath.Separator) + below
		}
	}
	if ext := filepath.Ext(name); slices.Contains(replaced, strings.ToLower(ext)) && filepath.Base(name) != ext {
		name = strings.TrimSuffix(name, ext)
	}
	return name + extension
}

// ToStdout reports whether a result of the inputs goes to standard output.
func (o Options) ToStdout(inputs []string) bool {
	return o.File == input.Stdio || slices.ContainsFunc(inputs, input.IsStream) && o.Folder == ""
}

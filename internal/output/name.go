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

// Name returns where the result for an input goes: that of standard input to standard output,
// and any other under the name of the input with another extension, or with its own where that
// is empty.
func (o Options) Name(in, extension string) string {
	if o.File != "" {
		return o.File
	}
	name := in
	if input.IsStream(in) {
		name = "key"
		if o.Folder == "" {
			return input.Stdio
		}
	}
	if o.Folder != "" {
		folder, below := input.WithoutParents(o.Folder), cmp.Or(o.Below[name], filepath.Base(name))
		name = filepath.Join(folder, below)
		if input.HasParents(folder) { // which WithoutParents could not resolve
			name = folder + string(filepath.Separator) + below
		}
	}
	if extension == "" {
		return name
	}
	name, _ = splitName(name)
	return name + extension
}

// aside is what the name of a repaired file has before its extension.
const aside = ".repaired"

// RepairedName returns where the repaired text of an input goes: beside it with another
// name, or under its own name into the folder.
func (o Options) RepairedName(in string) string {
	if o.File != "" || o.Folder != "" || input.IsStream(in) {
		return o.Name(in, "")
	}
	name, extension := splitName(in)
	return name + aside + extension
}

// splitName splits a name before the extension of a key file, if it has one.
func splitName(name string) (stem, extension string) {
	ext := filepath.Ext(name)
	if !slices.Contains(replaced, strings.ToLower(ext)) || filepath.Base(name) == ext {
		return name, ""
	}
	return strings.TrimSuffix(name, ext), ext
}

// ToStdout reports whether a result of the inputs goes to standard output.
func (o Options) ToStdout(inputs []string) bool {
	return o.File == input.Stdio || slices.ContainsFunc(inputs, input.IsStream) && o.Folder == ""
}

package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/safefile"
)

// extensions is what the name of an output ends with.
var extensions = map[keyconv.Format]string{
	keyconv.PPK:     ".ppk",
	keyconv.PPK2:    ".ppk",
	keyconv.PEM:     ".pem",
	keyconv.PKCS8:   ".pem",
	keyconv.OpenSSH: ".pem",
	keyconv.SSHCom:  ".pem",
	keyconv.Public:  ".pub",
	keyconv.RFC4716: ".pub",
	keyconv.SPKI:    ".pub.pem",
}

// replaced are the extensions of key files; any other belongs to the name, as in
// host.example.com.
var replaced = []string{".pem", ".key", ".ppk", ".prv", ".txt", ".p12", ".pfx"}

// outputName is where the result for an input goes: -o, or a name beside the input
// or in the folder of -d. Standard input goes to standard output.
func (a *app) outputName(input, extension string) string {
	switch {
	case a.flags.output != "":
		return a.flags.output
	case isStream(input) && a.flags.outputDir == "":
		return stdio
	}
	name := input
	if isStream(input) {
		name = "key"
	}
	if a.flags.outputDir != "" {
		name = joined(withoutParents(a.flags.outputDir), cmp.Or(a.inputs.below[name], filepath.Base(name)))
	}
	if ext := filepath.Ext(name); slices.Contains(replaced, strings.ToLower(ext)) && filepath.Base(name) != ext {
		name = strings.TrimSuffix(name, ext)
	}
	return name + extension
}

// writesToStdout reports whether a result of the inputs goes to standard output.
func (a *app) writesToStdout(inputs []string) bool {
	return a.flags.output == stdio || slices.ContainsFunc(inputs, isStream) && a.flags.outputDir == ""
}

// makeFolder makes the folders below --output-dir that an output keeps of the path of
// its input; --output-dir itself has to be there.
func (a *app) makeFolder(output string) error {
	if !a.isBelow(output) {
		return nil
	}
	if _, err := os.Stat(a.flags.outputDir); err != nil {
		return nil // writing will tell
	}
	return os.MkdirAll(filepath.Dir(output), 0o700)
}

// isBelow reports whether an output is in a folder below --output-dir.
func (a *app) isBelow(output string) bool {
	return a.flags.outputDir != "" && filepath.Dir(output) != filepath.Clean(withoutParents(a.flags.outputDir))
}

// checkOutput refuses an output before anybody types a passphrase for it: a file of this
// run, something that exists, or what is not a file at all. Only a private key may take
// the place of one.
func (a *app) checkOutput(output string, private bool) error {
	if output == stdio {
		return nil
	}
	if _, err := os.Lstat(output); err != nil {
		return a.checkFolder(output)
	}
	if err := a.guard.check(output, overwrite{replace: a.flags.force, keys: private}); err != nil {
		return a.writeError(output, err)
	}
	return nil
}

// checkFolder refuses an output in a folder that does not exist. Those below
// --output-dir are made.
func (a *app) checkFolder(output string) error {
	place := output
	if a.isBelow(output) {
		place = filepath.Join(withoutParents(a.flags.outputDir), filepath.Base(output))
	}
	err := safefile.Check(place, true)
	if errors.Is(err, fs.ErrNotExist) {
		return a.writeError(output, err)
	}
	return nil // writing will tell what else is wrong, if anything is
}

// outputExists names the output, since the message begins with the input.
type outputExists struct{ output, more string }

func (e *outputExists) Error() string { return displayName(e.output) + " exists already" + e.more }
func (e *outputExists) Unwrap() error { return safefile.ErrExists }

// always is the extension of all inputs.
func always(extension string) func(string) string {
	return func(string) string { return extension }
}

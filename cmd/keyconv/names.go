package main

import (
	"os"
	"path/filepath"
	"runtime"
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
	case input == stdio && a.flags.outputDir == "":
		return stdio
	}
	name := input
	if input == stdio {
		name = "key"
	}
	if ext := filepath.Ext(name); slices.Contains(replaced, strings.ToLower(ext)) && filepath.Base(name) != ext {
		name = strings.TrimSuffix(name, ext)
	}
	if a.flags.outputDir != "" {
		name = filepath.Join(a.flags.outputDir, filepath.Base(name))
	}
	return name + extension
}

// checkOutput refuses an output before anybody types a passphrase for it: the input
// itself, something that exists, or what is no file at all.
func (a *app) checkOutput(input, output string) error {
	if output == stdio {
		return nil
	}
	if _, err := os.Lstat(output); err != nil {
		return nil // writing will tell what is wrong, if anything is
	}
	if target, err := os.Stat(output); err == nil && input != stdio {
		if in, err := os.Stat(input); err == nil && os.SameFile(in, target) {
			return withHint(usagef("the output %s is the input itself", displayName(output)),
				"name another file with -o; keyconv passwd changes a key in place")
		}
	}
	if err := safefile.Check(output, a.flags.force); err != nil {
		return a.writeError(output, err)
	}
	return nil
}

// outputExists names the output, since the message begins with the input.
type outputExists struct{ output string }

func (e *outputExists) Error() string { return displayName(e.output) + " exists already" }
func (e *outputExists) Unwrap() error { return safefile.ErrExists }

// always is the extension of all inputs.
func always(extension string) func(string) string {
	return func(string) string { return extension }
}

// checkInputs refuses, before any work, several inputs for one output.
func (a *app) checkInputs(inputs []string, extension func(input string) string) error {
	if a.flags.output != "" && len(inputs) > 1 {
		return withHint(usagef("-o names one output, but there are %d inputs", len(inputs)), "-d DIR writes all of them into a folder")
	}
	from := map[string]string{}
	for _, input := range inputs {
		output := filepath.Clean(a.outputName(input, extension(input)))
		folded := foldOn(runtime.GOOS, output)
		if other, taken := from[folded]; taken {
			return usagef("%s and %s would both be written to %s", displayName(other), displayName(input), displayName(output))
		}
		from[folded] = input
	}
	return nil
}

// foldOn makes names the same that are one file where case does not count.
func foldOn(system, name string) string {
	if system == "windows" || system == "darwin" {
		return strings.ToLower(name)
	}
	return name
}

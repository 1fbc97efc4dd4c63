// Package input finds the files of a run, reads them, and opens the keys in them.
package input

import (
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
)

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
	return IsVariable(name) || name == Stdio
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

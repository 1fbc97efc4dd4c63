// Package session makes the saved sessions of the programs that log in with a key:
// PuTTY, WinSCP, FileZilla and OpenSSH. It maps values to bytes, and adds a session to
// the bytes of a file that has some already. Files and the registry are up to the
// caller.
package session

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/quote"
)

// Session is what a program needs to log in.
type Session struct {
	Name string // in the program's list
	Target
	KeyFile string // the absolute path of the private key, as the program will see it
}

// InvalidError reports a value that a program would not read back as it was meant.
type InvalidError struct {
	msg string
	// Letters says that the value has letters that the program cannot read.
	Letters bool
}

func (e *InvalidError) Error() string { return e.msg }

// invalidf returns an error with the values in its words, but none that looks like a part of a key.
func invalidf(format string, args ...any) error {
	for i, arg := range args {
		text, ok := arg.(string)
		switch {
		case ok && quote.KeyText(text) != "":
			args[i] = quote.Name(text)
		case ok:
			args[i] = quote.WithoutPassword(text)
		}
	}
	return &InvalidError{msg: fmt.Sprintf(format, args...)}
}

// ExistsError reports a name that another session has.
type ExistsError struct {
	Name string
	Line int // of the file, from 1; 0 for none
	// Shared says that the block has other names too, and so cannot be replaced.
	Shared bool
}

func (e *ExistsError) Error() string {
	switch {
	case e.Shared:
		return fmt.Sprintf("there is a session %q already, in line %d together with others", e.Name, e.Line)
	case e.Line > 0:
		return fmt.Sprintf("there is another session %q already, in line %d", e.Name, e.Line)
	}
	return fmt.Sprintf("there is a session %q already", e.Name)
}

// Outcome is what happened to a file that may have had the session already.
type Outcome int

// The outcomes.
const (
	Added Outcome = iota
	Replaced
	AlreadyThere // and so the file is as it was
)

// Edit is a file with the session in it.
type Edit struct {
	Data    []byte
	Outcome Outcome
	// Warnings are settings of the file that win over those of the session.
	Warnings []string
}

// check returns an error for a value that no program could use.
func (s Session) check() error {
	if err := checkText("name of the session", s.Name); err != nil {
		return err
	}
	if strings.TrimSpace(s.Name) != s.Name {
		return invalidf("the name of the session begins or ends with a blank: %q", s.Name)
	}
	return checkText("path of the key", s.KeyFile)
}

// checkText returns an error unless the text is a single line of UTF-8.
func checkText(what, text string) error {
	switch {
	case text == "":
		return invalidf("the %s is empty", what)
	case !utf8.ValidString(text):
		return invalidf("the %s is not UTF-8: %q", what, text)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return invalidf("the %s has control characters: %q", what, text)
	}
	return nil
}

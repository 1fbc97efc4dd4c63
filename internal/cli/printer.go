package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/term"
)

// printer prints what a person reads, of a run or of one input.
type printer struct {
	stdout, stderr io.Writer
	quiet          bool
	// colour is for a terminal that shows it.
	colour bool
	// hidden has what no message may show.
	hidden *quote.Hidden
	// failed is the first failure; but an interruption counts more than any.
	failed error
	// hinted has the hints of the run so far, with FILE for the name of the input: each is
	// printed once, for the first input that it is about.
	hinted map[string]bool
}

// fail prints an error about an input (or about none, if name is empty) and remembers
// it.
func (p *printer) fail(name string, err error) {
	if p.failed == nil || fault.IsStop(err) {
		p.failed = err
	}
	if fault.IsStop(err) {
		return // a person who pressed Ctrl-C knows
	}
	where := "keyconv: "
	if name != "" {
		where += input.Shown(name) + ": "
	}
	p.print(p.in(bold, where+visible(message(err))))
	hint := hintFor(name, err)
	general := hint
	if name != "" {
		general = strings.ReplaceAll(hint, shellName(name), "FILE")
	}
	if hint == "" || p.hinted[general] {
		return
	}
	if p.hinted == nil {
		p.hinted = map[string]bool{}
	}
	p.hinted[general] = true
	p.print("hint: " + visible(hint))
}

// note prints something that is good to know.
func (p *printer) note(name, text string) { p.say("note:", name, text) }

func (p *printer) warn(name, text string) { p.say(p.in(yellow, "warning:"), name, text) }

func (p *printer) say(kind, name, text string) {
	p.report("%s %s: %s", kind, input.Shown(name), visible(text))
}

// report prints what was done, unless --quiet was given.
func (p *printer) report(format string, args ...any) {
	if !p.quiet {
		p.print(fmt.Sprintf(format, args...))
	}
}

// print prints a line for a person. Every line goes through it, so that none has a secret that
// was given as a name.
func (p *printer) print(line string) { fmt.Fprintln(p.stderr, p.hidden.Clean(line)) }

// message returns an error as a person reads it after the name of the file: without the
// package it came from, without the name that an *fs.PathError repeats, and with the
// words that the command line has for options.
func message(err error) string {
	text := quote.WithoutPackages(err)
	if path, ok := errors.AsType[*fs.PathError](err); ok && strings.HasPrefix(text, path.Op+" ") {
		return path.Err.Error()
	}
	for e, ok := errors.AsType[*fault.Error](err); ok; e, ok = errors.AsType[*fault.Error](e.Err) {
		if words := wordings.Get()[e.Code]; words != "" {
			return strings.Replace(text, e.Msg, fmt.Sprintf(words, e.Args...), 1)
		}
	}
	return text
}

// visible escapes what cannot be seen, such as control characters, which came from the
// command line and could send commands to the terminal.
func visible(text string) string {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		text = escaped(strings.ToValidUTF8(text, string(utf8.RuneError)))
	}
	return quote.Inert(text)
}

// escaped leaves bytes that are not UTF-8 as they are.
func escaped(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsPrint(r) || r == utf8.RuneError {
			b.WriteString(text[:size])
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		text = text[size:]
	}
	return b.String()
}

// showable returns a comment that can be printed: control characters, with which a file
// could command the terminal, become spaces. On a terminal other characters that cannot
// be seen are escaped; a file or a program gets them as they are.
func (o *one) showable(comment string) string {
	shown := withoutControls(comment)
	if shown != comment {
		o.Noted(fault.Note{Warning: true, File: o.name, Text: "the comment has control characters, which became spaces"})
	}
	out, ok := o.stdout.(*results)
	if !ok || !isTerminal(out.to) || escaped(shown) == shown {
		return shown
	}
	o.Noted(fault.Note{Warning: true, File: o.name, Text: "the comment has characters that cannot be seen, which are escaped on a terminal"})
	return escaped(shown)
}

// withoutControls leaves bytes that are not UTF-8 as they are, but for those that some
// terminals take for control characters (C1).
func withoutControls(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		isC1 := r == utf8.RuneError && size == 1 && text[0] < 0xa0
		if isC1 || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			b.WriteByte(' ')
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// shellName returns a file name that can be pasted after a command.
func shellName(name string) string { return shellNameOn(runtime.GOOS, name) }

// shellNameOn quotes as the shells of the system do. In place of a name that a
// message cannot show there is FILE.
func shellNameOn(system, name string) string {
	if variable, ok := input.Variable(name); ok {
		return "--input-env " + shellNameOn(system, variable)
	}
	if name != input.Shown(name) {
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

// Select graphic rendition (ECMA-48, 8.3.117), which all terminals have.
const (
	bold   = "\x1b[1m"
	yellow = "\x1b[33m"
	plain  = "\x1b[m"
)

// wantsColour reports whether errors and warnings on a stream stand out: on a terminal that
// says what it is, unless the person wants none (https://no-color.org).
func wantsColour(stream any) bool {
	if !isTerminal(stream) || os.Getenv("NO_COLOR") != "" {
		return false
	}
	kind := os.Getenv("TERM")
	if kind == "dumb" || kind == "" && runtime.GOOS != "windows" {
		return false
	}
	return enableColour(stream.(*os.File))
}

// in returns a text as a terminal shows it in a style, and as it is where there is no colour.
func (p *printer) in(style, text string) string {
	if !p.colour {
		return text
	}
	return style + text + plain
}

// isTerminal reports whether a person is at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalColumns returns how wide a terminal is, 0 for a stream that is not one.
func terminalColumns(stream any) int {
	if !isTerminal(stream) {
		return 0
	}
	columns, _, err := term.GetSize(int(stream.(*os.File).Fd()))
	if err != nil || columns < 1 {
		return usualColumns
	}
	return columns
}

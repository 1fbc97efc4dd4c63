package main

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/quote"
)

// displayName is an input or output as a message names it. A name with control
// characters, or bytes that are no UTF-8 and that some terminals take for them, is quoted.
func displayName(name string) string {
	if name == stdio {
		return "standard input"
	}
	return quote.Line(plainName(name))
}

// visible escapes what cannot be seen, such as control characters, which came from the
// command line and could send commands to the terminal.
func visible(text string) string {
	return quote.Inert(escaped(strings.ToValidUTF8(text, string(utf8.RuneError))))
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

// showable is a comment that can be printed: control characters, with which a file
// could command the terminal, become spaces. On a terminal other characters that cannot
// be seen are escaped; a file or a program gets them as they are.
func (a *app) showable(name, comment string) string {
	shown := withoutControls(comment)
	if shown != comment {
		a.warn(name, "the comment has control characters, which became spaces")
	}
	out, ok := a.stdout.(*results)
	if !ok || !out.isTerminal() || escaped(shown) == shown {
		return shown
	}
	a.warn(name, "the comment has characters that cannot be seen, which are escaped on a terminal")
	return escaped(shown)
}

// withoutControls leaves bytes that are no UTF-8 as they are, but for those that some
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

package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// displayName is an input or output as a message names it. A name with control
// characters, or bytes that are no UTF-8 and that some terminals take for them, is quoted.
func displayName(name string) string {
	if name == stdio {
		return "standard input"
	}
	name = plainName(name)
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%q", name)
	}
	return name
}

// visible escapes control characters, which came from the command line and could send
// commands to the terminal.
func visible(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unicode.IsControl(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// showable is a comment that can be printed: control characters, with which a file
// could command the terminal, become spaces.
func (a *app) showable(name, comment string) string {
	shown := withoutControls(comment)
	if shown != comment {
		a.warn(name, "the comment has control characters, which became spaces")
	}
	return shown
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

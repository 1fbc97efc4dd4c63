package mend

import (
	"html"
	"strings"
)

// kind is one way in which programs write a text as another text.
type kind struct {
	code string
	// mark is in every text that is written so, for which isIn, unless it is nil, looks as well.
	mark string
	isIn func(text string) bool
	undo func(text string) string
}

// kinds are undone in this order, and again while that changes the text: a diff of JSON may
// be in a mail.
var kinds = []kind{
	{"quoted-printable", "=", nil, unQuotePrintable},
	{"rtf", "", isRTF, unRTF},
	{"percent", "%", nil, unPercent},
	{"utf-7", "+", nil, unUTF7},
	{"ansi", "", hasANSI, unANSI},
	{"controls", "", showsControls, unControls},
	{"html", "&", nil, html.UnescapeString},
	{"invisible", "", isNotPlain, visible},
	{"look-alikes", "", isNotASCII, unLookAlike},
	{"dashes", "", isNotASCII, plainDashes},
	{"dashes", "", hasPlainMarker, unMarker},
	// Those that change where lines end come after those that do not: lines that are still
	// whole show what they have in common.
	{"html", "<", nil, unTag},
	{"backticks", "", hasBackticks, unBacktick},
	{"joined", "", hasQuotes, unJoin},
	{"escapes", `\`, nil, unBackslash},
	{"no-first-line", "Private-MAC:", lacksPPKStart, withPPKStart},
	{"separators", "", mayBeSeparated, unSeparate},
}

// scanShare is the part of the work of looking for keys in a text that one pass over its
// characters takes.
const scanShare = 8

// decode undoes one kind after the other, and yields each text that this makes; with all once
// every kind was undone that the text had.
func (m *mender) decode(r *reading, yield func(r *reading, all bool) bool) bool {
	for range maxUnescapes {
		before := r.text
		for _, k := range kinds {
			if !strings.Contains(r.text, k.mark) || k.isIn != nil && !k.isIn(r.text) {
				continue
			}
			if !m.Spend(len(r.text) / scanShare) {
				return false
			}
			changed := r.with(k.undo(r.text), k.code)
			if changed != r && !yield(changed, false) {
				return false
			}
			r = changed
		}
		if r.text == before {
			break
		}
		if !yield(r, true) {
			return false
		}
	}
	return true
}

// isBinary reports whether so much of a text is not ASCII that it is not a text with a key. One
// in which all letters are wide is.
func isBinary(s string) bool {
	other := 0
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			other++
		}
	}
	const private, putty = "\uff30\uff32\uff29\uff36\uff21\uff34\uff25", "\uff30\uff55\uff34\uff34\uff39"
	return other > len(s)/2 && !strings.Contains(s, private) && !strings.Contains(s, putty)
}

func isNotASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return true
		}
	}
	return false
}

// isNotPlain reports whether a text has other characters than those of ASCII that are seen.
func isNotPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0x7f {
			return true
		}
	}
	return false
}

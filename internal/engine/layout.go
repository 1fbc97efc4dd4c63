package engine

import (
	"bytes"
	"slices"

	"github.com/keyconv/keyconv/internal/readers"
)

// byteOrderMark is that of UTF-8 (RFC 3629, section 6).
func byteOrderMark() []byte { return []byte("\xef\xbb\xbf") }

// layouts are the departures of a text that are not damage, since most programs read it
// all the same, and what it is without each. Their order is that in which they are undone.
var layouts = []struct {
	name string
	undo func(text []byte) []byte
}{
	{"a byte order mark", func(text []byte) []byte { return bytes.TrimPrefix(text, byteOrderMark()) }},
	{"a blank line before the key", func(text []byte) []byte {
		mark, text := cutMark(text)
		return slices.Concat(mark, bytes.TrimLeft(text, "\r\n"))
	}},
	{"other text before the key", func(text []byte) []byte {
		mark, text := cutMark(text)
		return slices.Concat(mark, withoutTextBefore(text))
	}},
	{"line ends as on Windows", func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }},
	{"line ends as on old Macs", func(text []byte) []byte {
		if bytes.Contains(text, []byte("\n")) {
			return text
		}
		return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}},
	{"no line end after the last line", func(text []byte) []byte { return append(bytes.TrimSuffix(text, []byte("\n")), '\n') }},
}

// cutMark divides a text into the byte order mark before it, if there is one, and the rest.
func cutMark(text []byte) (mark, rest []byte) {
	n := len(text) - len(bytes.TrimPrefix(text, byteOrderMark()))
	return text[:n], text[n:]
}

// withoutTextBefore cuts off the lines before a key, unless all of them are blank.
func withoutTextBefore(text []byte) []byte {
	for _, marker := range []string{"-----BEGIN ", "PuTTY-User-Key-File-"} {
		before, _, found := bytes.Cut(text, []byte(marker))
		if found && bytes.HasSuffix(before, []byte("\n")) && len(bytes.TrimSpace(before)) > 0 {
			return text[len(before):]
		}
	}
	return text
}

// layoutOf returns what a program does not accept in the layout of the text: that which it
// refuses with all else undone. It returns nil where the layout alone is not the cause.
func (r *readings) layoutOf(read readers.Reader, f *File) (names []string) {
	opens := func(kept int) bool {
		text := bytes.Clone(r.text)
		for i, l := range layouts {
			if i != kept {
				text = l.undo(text)
			}
		}
		found := (&readings{text, r.opened}).of(read)
		return found != nil && found.isSame(f)
	}
	if !opens(-1) {
		return nil
	}
	for i, l := range layouts {
		if !opens(i) {
			names = append(names, l.name)
		}
	}
	return names
}

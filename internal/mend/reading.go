package mend

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// repairs by code. A reading collects codes, so that each is named once.
var repairs = map[string]string{
	"utf-16":      "it was in UTF-16, as PowerShell writes it",
	"html":        "HTML entities stood for characters",
	"escapes":     `line ends were written as \n`,
	"invisible":   "there were invisible or non-breaking characters in it",
	"base64":      "the whole file was in base64",
	"dashes":      "the dashes of the first or last line were typographic, or not five",
	"one-line":    "the line ends were lost",
	"indent":      "the lines were indented",
	"trailing":    "there were spaces at the end of lines",
	"blank-lines": "there were blank lines in it",
	"quoting":     `the lines began with the ">" of a quoted mail`,
	"quotes":      "there were quotes around it",
	"around":      "there was other text around the key",
	"no-begin":    "the BEGIN line was missing",
	"no-end":      "the END line was missing",
	"padding":     "the = at the end of the base64 were missing",
	"ppk-layout":  "the layout of the .ppk was damaged",
}

// reading is one way to read the bytes as text.
type reading struct {
	text  string
	codes []string // of the repairs so far

	searched bool // whether the markers have been looked for
	pem, ppk [][]int
}

// maxUnwraps is how often a whole file may be base64 in base64, maxUnescapes how
// often characters may be escaped in an escaped text.
const (
	maxUnwraps   = 4
	maxUnescapes = 3
)

// readings returns the text, and each text inside it: with as few changes as possible,
// and then with what might be part of a comment changed too.
func (m *mender) readings(data []byte) [][]*reading {
	list := m.unwrap(decodeCharset(data), maxUnwraps)
	if bytes.Count(data, []byte{0}) > len(data)/4 {
		// UTF-16 that was changed byte by byte has lost its pairs: it is ASCII with NUL
		// bytes in between.
		ascii := bytes.Trim(bytes.ReplaceAll(data, []byte{0}, nil), "\xff\xfe")
		list = append(list, m.unwrap(&reading{text: string(ascii), codes: []string{"utf-16"}}, maxUnwraps)...)
	}
	return list
}

func (m *mender) unwrap(plain *reading, depth int) [][]*reading {
	if !m.Spend(len(plain.text)) {
		return nil
	}
	layer := []*reading{plain}
	if changed := plain.unescape(); changed.text != plain.text {
		layer = append(layer, changed)
	}
	list := [][]*reading{layer}
	last := layer[len(layer)-1]
	if depth == 0 || last.hasMarker() {
		return list
	}
	if inner, ok := last.decodeBase64(); ok {
		return append(list, m.unwrap(inner, depth-1)...)
	}
	return list
}

// moveUnescaped moves the markers of keys to where they are in the unescaped text: no
// escape goes on into the word of a marker.
func (r *reading) moveUnescaped(keys []Key) {
	var marks []*int
	for i := range keys {
		for _, mark := range []*int{&keys[i].begin, &keys[i].end} {
			if *mark >= 0 {
				marks = append(marks, mark)
			}
		}
	}
	slices.SortFunc(marks, func(a, b *int) int { return cmp.Compare(*a, *b) })
	pos, moved := 0, 0
	for _, mark := range marks {
		before := &reading{text: r.text[pos:*mark]}
		moved += len(before.unescape().text)
		pos, *mark = *mark, moved
	}
}

func (r *reading) with(text, code string) *reading {
	if text == r.text {
		return r
	}
	return &reading{text: text, codes: append(slices.Clone(r.codes), code)}
}

// decodeCharset removes byte order marks and decodes UTF-16, which has a mark, or NUL as
// every other byte.
func decodeCharset(data []byte) *reading {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order, data = binary.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order, data = binary.BigEndian, data[2:]
	case mostlyNUL(data, 1):
		order = binary.LittleEndian
	case mostlyNUL(data, 0):
		order = binary.BigEndian
	default:
		return &reading{text: string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))}
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return &reading{text: string(utf16.Decode(units)), codes: []string{"utf-16"}}
}

// mostlyNUL reports whether, at the beginning of the data, most of every other byte from
// first on is NUL, as in ASCII in UTF-16.
func mostlyNUL(data []byte, first int) bool {
	data = data[:min(len(data), 128)&^1]
	nul := 0
	for i := first; i < len(data); i += 2 {
		if data[i] == 0 {
			nul++
		}
	}
	return nul > len(data)/4
}

// unescape undoes what editors, JSON and HTML do to single characters. A comment may
// always have had such characters, so this is a separate reading.
func (r *reading) unescape() *reading {
	for range maxUnescapes {
		once := r
		if strings.Contains(once.text, "&") {
			once = once.with(html.UnescapeString(once.text), "html")
		}
		if strings.Contains(once.text, "<") {
			once = once.with(htmlBreak().ReplaceAllString(once.text, "\n"), "html")
		}
		if strings.Contains(once.text, `\`) {
			once = once.with(escapes().ReplaceAllStringFunc(once.text, unescapeOne), "escapes")
		}
		once = once.with(visible(once.text), "invisible")
		if once.text == r.text {
			break
		}
		r = once
	}
	return r
}

var htmlBreak = lazy(`(?i)<br\s*/?>`)

// escapes matches those of JSON (RFC 8259 section 7) and of the shell. Several backslashes
// come from escaping more than once.
var escapes = lazy(`\\+(?:u[0-9A-Fa-f]{4}|["'/fnrt])`)

func unescapeOne(s string) string {
	s = strings.TrimLeft(s, `\`)
	switch s[0] {
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case 'f':
		return "\f"
	case 'u':
		if n, err := strconv.ParseUint(s[1:], 16, 16); err == nil {
			return string(rune(n))
		}
	}
	return s
}

// visible replaces non-breaking spaces by spaces and drops what has no width.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf && r != '\v' && r != '\f':
			return r
		case r == '\v' || r == '\f' || r == 0xa0 || r == 0x202f || r == 0x2007 || r == 0x3000:
			return ' '
		case r >= 0x200b && r <= 0x200f || r == 0x2060 || r == 0xfeff || r == 0xad:
			return -1
		case r == 0x2028 || r == 0x2029 || r == 0x85:
			return '\n'
		}
		return r
	}, s)
}

// hasMarker reports whether there is a marker of a private key.
func (r *reading) hasMarker() bool {
	r.search()
	return len(r.pem) > 0 || len(r.ppk) > 0
}

func (r *reading) pemMarkers() [][]int {
	r.search()
	return r.pem
}

func (r *reading) ppkMarkers() [][]int {
	r.search()
	return r.ppk
}

func (r *reading) search() {
	if !r.searched {
		r.pem, r.ppk, r.searched = findPEM(r.text), ppkMarker().FindAllStringSubmatchIndex(r.text, -1), true
	}
}

// named returns the repairs of the codes, each once.
func named(codes []string) []Repair {
	var list []Repair
	for _, code := range slices.Compact(slices.Sorted(slices.Values(codes))) {
		list = append(list, Repair{code, repairs[code]})
	}
	return list
}

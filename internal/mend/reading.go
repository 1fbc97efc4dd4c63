package mend

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/sshkey"
)

// reading is one way to read the bytes as text.
type reading struct {
	text  string
	codes []string // of the repairs so far
	isDER bool     // whether it is the base64 of a binary key

	searched bool // whether the markers have been looked for
	pem      []pemMarker
	ppk      []ppkMarker

	// What the text may be as numbers and in base64, once that was tried.
	tried           bool
	numbers, base64 [][]byte
}

// maxUnwraps is how often a whole file may be base64 in base64, maxUnescapes how
// often characters may be escaped in an escaped text.
const (
	maxUnwraps   = 4
	maxUnescapes = 3
)

// layers yields the readings of the text, and of each text inside it: with as few changes as
// possible first. Those of one layer have the same markers.
func (m *mender) layers(data []byte, yield func([]*reading) bool) {
	if n := structureSize(data); n > 0 && n < len(data) && pemblock.LabelOf(data[:n]) != "" {
		text := base64.StdEncoding.EncodeToString(data[:n])
		if !yield([]*reading{{text: text, codes: []string{"after"}, isDER: true}}) {
			return
		}
	}
	if !m.unwrap(decodeCharset(data), maxUnwraps, yield) || bytes.IndexByte(data, 0) < 0 {
		return
	}
	// UTF-16 that was changed byte by byte, or is a part of another text, has lost its pairs:
	// it is ASCII with NUL bytes in between.
	m.unwrap(&reading{text: withoutNUL(data), codes: []string{"utf-16"}}, maxUnwraps, yield)
}

// unwrap yields the layers of a text, and returns false where one was enough.
func (m *mender) unwrap(plain *reading, depth int, yield func([]*reading) bool) bool {
	if !m.Spend(len(plain.text)) {
		return false
	}
	layer := []*reading{plain}
	if changed := plain.unescape(); changed.text != plain.text {
		layer = append(layer, changed)
	}
	if !yield(layer) {
		return false
	}
	return m.unwrapMore(plain, depth, yield)
}

// maxLayers is how many more readings of a text there are. Few texts have had more than three
// things done to them.
const maxLayers = 20

// unwrapMore yields the layers that need more changes: with every kind of writing undone, one
// after the other, and with the lines cut before, between and after that.
func (m *mender) unwrapMore(plain *reading, depth int, yield func([]*reading) bool) bool {
	if isBinary(plain.text) || plain.hasTooMany() {
		return true
	}
	seen := map[string]bool{plain.text: true}
	next := func(r *reading) bool {
		if seen[r.text] || len(seen) > maxLayers {
			return true
		}
		seen[r.text] = true
		return m.Spend(len(r.text)/scanShare) && yield([]*reading{r}) && !r.hasTooMany()
	}
	decoded := plain
	each := func(r *reading, all bool) bool {
		decoded = r
		cut := r
		if !isRTF(r.text) {
			cut = r.undecorated()
		}
		if cut == r {
			cut = r.unfolded()
		}
		if cut != r && !(next(cut) && m.decode(cut, func(r *reading, all bool) bool { return !all || next(r) && next(r.undecorated()) })) {
			return false
		}
		return !all || next(r)
	}
	if !each(plain, true) || !m.decode(plain, each) {
		return false
	}
	if depth == 0 {
		return true
	}
	if (plain.hasMarker() || decoded.hasMarker()) && !(m.Spend(len(plain.text)/scanShare) && isWideDump(plain.text)) {
		return true
	}
	return m.unwrapBare(plain, decoded, depth, yield)
}

// unwrapBare yields the layers of a text without markers: what it has in base64 or in numbers,
// or a key that has lost its markers in lines that have something in common.
func (m *mender) unwrapBare(plain, decoded *reading, depth int, yield func([]*reading) bool) bool {
	var list []*reading
	for _, r := range []*reading{plain, decoded, decoded.undecoratedBare(false), decoded.undecoratedBare(true)} {
		if !slices.ContainsFunc(list, func(other *reading) bool { return other.text == r.text }) {
			list = append(list, r)
		}
	}
	// A piece of base64 may decode to a text too, so that a word of a key is looked for first,
	// and in the most text.
	for _, isIt := range []func([]byte) bool{hasKeyWord, isText} {
		var longest *reading
		for _, r := range list {
			if !m.Spend(len(r.text) / scanShare) {
				return false
			}
			if inner := m.unwrapped(r, isIt); inner != nil && (longest == nil || len(inner.text) > len(longest.text)) {
				longest = inner
			}
		}
		if longest != nil {
			return m.unwrap(longest, depth-1, yield)
		}
	}
	for _, r := range list {
		if r != plain && !yield([]*reading{r}) {
			return false
		}
	}
	return true
}

// unwrapped returns the text that a whole text is as base64 or in numbers, or nil.
func (m *mender) unwrapped(r *reading, isIt func([]byte) bool) *reading {
	if !r.tried {
		r.numbers, r.base64, r.tried = m.numberBytes(r.text), r.base64Bytes(), true
	}
	data := r.unNumbers(isIt)
	if data == nil {
		return r.decodeBase64(isIt)
	}
	inner := &reading{text: base64.StdEncoding.EncodeToString(data), isDER: true}
	if isText(data) {
		inner = decodeCharset(data)
	}
	inner.codes = slices.Concat(r.codes, []string{"hex"}, inner.codes)
	return inner
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
	switch {
	case text == r.text:
		return r
	case code == "escapes" && countLineEnds(text) == countLineEnds(r.text):
		code = "backslashes"
		if strings.Contains(r.text, "\\\n") || strings.Contains(r.text, "\\\r") {
			code = "continued"
		}
	}
	return &reading{text: text, codes: append(slices.Clone(r.codes), code)}
}

func countLineEnds(text string) int {
	return strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
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
			once = once.with(unBreak(once.text), "html")
		}
		if strings.Contains(once.text, `\`) {
			once = once.with(unSlash(once.text), "escapes")
		}
		once = once.with(visible(once.text), "invisible")
		if once.text == r.text {
			break
		}
		r = once
	}
	return r
}

// visible replaces non-breaking spaces by spaces and drops what has no width.
func visible(s string) string {
	if !isNotASCII(s) && !strings.ContainsAny(s, "\v\f") {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf && r != '\v' && r != '\f':
			return r
		case r == '\v' || r == '\f' || r == 0xa0 || r == 0x202f || r >= 0x2000 && r <= 0x200a || r == 0x205f || r == 0x3000:
			return ' '
		case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r == 0xfeff || r == 0xad:
			return -1
		case r == 0x2028 || r == 0x2029 || r == 0x85:
			return '\n'
		}
		return r
	}, s)
}

// hasTooMany reports whether there are markers of more keys than are read.
func (r *reading) hasTooMany() bool {
	return r.hasMarker() && (len(r.pem) > 3*sshkey.MaxTextKeys || len(r.ppk) > sshkey.MaxTextKeys)
}

// hasMarker reports whether there is a marker of a private key.
func (r *reading) hasMarker() bool {
	r.search()
	return len(r.pem) > 0 || len(r.ppk) > 0
}

func (r *reading) pemMarkers() []pemMarker {
	r.search()
	return r.pem
}

func (r *reading) ppkMarkers() []ppkMarker {
	r.search()
	return r.ppk
}

func (r *reading) search() {
	if !r.searched {
		r.pem, r.ppk, r.searched = findPEM(r.text), findPPK(r.text, 0, len(r.text)), true
	}
}

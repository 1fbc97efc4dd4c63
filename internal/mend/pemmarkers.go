package mend

import (
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/pemblock"
)

const (
	// maxDashes is how many dashes belong to a marker.
	maxDashes = 10
	// maxLabel is longer than any label, with the white space in it and after it.
	maxLabel = 1024
)

// pemMarker is a BEGIN or END line of a private key, or of its curve: with any dashes, and
// with white space where YAML's folding put some.
type pemMarker struct {
	start, end        int // with the dashes around it, and the blanks after it
	word, after       int // BEGIN or END
	label, labelEnd   int
	dashes, dashesEnd int // those after the label
}

func (m pemMarker) isEnd(text string) bool { return text[m.word:m.after] == "END" }

// labelOf returns the label with one space between its words.
func (m pemMarker) labelOf(text string) string {
	label := text[m.label:m.labelEnd]
	for _, known := range pemblock.PrivateLabels {
		if label == known {
			return known
		}
	}
	return strings.Join(strings.Fields(label), " ")
}

// findPEM returns the markers of a text. Where the line end between two of them was lost, they
// share the dashes.
func findPEM(text string) (found []pemMarker) {
	if !strings.Contains(text, "PRIVATE") && !strings.Contains(text, "PARAMETERS") {
		return nil
	}
	begin, end := indexFrom(text, "BEGIN", 0), indexFrom(text, "END", 0)
	for pos := 0; begin < len(text) || end < len(text); {
		var m pemMarker
		var ok bool
		if begin < end {
			m, ok = markerAt(text, pos, begin, begin+len("BEGIN"))
			begin = indexFrom(text, "BEGIN", begin+1)
		} else {
			m, ok = markerAt(text, pos, end, end+len("END"))
			end = indexFrom(text, "END", end+1)
		}
		if ok {
			found, pos = append(grown(found), m), m.end
		}
	}
	return found
}

// indexFrom returns where the word is next, or the length of the text.
func indexFrom(text, word string, from int) int {
	if i := strings.Index(text[from:], word); i >= 0 {
		return from + i
	}
	return len(text)
}

// markerAt returns the marker around a word. It does not begin before pos.
func markerAt(text string, pos, word, after int) (m pemMarker, ok bool) {
	if word < pos {
		return m, false
	}
	start := pos + len(strings.TrimRight(text[pos:word], spaces))
	dashes := 0
	for ; dashes < maxDashes; dashes++ {
		r, size := utf8.DecodeLastRuneInString(text[pos:start])
		if !isDash(r) {
			break
		}
		start -= size
	}
	if dashes == 0 {
		return m, false
	}
	m = pemMarker{start: start, word: word, after: after}
	if !m.findLabel(text[:min(len(text), after+maxLabel)]) {
		return m, false
	}
	next := text[m.end:]
	if m.dashesEnd == m.end && (strings.HasPrefix(next, "BEGIN") || strings.HasPrefix(next, "END")) {
		shared := []rune(text[m.dashes:m.dashesEnd])
		m.end = m.dashes + len(string(shared[:(len(shared)+1)/2])) // the others begin the next marker
	}
	return m, true
}

// maxWords is how many words a label has, with PRIVATE KEY.
const maxWords = 5

// findLabel finds the label after the word, and the dashes and blanks after it.
func (m *pemMarker) findLabel(text string) bool {
	var words [maxWords]string
	n, pos := 0, m.after
	for {
		start := skip(text, pos, spaces)
		end := wordEnd(labelLetters, text, start)
		if end == start || start == pos { // no word, or no space before it
			break
		}
		if n == maxWords {
			return false
		}
		if n == 0 {
			m.label = start
		}
		words[n], n, pos = text[start:end], n+1, end
	}
	isKey := n >= 2 && words[n-2] == "PRIVATE" && words[n-1] == "KEY"
	if !isKey && !(n == 2 && words[0] == "EC" && words[1] == "PARAMETERS") {
		return false
	}
	m.labelEnd, m.dashes = pos, skip(text, pos, spaces)
	m.dashesEnd = m.dashes
	for count := 0; count < maxDashes && dashLength(text, m.dashesEnd) > 0; count++ {
		m.dashesEnd += dashLength(text, m.dashesEnd)
	}
	m.end = skip(text, m.dashesEnd, " \t")
	return m.dashesEnd > m.dashes
}

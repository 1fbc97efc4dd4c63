package mend

import (
	"strings"
	"unicode/utf8"
)

// pemLabel matches what follows the word BEGIN or END in the marker of a private key, or of
// its curve: with any dashes, and with white space where YAML's folding put some.
var pemLabel = lazy(`^\s+((?:[A-Z0-9]+\s+){0,3}PRIVATE\s+KEY|EC\s+PARAMETERS)\s*(` + dashClass + `{1,10})[ \t]*`)

const (
	// maxDashes is how many dashes belong to a marker.
	maxDashes = 10
	// maxLabel is longer than any label, with the white space in it and after it.
	maxLabel = 1024
)

// findPEM returns the markers of a text, each as the bounds of the whole marker, of the
// word, of the label and of the dashes after it. Where the line end between two markers
// was lost, they share the dashes.
func findPEM(text string) (found [][]int) {
	if !strings.Contains(text, "PRIVATE") && !strings.Contains(text, "PARAMETERS") {
		return nil
	}
	begin, end := indexFrom(text, "BEGIN", 0), indexFrom(text, "END", 0)
	for pos := 0; begin < len(text) || end < len(text); {
		var m []int
		if begin < end {
			m = markerAt(text, pos, begin, begin+len("BEGIN"))
			begin = indexFrom(text, "BEGIN", begin+1)
		} else {
			m = markerAt(text, pos, end, end+len("END"))
			end = indexFrom(text, "END", end+1)
		}
		if m != nil {
			found, pos = append(found, m), m[1]
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

// markerAt returns the marker around a word, or nil. It does not begin before pos.
func markerAt(text string, pos, word, after int) []int {
	if word < pos {
		return nil
	}
	start := pos + len(strings.TrimRight(text[pos:word], " \t\n\f\r"))
	dashes := 0
	for ; dashes < maxDashes; dashes++ {
		r, size := utf8.DecodeLastRuneInString(text[pos:start])
		if !isDash(r) {
			break
		}
		start -= size
	}
	if dashes == 0 {
		return nil
	}
	l := pemLabel().FindStringSubmatchIndex(text[after:min(len(text), after+maxLabel)])
	if l == nil {
		return nil
	}
	m := []int{start, after + l[1], word, after, after + l[2], after + l[3], after + l[4], after + l[5]}
	next := text[m[1]:]
	if m[7] == m[1] && (strings.HasPrefix(next, "BEGIN") || strings.HasPrefix(next, "END")) {
		shared := []rune(text[m[6]:m[7]])
		m[1] = m[6] + len(string(shared[:(len(shared)+1)/2])) // the others begin the next marker
	}
	return m
}

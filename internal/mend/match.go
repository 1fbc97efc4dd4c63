package mend

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What is looked for in each text is matched here letter by letter: an expression of package
// regexp takes ten to fifty times as long. match_test.go compares them.

// dashLength returns how long the dash is that stands at i, of any of the kinds that editors
// make of "-"; 0 for no dash.
func dashLength(s string, i int) int {
	switch {
	case i >= len(s):
		return 0
	case s[i] < utf8.RuneSelf:
		if s[i] == '-' {
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if isDash(r) {
		return size
	}
	return 0
}

// afterName returns where a name ends that stands at i, in which each "-" may be any dash; -1
// where it does not stand there.
func afterName(s string, i int, name string) int {
	for n := range len(name) {
		size := 1
		if name[n] == '-' {
			size = dashLength(s, i)
		}
		if size == 0 || i >= len(s) || name[n] != '-' && s[i] != name[n] {
			return -1
		}
		i += size
	}
	return i
}

// indexName returns the bounds of the first of the names after from, each of which begins with
// the word; -1 for none.
func indexName(s, word string, from int, names ...string) (start, end int) {
	for start = indexFrom(s, word, from); start < len(s); start = indexFrom(s, word, start+1) {
		for _, name := range names {
			if end = afterName(s, start, name); end >= 0 {
				return start, end
			}
		}
	}
	return -1, -1
}

// spaces are what \s matches in package regexp.
const spaces = " \t\n\f\r"

// ppkMarker is the beginning of a PuTTY key file: the version is before the colon.
type ppkMarker struct{ start, version, end int }

// grown returns a list with room for one more, and doubles a list that is full: append makes a
// long one only a quarter longer, so that its copies come to five times its size.
func grown[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(1, len(list)))
}

// findPPK returns the beginnings of PuTTY key files from a place on, with any dashes: at most
// so many.
func findPPK(s string, from, max int) (found []ppkMarker) {
	for len(found) < max {
		start, end := indexName(s, "PuTTY", from, "PuTTY-User-Key-File-")
		if start < 0 {
			break
		}
		from = end
		if strings.HasPrefix(s[min(len(s), end+1):], ":") && s[end] >= '1' && s[end] <= '3' {
			found, from = append(grown(found), ppkMarker{start, end, end + 2}), end+2
		}
	}
	return found
}

// ppkName is a name of a header with its colon, and the spaces between them.
type ppkName struct{ start, end, index int }

// findPPKNames returns where the names of headers of a PuTTY key file stand: at most so many.
// A colon ends each, so that no two of them overlap.
func findPPKNames(s string, max int) (found []ppkName) {
	done := 0 // where the last colon was
	for colon := indexFrom(s, ":", 0); colon < len(s) && len(found) < max; colon = indexFrom(s, ":", done) {
		end := done + len(strings.TrimRight(s[done:colon], spaces))
		for i, name := range ppkHeaders {
			if end == done || s[end-1] != name[len(name)-1] {
				continue
			}
			if start := beforeName(s[done:end], name); start >= 0 {
				found = append(found, ppkName{done + start, colon + 1, i})
				break
			}
		}
		done = colon + 1
	}
	return found
}

// beforeName returns where a name begins that a text ends with, in which each "-" may be any
// dash; -1 where it does not end so.
func beforeName(s, name string) int {
	i := len(s)
	for n := len(name) - 1; n >= 0; n-- {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if size == 0 || r != rune(name[n]) && !(name[n] == '-' && isDash(r)) {
			return -1
		}
		i -= size
	}
	return i
}

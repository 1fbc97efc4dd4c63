// Package mend finds the private keys in text that browsers, YAML, JSON, environment
// variables, PowerShell or chat have damaged, by what cannot be mistaken: the BEGIN and
// END lines, the header names of a .ppk, base64. It writes each key again in its canonical
// form, and never guesses: it returns only what the caller's function accepts as a key.
package mend

import (
	"bytes"
	"slices"
	"strings"
)

// Repair is one thing that was wrong with a text.
type Repair struct {
	Code    string // stable, for programs: "utf-16", "one-line", ...
	Message string // for people
}

// Candidate is a text as it may have been before the damage.
type Candidate struct {
	Data    []byte
	Repairs []Repair
	Extra   bool // whether text, or other blocks, around the key were left out
}

// Judge is what mending asks of a package that knows the formats.
type Judge struct {
	// IsKey reports whether a text is a key file, with nothing after the key.
	IsKey func(data []byte) bool
	// Spend counts the bytes that mending has read, and returns false to stop it.
	Spend func(bytes int) bool
}

// Result is what Text found.
type Result struct {
	// Keys has the candidates of each key, the likeliest first. It is empty where no key
	// was found, and has one more than sshkey.MaxTextKeys where there are more.
	Keys [][]Candidate
	// Lost is the line where the first key begins if none could be mended, or 0.
	Lost int
}

// Text returns the keys of a text.
func Text(data []byte, judge Judge) Result {
	m := &mender{Judge: judge}
	all := m.readings(data)
	for _, r := range all {
		m.add(append(m.extractPEM(r), m.extractPPK(r)...))
	}
	for _, r := range all {
		if len(m.keys) == 0 && !r.hasMarker() {
			m.add(m.extractBare(r))
		}
	}
	if len(m.keys) == 0 {
		return Result{Lost: markerLine(all)}
	}
	return Result{Keys: m.keys}
}

type mender struct {
	Judge
	keys [][]Candidate
}

// add merges the keys of one reading of the text with those of the others: the key of
// the same index is the same key.
func (m *mender) add(keys [][]Candidate) {
	for i, candidates := range keys {
		if i == len(m.keys) {
			m.keys = append(m.keys, nil)
		}
		for _, c := range candidates {
			if !hasCandidate(m.keys[i], c.Data) {
				m.keys[i] = append(m.keys[i], c)
			}
		}
	}
}

func hasCandidate(list []Candidate, data []byte) bool {
	return slices.ContainsFunc(list, func(c Candidate) bool { return bytes.Equal(c.Data, data) })
}

// markerLine returns the line of the first marker of a key in any of the readings, or 0.
func markerLine(all []*reading) int {
	for _, r := range all {
		if !r.hasMarker() {
			continue
		}
		first := len(r.text)
		for _, found := range [][][]int{r.pemMarkers(), r.ppkMarkers()} {
			if len(found) > 0 {
				first = min(first, found[0][0])
			}
		}
		return 1 + strings.Count(r.text[:first], "\n")
	}
	return 0
}

// TrimLegal removes what is not damage: a UTF-8 byte order mark, and blank lines around
// the text.
func TrimLegal(data []byte) []byte {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasSuffix(trimmed, []byte("\n")) || bytes.HasSuffix(trimmed, []byte("\r")) {
		body := bytes.TrimRight(trimmed, "\r\n")
		trimmed = trimmed[:min(len(trimmed), len(body)+1)]
	}
	return trimmed
}

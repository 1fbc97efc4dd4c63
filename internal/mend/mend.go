// Package mend takes apart text that holds private keys, and that browsers, YAML, JSON,
// environment variables, PowerShell or chat have damaged, by what cannot be mistaken:
// the BEGIN and END lines, the header names of a .ppk, base64. It writes each key again
// in its canonical form, and never guesses: what it returns is a key, as the caller's
// function says. It knows no format itself.
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
	// Spend counts bytes that were gone through, and returns false to stop.
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

// add merges what one reading of the text gave with what others gave: the key of the
// same index is the same key.
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

// markerLine is the line of the first marker of a key in any of the readings, or 0.
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

// TrimLegal takes off what is not damage: a UTF-8 byte order mark and blank lines
// around the text.
func TrimLegal(data []byte) []byte {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasSuffix(trimmed, []byte("\n")) || bytes.HasSuffix(trimmed, []byte("\r")) {
		body := bytes.TrimRight(trimmed, "\r\n")
		trimmed = trimmed[:min(len(trimmed), len(body)+1)]
	}
	return trimmed
}

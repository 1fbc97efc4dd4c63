// Package mend finds the private keys in text that browsers, YAML, JSON, environment
// variables, PowerShell or chat have damaged, by what cannot be mistaken: the BEGIN and
// END lines, the header names of a .ppk, base64. It writes each key again in its canonical
// form, and never guesses: it returns only what the caller's function accepts as a key.
package mend

import (
	"bytes"
	"cmp"
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
	// Guess says that letters of the key were put in place of others, so that it needs proof.
	Guess bool
	// Comment is the comment of a .ppk in UTF-8, where Data has it in a code page.
	Comment string

	codes []string // of the repairs of this candidate alone
}

// Proof says what a key file shows, without a passphrase, of whether it is whole.
type Proof int

// A private half that has a public half, or a MAC, to be compared with is Proved.
const (
	NoProof Proof = iota
	NeedsPassphrase
	Proved
)

// Judge is what mending asks of a package that knows the formats.
type Judge struct {
	// IsKey reports whether a text is a key file, with nothing after the key.
	IsKey func(data []byte) bool
	// IsWhole reports whether a text is a key, or several, in a form without markers, so that
	// all of it belongs to that. It is asked of texts that had to be decoded; nil for no form.
	IsWhole func(data []byte) bool
	// Proof returns what a key file shows of itself.
	Proof func(data []byte) Proof
	// Spend counts the bytes that mending has read, and returns false to stop it.
	Spend func(bytes int) bool
}

// Key is a place in a text where a private key begins.
type Key struct {
	// Candidates is what the key may have been, the likeliest first. It is empty where the
	// key could not be mended.
	Candidates []Candidate
	Line       int
	Damaged    []byte // the text of a key that could not be mended, as it is
	Cause      string // why it is not a private key, where its content shows that

	begin, end int // where its markers are, or -1
}

// Result is what Text found.
type Result struct {
	// Keys are in the order of the text. There is one more than sshkey.MaxTextKeys where
	// there are more.
	Keys []Key
	// Lost is the line where the first key begins if none could be mended, or 0.
	Lost int
}

// Mended returns how many of the keys could be mended.
func (r Result) Mended() int { return mended(r.Keys) }

func mended(keys []Key) (n int) {
	for _, k := range keys {
		n += min(1, len(k.Candidates))
	}
	return n
}

// Text returns the keys of a text.
func Text(data []byte, judge Judge) Result {
	m := &mender{judge}
	var all []*reading
	var keys []Key
	m.layers(data, func(layer []*reading) bool {
		if whole := m.whole(layer); whole != nil {
			keys = whole
			return false
		}
		found := m.keysOf(layer)
		switch {
		case len(found) == len(keys):
			keys = merge(keys, found)
		case len(keys) == 0 || mended(found) > mended(keys):
			keys = found
		}
		all = append(all, layer...)
		return !m.areSettled(keys)
	})
	for _, r := range all {
		if mended(keys) == 0 && !r.hasMarker() {
			if c := m.extractBare(r); c != nil {
				keys = []Key{{Candidates: c}}
			}
		}
	}
	switch {
	case mended(keys) > 0:
		return Result{Keys: keys}
	case len(keys) > 0:
		return Result{Keys: keys, Lost: keys[0].Line}
	}
	return Result{Lost: markerLine(all)}
}

type mender struct{ Judge }

// whole returns a reading that is a key in a form without markers, or nil.
func (m *mender) whole(layer []*reading) []Key {
	for _, r := range layer {
		if len(r.codes) > 0 && m.IsWhole != nil && !r.hasMarker() && m.IsWhole([]byte(r.text)) {
			return []Key{{Candidates: []Candidate{{Data: []byte(r.text), Repairs: named(r.codes)}}, Line: 1, begin: -1, end: -1}}
		}
	}
	return nil
}

// areSettled reports whether no other reading is needed: every key is there, and no passphrase
// is needed to know whether it is the right one.
func (m *mender) areSettled(keys []Key) bool {
	return len(keys) > 0 && !slices.ContainsFunc(keys, func(k Key) bool {
		return len(k.Candidates) == 0 || m.Proof(k.Candidates[0].Data) == NeedsPassphrase
	})
}

// keysOf returns the keys of the readings of one text, in their order.
func (m *mender) keysOf(layer []*reading) (keys []Key) {
	for i, r := range layer {
		found := append(m.extractPEM(r), m.extractPPK(r)...)
		slices.SortStableFunc(found, Key.compare)
		line, pos := 1, 0
		for n := range found {
			line += strings.Count(r.text[pos:found[n].at()], "\n")
			found[n].Line, pos = line, found[n].at()
		}
		if i+1 < len(layer) && len(found) > 0 && m.Spend(len(r.text)) {
			r.moveUnescaped(found)
		}
		keys = merge(keys, found)
	}
	return keys
}

func (k Key) at() int {
	if k.begin >= 0 {
		return k.begin
	}
	return k.end
}

func (k Key) compare(other Key) int { return cmp.Compare(k.at(), other.at()) }

// merge adds the keys of one reading of a text to those of the others, each key once: keys
// with a marker at the same place are the same, and where there are as many, all are.
func merge(keys, found []Key) []Key {
	aligned := len(keys) == len(found)
	for i, k := range found {
		at := i
		if !aligned {
			at = slices.IndexFunc(keys, func(other Key) bool {
				return k.begin >= 0 && k.begin == other.begin || k.end >= 0 && k.end == other.end
			})
		}
		if at < 0 {
			keys = append(keys, k)
			continue
		}
		for _, c := range k.Candidates {
			if !hasCandidate(keys[at].Candidates, c.Data) {
				keys[at].Candidates = append(keys[at].Candidates, c)
			}
		}
	}
	slices.SortStableFunc(keys, Key.compare)
	return keys
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
		if len(r.pem) > 0 {
			first = r.pem[0].start
		}
		if len(r.ppk) > 0 {
			first = min(first, r.ppk[0].start)
		}
		return 1 + strings.Count(r.text[:first], "\n")
	}
	return 0
}

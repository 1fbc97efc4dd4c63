package keyconv

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
)

// Keys reach people through browsers, YAML, JSON, environment variables, PowerShell
// and chat, and arrive damaged. Mending takes the text apart by what cannot be
// mistaken (the BEGIN and END lines, the header names of a .ppk, base64) and writes
// it anew in its canonical form. It never guesses: what comes out must parse.

// Repair is one thing that was wrong with a text.
type Repair struct {
	Code    string // stable, for programs: "utf-16", "one-line", ...
	Message string // for people
}

// Candidate is a text as it may have been before the damage.
type Candidate struct {
	Data    []byte
	Repairs []Repair // nil if only line ends, a byte order mark or blank lines around differ
	Extra   bool     // whether text, or other blocks, around the key were left out
}

// Mended is what Mend made of a text.
type Mended struct {
	keys [][]Candidate
	// opened is the file of a text that needs no mending, with the default limits; nil
	// where it could not be opened.
	opened *File
	// lost is the line where a key begins that could not be mended, or 0.
	lost int
}

// Keys is how many private keys the text has; at least 1, also where it has none
// that can be read.
func (m *Mended) Keys() int {
	n := 0
	for text := range m.keys {
		n += m.keysIn(text)
	}
	return n
}

// Candidates returns the texts that the key of that index (from 0) may have been,
// the likeliest first; there is at least one, and nil for an index that is not below
// Keys. An unencrypted candidate has been
// parsed, and its halves match; [OpenMended] also wants it to pass Validate, which
// takes longer. Of encrypted ones only the passphrase can tell the right one, by the
// MAC: so all have to be tried.
func (m *Mended) Candidates(index int) []Candidate {
	text, _, ok := m.locate(index)
	if !ok {
		return nil
	}
	return slices.Clone(m.keys[text])
}

// Mend turns a damaged text back into the key files it was. A text that needs no
// mending, and one that cannot be mended, comes back as it is: the same slice, with
// no repairs. The cost grows with the length of the text and no faster. Of more than
// a hundred keys in one text, the first hundred are found.
func Mend(data []byte) *Mended {
	whole := &Mended{keys: [][]Candidate{{{Data: data}}}}
	if len(data) > sshkey.MaxFileSize {
		return whole
	}
	legal := trimLegal(data)
	if clean, f := needsNoMending(legal); clean {
		return &Mended{keys: [][]Candidate{{{Data: legal}}}, opened: f}
	}
	m := &Mended{}
	all := readings(data)
	known := proofs{}
	for _, r := range all {
		m.add(append(r.extractPEM(known), r.extractPPK(known)...))
	}
	for _, r := range all {
		if len(m.keys) == 0 && !r.hasMarker() {
			m.add(r.extractBare(known))
		}
	}
	if m.isUnchanged(legal) {
		return &Mended{keys: [][]Candidate{{{Data: legal}}}}
	}
	if len(m.keys) == 0 {
		whole.lost = markerLine(all)
		return whole
	}
	return m
}

// isUnchanged reports whether writing the text anew has given the same text.
func (m *Mended) isUnchanged(data []byte) bool {
	return len(m.keys) == 1 && bytes.Equal(m.keys[0][0].Data, data)
}

// maxKeys is how many keys of one text are looked at. Each costs a little arithmetic,
// and a text of the largest size has room for thousands.
const maxKeys = 100

// proofs remembers which texts hold a key, since several readings of a text come to
// the same.
type proofs map[[sha256.Size]byte]bool

// isKey reports whether a text opens, and if it is not encrypted holds a key whose
// halves match, and nothing behind it. Bytes too many mean that the text had letters
// which are not of the key: some structures would swallow them and give another key.
func (p proofs) isKey(data []byte) bool {
	sum := sha256.Sum256(data)
	proof, known := p[sum]
	if !known && len(p) < 4*maxKeys {
		proof = opensAsKey(data)
		p[sum] = proof
	}
	return proof
}

func opensAsKey(data []byte) bool {
	f, err := Open(data, Limits{})
	if err != nil {
		return false
	}
	if f.Encrypted() {
		return true
	}
	_, err = f.Decrypt(nil)
	return err == nil
}

// markerLine is the line of the first marker of a key in any of the readings, or 0.
func markerLine(all []reading) int {
	for _, r := range all {
		if !r.hasMarker() {
			continue
		}
		for _, marker := range []*regexp.Regexp{pemMarker(), ppkMarker()} {
			if m := marker.FindStringIndex(r.text); m != nil {
				return 1 + strings.Count(r.text[:m[0]], "\n")
			}
		}
	}
	return 0
}

// add merges what one reading of the text gave with what others gave: the key of the
// same index is the same key.
func (m *Mended) add(keys [][]Candidate) {
	for i, candidates := range keys {
		if i == len(m.keys) {
			m.keys = append(m.keys, nil)
		}
		for _, c := range candidates {
			if !hasCandidate(m.keys[i], c) {
				m.keys[i] = append(m.keys[i], c)
			}
		}
	}
}

func hasCandidate(list []Candidate, c Candidate) bool {
	for _, other := range list {
		if bytes.Equal(other.Data, c.Data) {
			return true
		}
	}
	return false
}

// trimLegal takes off what is no damage: a UTF-8 byte order mark and blank lines
// around the text.
func trimLegal(data []byte) []byte {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasSuffix(trimmed, []byte("\n")) || bytes.HasSuffix(trimmed, []byte("\r")) {
		body := bytes.TrimRight(trimmed, "\r\n")
		trimmed = trimmed[:min(len(trimmed), len(body)+1)]
	}
	return trimmed
}

// needsNoMending reports whether the text is what a program writes, or nothing that
// mending could help: a public key, a form that is not supported. It also returns the
// file, if it could be opened.
func needsNoMending(data []byte) (bool, *File) {
	f, err := Open(data, Limits{})
	var none *NotPrivateError
	var limit *LimitError
	switch {
	case errors.As(err, &none):
		return none.Format != Unknown, nil
	case errors.As(err, &limit):
		return true, nil
	case err != nil:
		return false, nil
	}
	isPPK := f.Format == PPK || f.Format == PPK2
	if isPPK && f.Extra { // perhaps another key, which PuTTY would not see
		return false, nil
	}
	return !f.Private || f.Keys == 1 && hasGoodLines(data), f
}

// hasGoodLines reports whether no line of the key is blank or has spaces around it.
// Text before and after a PEM block is no damage (RFC 7468 section 5.2), and the
// comment of a .ppk may have any spaces.
func hasGoodLines(data []byte) bool {
	lines := keyLines(splitLines(strings.TrimRight(string(data), "\r\n")))
	return !hasBlankLine(lines) && !slices.ContainsFunc(lines, func(line string) bool {
		return !strings.HasPrefix(line, "Comment: ") && (isIndented(line) || hasTrailingSpace(line))
	})
}

// keyLines are those from the first BEGIN line of a private key to its END line, or
// all where there is none.
func keyLines(lines []string) []string {
	marks := func(word string) func(string) bool {
		return func(line string) bool {
			return strings.Contains(line, "---- "+word+" ") || strings.Contains(line, "-----"+word+" ") && strings.Contains(line, "PRIVATE KEY")
		}
	}
	begin := slices.IndexFunc(lines, marks("BEGIN"))
	if begin < 0 {
		return lines
	}
	end := slices.IndexFunc(lines[begin:], marks("END"))
	if end < 0 {
		return lines
	}
	return lines[begin : begin+end+1]
}

package mend

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
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

// segment is what belongs to one private key in a text.
type segment struct {
	label      string
	body       string
	begin, end string // the markers as they are; empty where missing
	beside     string // the rest of the markers' lines

	beginAt, endAt int // where the words of the markers are, or -1
}

// maxParameters is longer than the name of a curve. The parameters are written before
// each EC key of a file, so large ones would make the work grow with the square of the text.
const maxParameters = 256

// extractPEM returns each private key between markers.
func (m *mender) extractPEM(r *reading) []Key {
	segments, outside := r.segments()
	extra := strings.TrimSpace(outside) != ""
	var params []byte
	var keys []Key
	for _, s := range segments {
		if s.label == "EC PARAMETERS" {
			if len(s.body) <= maxParameters {
				params = s.encode(onlyBase64(s.body), nil)
			}
			continue
		}
		if len(keys) > sshkey.MaxTextKeys || !m.Spend(len(s.body)) {
			break
		}
		key := Key{begin: s.beginAt, end: s.endAt}
		if data := m.rebuild(s, params); data != nil {
			codes := slices.Concat(r.codes, s.codes())
			key.Candidates = []Candidate{{data, named(codes), extra}}
		} else if s.begin != "" && s.hasKeyText() {
			key.Damaged = []byte(s.begin + s.body + s.end)
		} else {
			continue
		}
		keys = append(keys, key)
	}
	return keys
}

// minKeyText is longer than most words, and shorter than a line of a key.
const minKeyText = 16

// hasKeyText reports whether base64 follows the BEGIN line and its headers. Otherwise a
// text only speaks of the line, or has no key there.
func (s segment) hasKeyText() bool {
	_, body := s.headers()
	if other := ppkMarker().FindStringIndex(body); other != nil {
		body = body[:other[0]]
	}
	for line := range lines(body) {
		line = strings.Trim(line, junk)
		if line == "" || isHeader(line) {
			continue
		}
		word, _, _ := strings.Cut(line, " ")
		return len(word) >= minKeyText && len(word)-len(onlyBase64(word)) <= 1+len(word)/minKeyText
	}
	return false
}

// segments pairs the markers of a text. outside is the text that is not in a segment.
func (r *reading) segments() (list []segment, outside string) {
	var rest strings.Builder
	var open *segment
	pos := 0
	markers := r.pemMarkers()
	for i, m := range markers {
		between, marker := r.text[pos:m[0]], r.text[m[0]:m[1]]
		label := strings.Join(strings.Fields(r.text[m[4]:m[5]]), " ")
		isEnd := r.text[m[2]:m[3]] == "END"
		next := len(r.text)
		if i+1 < len(markers) {
			next = markers[i+1][0]
		}
		switch {
		case open != nil && isEnd:
			open.body, open.end, open.endAt = between, marker, m[2]
			open.beside += lineAfter(r.text[m[1]:next])
			list, open = append(list, *open), nil
		case open != nil:
			open.body = between
			list, open = append(list, *open), &segment{label: label, begin: marker, beginAt: m[2], endAt: -1}
		case isEnd:
			list = append(list, segment{
				label: label, body: between, end: marker, beside: lineAfter(r.text[m[1]:next]), beginAt: -1, endAt: m[2],
			})
		default:
			rest.WriteString(between)
			beside := between[strings.LastIndexAny(between, "\r\n")+1:]
			open = &segment{label: label, begin: marker, beside: beside, beginAt: m[2], endAt: -1}
		}
		pos = m[1]
	}
	if open != nil {
		open.body = r.text[pos:]
		return append(list, *open), rest.String()
	}
	rest.WriteString(r.text[pos:])
	return list, rest.String()
}

// lineAfter returns the rest of a marker's line.
func lineAfter(text string) string {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		return text[:i]
	}
	return text
}

// codes names what is wrong with the markers and the lines between them. Whole lines
// before and after it are not damage (RFC 7468 section 5.2).
func (s segment) codes() []string {
	codes := slices.Concat(layoutCodes(s.body), aroundCodes(s.beside))
	if _, body := s.headers(); s.begin != "" && s.end != "" && len(onlyBase64(body))%4 != 0 {
		codes = append(codes, "padding")
	}
	if isIndented(s.beside) && strings.TrimSpace(s.beside) == "" {
		codes = append(codes, "indent")
	}
	for _, marker := range []struct{ text, word, missing string }{{s.begin, "BEGIN", "no-begin"}, {s.end, "END", "no-end"}} {
		trimmed := strings.TrimRight(marker.text, " \t")
		if trimmed != marker.text && strings.ContainsAny(s.body, "\r\n") {
			codes = append(codes, "trailing")
		}
		switch trimmed {
		case "":
			codes = append(codes, marker.missing)
		case "-----" + marker.word + " " + s.label + "-----", "---- " + marker.word + " " + s.label + " ----":
		default:
			codes = append(codes, "dashes")
		}
	}
	return codes
}

// rebuild writes the segment again, or returns nil where that is not a key.
func (m *mender) rebuild(s segment, params []byte) []byte {
	headers, body := s.headers()
	for _, text := range s.bodies(body) {
		data := s.encode(text, headers)
		if data == nil {
			continue
		}
		if s.label == "EC PRIVATE KEY" {
			data = append(bytes.Clone(params), data...)
		}
		if m.IsKey(data) {
			return data
		}
	}
	return nil
}

var (
	legacyHeaders = lazy(`Proc` + dashClass + `Type:\s*4,\s*ENCRYPTED[\s>"'\\]*DEK` + dashClass +
		`Info:\s*((?:[A-Za-z0-9]|` + dashClass + `)+),\s*`)
	sshcomComment = lazy(`(?s)Comment:\s*("(?:[^"\\]|\\.)*")`)
)

// headers splits the headers of legacy encryption or of ssh.com from the body.
func (s segment) headers() (headers []string, body string) {
	body = s.body
	if m := legacyHeaders().FindStringSubmatchIndex(body); m != nil {
		cipher, rest := plainDashes(body[m[2]:m[3]]), body[m[1]:]
		digits := 32 // of an IV of 16 bytes
		if strings.HasPrefix(strings.ToUpper(cipher), "DES") {
			digits = 16
		}
		if len(rest) >= digits {
			return []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: " + cipher + "," + rest[:digits]}, rest[digits:]
		}
	}
	if !strings.HasPrefix(s.label, "SSH2") {
		return nil, body
	}
	if m := sshcomComment().FindStringSubmatchIndex(body); m != nil {
		comment := strings.NewReplacer("\\\n", "", "\n", "", "\r", "").Replace(body[m[2]:m[3]])
		return []string{"Comment: " + comment}, body[m[1]:]
	}
	return nil, body
}

// extractBare reads a body that has lost both of its markers.
func (m *mender) extractBare(r *reading) []Candidate {
	text := assignment().ReplaceAllString(r.text, "")
	starts := append(keyStarts(text, 8), 0)
	for _, start := range starts {
		if !m.Spend(len(text) - start) {
			break
		}
		body := cutBase64(onlyBase64(text[start:]))
		data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
		if err != nil {
			continue
		}
		label := pemkey.LabelOf(data)
		if label == "" {
			continue
		}
		out := pemkey.EncodeBlock(label, nil, data)
		if m.IsKey(out) {
			codes := slices.Concat(r.codes, []string{"no-begin", "no-end"}, layoutCodes(text[start:]))
			return []Candidate{{out, named(codes), strings.TrimSpace(text[:start]) != ""}}
		}
	}
	return nil
}

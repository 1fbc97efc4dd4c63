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
	begin, end string   // the markers as they are; empty where missing
	beside     string   // the rest of the markers' lines
	twice      []string // the codes of markers that stand there twice

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
			if data, err := base64.StdEncoding.DecodeString(onlyBase64(s.body)); err == nil && len(s.body) <= maxParameters {
				params = pemkey.EncodeBlock(s.label, nil, data)
			}
			continue
		}
		if len(keys) > sshkey.MaxTextKeys || !m.Spend(len(s.body)) {
			break
		}
		key := Key{begin: s.beginAt, end: s.endAt}
		for _, b := range m.rebuild(s, params) {
			codes := slices.Concat(r.codes, s.codes(), b.codes)
			if b.guess { // the spaces were letters
				codes = slices.DeleteFunc(codes, func(code string) bool { return code == "trailing" || code == "indent" })
			}
			if len(codes) == 0 && !m.isLegal(s, b.data) {
				codes = []string{"layout"}
			}
			key.Candidates = append(key.Candidates, Candidate{Data: b.data, Repairs: named(codes), Extra: extra, Guess: b.guess})
		}
		if len(key.Candidates) == 0 && s.begin != "" && s.hasKeyText() {
			key.Damaged, key.Cause = []byte(s.begin+s.body+s.end), s.cause()
		} else if len(key.Candidates) == 0 {
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
			next := &segment{label: label, begin: marker, beginAt: m[2], endAt: -1}
			if strings.TrimSpace(between) == "" && open.label == label {
				next.twice = []string{"begin-twice"}
			}
			list, open = append(list, *open), next
		case isEnd && len(list) > 0 && strings.TrimSpace(between) == "" && list[len(list)-1].end != "":
			list[len(list)-1].twice = append(list[len(list)-1].twice, "end-twice")
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
	codes := slices.Concat(layoutCodes(s.body), aroundCodes(s.beside), s.twice)
	last := s.body[strings.LastIndexAny(s.body, "\r\n")+1:]
	if strings.TrimSpace(s.beside) == "" && s.beside != "" || s.end != "" && strings.ContainsAny(s.body, "\r\n") && isIndented(last) {
		codes = append(codes, "indent")
	}
	if !hasGoodHeaders(s.body) {
		codes = append(codes, "headers")
	}
	for _, marker := range []struct{ text, word, missing string }{{s.begin, "BEGIN", "no-begin"}, {s.end, "END", "no-end"}} {
		codes = append(codes, s.markerCodes(marker.text, marker.word, marker.missing)...)
	}
	return codes
}

// markerCodes names what is wrong with a marker.
func (s segment) markerCodes(marker, word, missing string) (codes []string) {
	trimmed := strings.TrimRight(marker, " \t")
	if trimmed == "" {
		return []string{missing}
	}
	if trimmed != marker && strings.ContainsAny(s.body, "\r\n") {
		codes = append(codes, "trailing")
	}
	switch trimmed {
	case "-----" + word + " " + s.label + "-----", "---- " + word + " " + s.label + " ----":
		return codes
	}
	if m := findPEM(trimmed); len(m) == 1 && strings.Join(strings.Fields(trimmed[m[0][4]:m[0][5]]), " ") != s.label {
		return append(codes, "end-label")
	}
	return append(codes, "dashes")
}

// isLegal reports whether the segment as it stands is the key, as programs write it.
func (m *mender) isLegal(s segment, key []byte) bool {
	raw := s.begin + s.body + s.end + "\n"
	return raw == string(key) || HasGoodLines([]byte(raw)) && m.IsKey([]byte(raw))
}

// built is what a segment may have been.
type built struct {
	data  []byte
	codes []string
	guess bool
}

// rebuild writes the segment again, in each way that makes it a key: in the first alone where
// that proves itself.
func (m *mender) rebuild(s segment, params []byte) (found []built) {
	headers, body := s.headers()
	for _, b := range s.bodies(body) {
		data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(b.text, "="))
		if err != nil || len(data) == 0 {
			continue
		}
		b.codes = append(b.codes, paddingCodes(b.text)...)
		for _, label := range s.labels(headers, data) {
			out := pemkey.EncodeBlock(label, headers, data)
			if label == labelEC {
				out = append(bytes.Clone(params), out...)
			}
			if slices.ContainsFunc(found, func(b built) bool { return bytes.Equal(b.data, out) }) || !m.IsKey(out) {
				continue
			}
			proof := m.Proof(out)
			if b.guess && proof == NoProof {
				continue
			}
			codes := b.codes
			if len(headers) == 0 && !fits(s.label, data) || len(headers) > 0 && label != s.label {
				codes = append(slices.Clone(codes), "label")
			}
			found = append(found, built{out, codes, b.guess})
			if proof != NeedsPassphrase {
				return found
			}
		}
	}
	return found
}

const (
	labelEC    = "EC PRIVATE KEY"
	labelPKCS8 = "PRIVATE KEY"
)

// legacyLabels are those of blocks that RFC 1421 encrypts as a whole.
var legacyLabels = []string{"RSA PRIVATE KEY", labelEC, "DSA PRIVATE KEY", labelPKCS8}

// labels returns the labels that belong to the content. Where it is encrypted as a whole,
// only the passphrase shows whether the label is right.
func (s segment) labels(headers []string, data []byte) []string {
	isLegacy := len(headers) > 0 && strings.HasPrefix(headers[0], "Proc-Type")
	switch label := pemkey.LabelOf(data); {
	case isLegacy && slices.Contains(legacyLabels, s.label):
		return []string{s.label}
	case isLegacy:
		return legacyLabels
	case label != "":
		return []string{label}
	}
	return nil
}

// fits reports whether a label belongs to the content of a block: the content's own, or one
// that openssl and ssh-keygen take for it too, which is that of the algorithm around PKCS#8.
func fits(label string, data []byte) bool {
	own := pemkey.LabelOf(data)
	if own != labelPKCS8 {
		return own == label || own == ""
	}
	start := data[:min(len(data), 40)]
	return label == labelPKCS8 ||
		label == "RSA PRIVATE KEY" && bytes.Contains(start, []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")) || // rsaEncryption
		label == labelEC && bytes.Contains(start, []byte("\x2a\x86\x48\xce\x3d\x02\x01")) // id-ecPublicKey
}

// paddingCodes names what is wrong with the = at the end.
func paddingCodes(text string) []string {
	letters := len(strings.TrimRight(text, "="))
	switch have, want := len(text)-letters, (4-letters%4)%4; {
	case have < want:
		return []string{"padding"}
	case have > want:
		return []string{"padding-extra"}
	}
	return nil
}

var (
	legacyHeaders = lazy(`(?:Proc` + dashClass + `Type:\s*4,\s*ENCRYPTED[\s>"'\\]*)?DEK` + dashClass +
		`Info:\s*((?:[A-Za-z0-9]|` + dashClass + `)+),\s*`)
	sshcomComment = lazy(`(?s)Comment:\s*("(?:[^"\\]|\\.)*")`)
)

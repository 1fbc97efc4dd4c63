package mend

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/sshkey"
)

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
	segments, extra := r.segments()
	var params []byte
	var keys []Key
	for _, s := range segments {
		if s.label == "EC PARAMETERS" {
			if data, err := base64.StdEncoding.DecodeString(onlyBase64(s.body)); err == nil && len(s.body) <= maxParameters {
				params = pemblock.Encode(s.label, nil, data)
			}
			continue
		}
		if len(keys) > sshkey.MaxTextKeys || !m.Spend(len(s.body)) {
			break
		}
		key := Key{begin: s.beginAt, end: s.endAt}
		headers, body := s.headers()
		for _, b := range m.rebuild(s, headers, body, params) {
			codes := slices.Concat(r.codes, s.codes(), b.codes)
			if b.guess { // the spaces were letters
				codes = slices.DeleteFunc(codes, func(code string) bool { return code == "trailing" || code == "indent" })
			}
			if len(codes) == 0 && !m.isLegal(s, b.data) {
				codes = []string{"layout"}
			}
			key.Candidates = append(key.Candidates, Candidate{Data: b.data, Repairs: named(codes), Extra: extra, Guess: b.guess})
		}
		if len(key.Candidates) == 0 && s.begin != "" && hasKeyText(body) {
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
func hasKeyText(body string) bool {
	if other := findPPK(body, 0, 1); other != nil {
		body = body[:other[0].start]
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

// segments pairs the markers of a text. extra says that there is text outside of them, other
// than quotes, which have a name of their own.
func (r *reading) segments() (list []segment, extra bool) {
	var open *segment
	pos := 0
	markers := r.pemMarkers()
	for i, m := range markers {
		between, marker := r.text[pos:m.start], r.text[m.start:m.end]
		label := m.labelOf(r.text)
		isEnd := m.isEnd(r.text)
		next := len(r.text)
		if i+1 < len(markers) {
			next = markers[i+1].start
		}
		after, _, _ := cutLine(r.text[m.end:next])
		switch {
		case open != nil && isEnd:
			open.body, open.end, open.endAt = between, marker, m.word
			open.beside += after
			list, open = append(grown(list), *open), nil
		case open != nil:
			open.body = between
			next := &segment{label: label, begin: marker, beginAt: m.word, endAt: -1}
			if strings.TrimSpace(between) == "" && open.label == label {
				next.twice = []string{"begin-twice"}
			}
			list, open = append(grown(list), *open), next
		case isEnd && len(list) > 0 && strings.TrimSpace(between) == "" && list[len(list)-1].end != "":
			if last := &list[len(list)-1]; !slices.Contains(last.twice, "end-twice") {
				last.twice = append(last.twice, "end-twice")
			}
		case isEnd:
			list = append(grown(list), segment{
				label: label, body: between, end: marker, beside: after, beginAt: -1, endAt: m.word,
			})
		default:
			extra = extra || strings.Trim(between, junk) != ""
			beside := between[strings.LastIndexAny(between, "\r\n")+1:]
			open = &segment{label: label, begin: marker, beside: beside, beginAt: m.word, endAt: -1}
		}
		pos = m.end
	}
	if open != nil {
		open.body = r.text[pos:]
		return append(list, *open), extra
	}
	return list, extra || strings.Trim(r.text[pos:], junk) != ""
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
	if m := findPEM(trimmed); len(m) == 1 && m[0].labelOf(trimmed) != s.label {
		return append(codes, "end-label")
	}
	return append(codes, "dashes")
}

// isLegal reports whether the segment as it stands is the key, as programs write it.
func (m *mender) isLegal(s segment, key []byte) bool {
	raw := s.begin + s.body + s.end + "\n"
	return raw == string(key) || HasGoodLines([]byte(raw)) && m.IsKey([]byte(raw))
}

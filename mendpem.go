package keyconv

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/pemkey"
)

// pemMarker is a BEGIN or END line of a private key or of its curve, with any
// dashes, and with white space where YAML's folding put some.
var pemMarker = lazy(dashClass + `{1,10}\s*(BEGIN|END)\s+((?:[A-Z0-9]+\s+){0,3}PRIVATE\s+KEY|EC\s+PARAMETERS)\s*(` + dashClass + `{1,10})[ \t]*`)

// mayHavePEM is quick to tell that there is no marker.
func mayHavePEM(text string) bool {
	return strings.Contains(text, "PRIVATE") || strings.Contains(text, "PARAMETERS")
}

// pemMarkers returns the markers of a text. Where a line end was lost between two of
// them, the dashes belong to both.
func pemMarkers(text string) (found [][]int) {
	if !mayHavePEM(text) {
		return nil
	}
	for pos := 0; ; {
		m := pemMarker().FindStringSubmatchIndex(text[pos:])
		if m == nil {
			return found
		}
		for i := range m {
			m[i] += pos
		}
		if behind := text[m[1]:]; m[7] == m[1] && (strings.HasPrefix(behind, "BEGIN") || strings.HasPrefix(behind, "END")) {
			m[1] = m[6] + len(firstHalf(text[m[6]:m[7]]))
		}
		found = append(found, m)
		pos = m[1]
	}
}

func firstHalf(s string) string {
	runes := []rune(s)
	return string(runes[:(len(runes)+1)/2])
}

// segment is what belongs to one private key in a text.
type segment struct {
	label      string
	body       string
	begin, end string // the markers as they stand; empty where missing
	beside     string // what stands on the line of a marker, outside of the key
}

// maxParameters is more than the name of a curve takes. It is written before each EC
// key of a file, so a large one would make the work grow with the square of the text.
const maxParameters = 256

// extractPEM returns the candidates of each private key between markers.
func (r reading) extractPEM(known proofs) [][]Candidate {
	segments, outside := r.segments()
	extra := strings.TrimSpace(outside) != ""
	var params []byte
	var keys [][]Candidate
	for _, s := range segments {
		if s.label == "EC PARAMETERS" {
			if len(s.body) <= maxParameters {
				params = s.encode(onlyBase64(s.body), nil)
			}
			continue
		}
		if len(keys) == maxKeys {
			break
		}
		if data := s.rebuild(params, known); data != nil {
			codes := slices.Concat(r.codes, s.codes())
			keys = append(keys, []Candidate{{data, named(codes), extra}})
		}
	}
	return keys
}

// segments pairs the markers of a text. outside is what no segment has.
func (r reading) segments() (list []segment, outside string) {
	matches := pemMarkers(r.text)
	var rest strings.Builder
	var open *segment
	pos := 0
	for _, m := range matches {
		between, marker := r.text[pos:m[0]], r.text[m[0]:m[1]]
		label := strings.Join(strings.Fields(r.text[m[4]:m[5]]), " ")
		isEnd := r.text[m[2]:m[3]] == "END"
		switch {
		case open != nil && isEnd:
			open.body, open.end = between, marker
			open.beside += lineAfter(r.text[m[1]:])
			list, open = append(list, *open), nil
		case open != nil:
			open.body = between
			list, open = append(list, *open), &segment{label: label, begin: marker}
		case isEnd:
			list = append(list, segment{label: label, body: between, end: marker, beside: lineAfter(r.text[m[1]:])})
		default:
			rest.WriteString(between)
			open = &segment{label: label, begin: marker, beside: lineBefore(between)}
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

// lineBefore is the part of the last line that stands before a marker, lineAfter that
// of the first line behind one.
func lineBefore(text string) string { return text[strings.LastIndexAny(text, "\r\n")+1:] }

func lineAfter(text string) string {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		return text[:i]
	}
	return text
}

// codes names what is wrong with the markers and the lines between them. Whole lines
// before and after are no damage (RFC 7468 section 5.2).
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

// rebuild writes the segment anew, if a key comes out.
func (s segment) rebuild(params []byte, known proofs) []byte {
	headers, body := s.headers()
	for _, text := range s.bodies(body) {
		data := s.encode(text, headers)
		if data == nil {
			continue
		}
		if s.label == "EC PRIVATE KEY" {
			data = append(bytes.Clone(params), data...)
		}
		if known.isKey(data) {
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

// headers takes the headers of legacy encryption and of ssh.com off the body.
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
	if m := sshcomComment().FindStringSubmatchIndex(body); m != nil && strings.HasPrefix(s.label, "SSH2") {
		comment := strings.Join(strings.FieldsFunc(strings.ReplaceAll(body[m[2]:m[3]], "\\\n", ""), isLineEnd), "")
		return []string{"Comment: " + comment}, body[m[1]:]
	}
	return nil, body
}

// extractBare reads a body that has lost both of its markers.
func (r reading) extractBare(known proofs) [][]Candidate {
	text := assignment().ReplaceAllString(r.text, "")
	starts := append(keyStarts(text, 8), 0)
	for _, start := range starts {
		body := cutBase64(onlyBase64(text[start:]))
		data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
		if err != nil {
			continue
		}
		label := binaryLabel(data)
		if label == "" {
			continue
		}
		out := pemkey.EncodeBlock(label, nil, data)
		if known.isKey(out) {
			codes := slices.Concat(r.codes, []string{"no-begin", "no-end"}, layoutCodes(text[start:]))
			return [][]Candidate{{{out, named(codes), strings.TrimSpace(text[:start]) != ""}}}
		}
	}
	return nil
}

// binaryLabel is the label that belongs to the bytes of a private key, or "".
func binaryLabel(data []byte) string { return pemkey.LabelOf(data) }

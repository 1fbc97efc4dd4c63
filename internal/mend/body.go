package mend

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// content is base64 as it may have been, and what was changed for that.
type content struct {
	text  string
	codes []string
	guess bool // whether letters were put in place of others, or left out
}

// bodies returns the base64 that the body may have been. Without a BEGIN or an END line it is
// not certain where the base64 begins or ends: the structure inside says so.
func (s segment) bodies(body string) (found []content) {
	plain, codes := body, junkCodes(body)
	if s.begin != "" && s.end != "" && strings.ContainsAny(body, "-_") {
		plain, codes = urlSafe.Get().Replace(body), append(codes, "base64url")
	}
	for _, c := range s.plainBodies(plain) {
		c.codes = codes
		found = append(found, c)
	}
	if s.begin == "" || s.end == "" {
		return found
	}
	if text := firstLines(body); text != "" {
		// Where letters follow the structure, they may as well be those that belong to it.
		cut := cutBase64(text)
		found = append(found, content{cut, []string{"text-inside"}, strings.TrimRight(cut, "=") != strings.TrimRight(text, "=")})
	}
	if text := fullLines(body); text != "" && text != onlyBase64(body) {
		found = append(found, content{text, []string{"text-inside"}, true})
	}
	if len(body) > maxHeadless { // letters in place of others are tried where there may be a key
		return found
	}
	if n := countJunk(body); n > 0 && n <= maxJunk {
		text := onlyBase64(body)
		// A sign may stand for a letter, and the length be right by another damage.
		found = append(found, content{text, []string{"junk"}, true})
	}
	if !mayHaveLostPlus(body) {
		return found
	}
	for _, text := range plusBodies(body) {
		found = append(found, content{text, []string{"plus"}, true})
	}
	return found
}

// mayHaveLostPlus reports whether there is a space between the letters of a line, or at the end of
// one where the length of the base64 says that a letter is missing.
func mayHaveLostPlus(body string) bool {
	atEnd := false
	for line := range lines(body) {
		if strings.Contains(strings.TrimSpace(line), " ") {
			return true
		}
		atEnd = atEnd || strings.HasSuffix(line, " ")
	}
	return atEnd && len(onlyBase64(body))%4 > 0
}

// maxJunk is how many characters that are not base64 may have come between its letters.
const maxJunk = 3

// countJunk counts the characters that are neither base64 nor blank.
func countJunk(s string) (n int) {
	for _, r := range s {
		if r >= utf8.RuneSelf || !isBase64(byte(r)) && strings.IndexByte(" \t\r\n", byte(r)) < 0 {
			n++
		}
	}
	return n
}

// junkCodes names characters inside of lines that were dropped, but for those at their ends.
func junkCodes(body string) []string {
	for line := range lines(body) {
		if strings.ContainsAny(strings.Trim(line, junk), ",|>`") {
			return []string{"junk"}
		}
	}
	return nil
}

// firstLines returns the base64 of the first lines that are base64, where others follow.
func firstLines(body string) string {
	var b strings.Builder
	for line := range lines(strings.TrimLeft(body, "\r\n")) {
		line = strings.TrimSpace(line)
		if wordEnd(anyBase64, line, 0) < len(line) {
			return b.String()
		}
		b.WriteString(line)
	}
	return ""
}

// fullLines returns the base64 of the lines that are as long as most, and of the last: without
// the foot of a page, "--More--" or the numbers of lines. It returns "" if a line of the key is
// among those that are left out, with something else in it.
func fullLines(body string) string {
	width, last, text := 0, "", strings.Builder{}
	for line := range lines(body) {
		line = strings.TrimSpace(line)
		if wordEnd(digits, line, 0) == len(line) {
			continue
		}
		if wordEnd(anyBase64, line, 0) < len(line) {
			if hasLongWord(line) {
				return ""
			}
			continue
		}
		switch last = line; {
		case width == 0:
			width = len(line)
			fallthrough
		case len(line) == width:
			text.WriteString(line)
			last = ""
		}
	}
	return text.String() + last
}

// maxWordInside is longer than a word of a text between lines of base64.
const maxWordInside = 40

// hasLongWord reports whether a line has so many letters of base64 in a row that they are of a key.
func hasLongWord(line string) bool {
	for start := 0; start < len(line); start++ {
		end := wordEnd(anyBase64, line, start)
		if end-start > maxWordInside {
			return true
		}
		start = max(start, end)
	}
	return false
}

// plainBodies returns the base64 between the markers. Where one is missing, other text can
// have letters of its own in place of lost ones, unless the lines are whole.
func (s segment) plainBodies(body string) (found []content) {
	whole := body // without a line that other text is in too
	if s.end == "" {
		body = body[:len(body)-len(strings.TrimLeftFunc(body, isBodyOrJunk))]
		if whole = body; len(body) < len(s.body) {
			whole = body[:strings.LastIndexByte(body, '\n')+1]
		}
	}
	if s.begin == "" {
		body = strings.TrimLeftFunc(body[len(strings.TrimRightFunc(body, isBodyOrJunk)):], unicode.IsSpace)
	}
	if strings.ContainsFunc(body, func(r rune) bool { return !isBodyOrJunk(r) }) {
		return nil
	}
	if s.begin != "" && s.end != "" {
		return []content{{text: onlyBase64(body)}}
	}
	var starts []int
	if s.begin == "" {
		starts = keyStarts(body, 8)
	}
	for _, start := range append(starts, 0) {
		text := onlyBase64(body[start:])
		if s.end == "" {
			text = cutBase64(text)
		}
		found = append(found, content{text: text, guess: start > len(whole) || !wholeLines(whole[start:], len(strings.TrimRight(text, "=")))})
	}
	return found
}

// wholeLines reports whether the first n letters of base64 are lines as programs write them:
// all of one length but for the last, which may be shorter, and with nothing else in them.
func wholeLines(text string, n int) bool {
	width := 0
	for line := range lines(strings.TrimLeft(text, " \t\r\n")) {
		line = strings.Trim(line, junk)
		if width == 0 {
			width = len(line)
		}
		n -= len(strings.TrimRight(line, "="))
		switch {
		case n < 0 || len(line) > width || wordEnd(anyBase64, line, 0) < len(line):
			return false
		case n == 0:
			return true
		case len(line) < width || width != 64 && width != 76: // of PEM and of MIME
			return false
		}
	}
	return false
}

// isBodyOrJunk reports whether a character may be between the markers: base64, white
// space, and what quotes lines of text. Anything else, such as an HTML entity, would leave
// letters in the base64 that are not part of the key.
func isBodyOrJunk(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '"', '\'', '`', '>', '|', ',':
		return true
	}
	return r < utf8.RuneSelf && isBase64(byte(r))
}

// keyStarts returns where the base64 of a key may begin: after white space, with a
// SEQUENCE ("M"), the magic of openssh-key-v1 ("b3Bl") or of ssh.com ("P2/5").
func keyStarts(body string, max int) []int {
	var starts []int
	for i := 0; i < len(body) && len(starts) < max; i++ {
		switch body[i] {
		case 'M', 'b', 'P':
		default:
			continue
		}
		if i > 0 && isBase64(body[i-1]) && body[i-1] != '=' { // KEY=MII...
			continue
		}
		for _, begin := range []string{"M", "b3BlbnNzaC1rZXk", "P2/56w"} {
			if strings.HasPrefix(body[i:], begin) {
				starts = append(starts, i)
			}
		}
	}
	return starts
}

// cutBase64 ends base64 after its padding, or where the structure inside ends.
func cutBase64(text string) string {
	if i := strings.IndexByte(text, '='); i >= 0 {
		return text[:skip(text, i, "=")]
	}
	data, err := base64.RawStdEncoding.DecodeString(text[:len(text)-len(text)%4])
	if err != nil {
		return text
	}
	if n := structureSize(data); n > 0 && n <= len(data) {
		return base64.StdEncoding.EncodeToString(data[:n])
	}
	return text
}

// structureSize returns the size of the ASN.1 SEQUENCE, or of the structure of ssh.com, at
// the beginning; 0 for neither.
func structureSize(b []byte) int {
	if len(b) >= 8 && bytes.HasPrefix(b, []byte("\x3f\x6f\xf9\xeb")) {
		return int(binary.BigEndian.Uint32(b[4:]))
	}
	if len(b) < 4 || b[0] != 0x30 {
		return 0
	}
	switch {
	case b[1] < 0x80:
		return 2 + int(b[1])
	case b[1] == 0x81:
		return 3 + int(b[2])
	case b[1] == 0x82:
		return 4 + int(b[2])<<8 + int(b[3])
	}
	return 0
}

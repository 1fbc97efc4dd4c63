package engine

import (
	"bytes"
	"encoding/base64"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/mend"
)

// Keys that are values of other texts are found here: JSON, YAML, Terraform state and
// Kubernetes Secrets have them in base64, and Azure Key Vault a whole PKCS#12 file. Each
// value is looked at, whatever its length and its place.

const (
	// maxUnwraps is how often there may be base64 in base64.
	maxUnwraps = 4
	// minWrapped is less than any private key takes, in bytes.
	minWrapped = 30
	// minWrappedText is less than such a key takes as a text, in base64 or between markers.
	minWrappedText = 4 * minWrapped / 3
	// minWord is longer than most words that are not base64, and shorter than the lines
	// that base64 is cut into.
	minWord = 16
)

// wrappedKeys returns the keys in the base64 values of a text that has no key in the clear.
func (o *opener) wrappedKeys(data []byte, depth int) (keys []mend.Key) {
	if depth == 0 || !o.spend(len(data)) {
		return nil
	}
	for _, v := range base64Values(data) {
		inner, ok := v.decode()
		if !ok {
			continue
		}
		for _, key := range o.keysIn(inner, depth) {
			for i := range key.Candidates {
				key.Candidates[i].Repairs = append([]mend.Repair{v.repair()}, key.Candidates[i].Repairs...)
				key.Candidates[i].Extra = key.Candidates[i].Extra || !v.whole
			}
			key.Line = v.line
			keys = append(keys, key)
		}
	}
	return keys
}

// keysIn returns the keys in what a value decodes to.
func (o *opener) keysIn(inner []byte, depth int) []mend.Key {
	isText := utf8.Valid(inner) && !bytes.ContainsFunc(inner, func(r rune) bool { return r < ' ' && !unicode.IsSpace(r) })
	switch {
	case isText && len(inner) < minWrappedText:
		return nil
	case isText && hasKeyMarker(inner), bytes.Count(inner, []byte{0}) > len(inner)/4: // perhaps UTF-16
		return mend.Text(inner, o.judge()).Keys
	case isText || o.detect(inner).About().Whole:
		if o.detect(inner).About().Whole && (o.isKey(inner) || o.hasSoundKey(inner)) {
			return []mend.Key{{Candidates: []mend.Candidate{{Data: inner}}}}
		}
		return o.wrappedKeys(inner, depth-1)
	}
	return nil
}

// base64Value is a stretch of base64 in a text.
type base64Value struct {
	text  []byte
	line  int
	whole bool // whether there is nothing else in the text
}

func (v base64Value) repair() mend.Repair {
	if v.whole {
		return mend.Repair{Code: "base64", Message: "the whole file was in base64"}
	}
	return mend.Repair{Code: "base64-value", Message: "the key was in base64, as a value in another text"}
}

func (v base64Value) decode() ([]byte, bool) {
	text := v.text
	if bytes.ContainsAny(text, "-_") { // the alphabet for URLs (RFC 4648 section 5)
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("-"), []byte("+")), []byte("_"), []byte("/"))
	}
	inner := make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, err := base64.RawStdEncoding.Decode(inner, text)
	return inner[:n], err == nil && n >= minWrapped
}

// base64Values returns the stretches of base64 in a text: words of a line, which go on in
// the lines after it that have nothing else.
func base64Values(data []byte) (values []base64Value) {
	text := withLineEnds(data)
	open := false // whether the last value may go on
	number := 0
	for rest := text; len(rest) > 0; {
		number++
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		line := bytes.TrimSpace(rest[:end])
		rest = rest[min(len(rest), end+1):]
		for at := 0; at < len(line); {
			letters := skipLetters(line, at, true)
			word, end := line[at:letters:letters], letters // appending to it copies it
			for end < len(line) && line[end] == '=' {
				end++
			}
			alone := at == 0 && end == len(line)
			switch {
			case open && alone:
				last := &values[len(values)-1]
				last.text = append(last.text, word...)
			case len(word) >= minWord:
				values = append(values, base64Value{text: word, line: number})
			}
			open = len(values) > 0 && end == len(line) && end == letters && (open && alone || len(word) >= minWord)
			at = skipLetters(line, end, false)
		}
	}
	if len(values) == 1 {
		rest := bytes.Join(bytes.Fields(text), nil)
		values[0].whole = bytes.Equal(bytes.TrimRight(rest, "="), values[0].text)
	}
	return values
}

// withLineEnds returns a text with the line ends, and without the slashes, that JSON escapes.
func withLineEnds(data []byte) []byte {
	escape := bytes.IndexByte(data, '\\')
	if escape < 0 {
		return data
	}
	out := append(make([]byte, 0, len(data)), data[:escape]...)
	for i := escape; i < len(data); i++ {
		var next byte
		if i+1 < len(data) && data[i] == '\\' {
			next = data[i+1]
		}
		switch next {
		case 'r':
			i++
		case 'n':
			out, i = append(out, '\n'), i+1
		case '/':
			out, i = append(out, '/'), i+1
		default:
			out = append(out, data[i])
		}
	}
	return out
}

// skipLetters returns where the first byte from a place on is that is a letter of base64, or is
// not.
func skipLetters(s []byte, at int, letters bool) int {
	for at < len(s) && isBase64(s[at]) == letters {
		at++
	}
	return at
}

// isBase64 accepts the letters of base64, also of that for URLs.
func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '/' && c <= '9' || c >= 'A' && c <= 'Z' || c == '+' || c == '-' || c == '_'
}

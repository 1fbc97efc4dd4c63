package engine

import (
	"bytes"
	"encoding/base64"
	"strings"
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
	case isText && hasKeyMarker(inner), bytes.Count(inner, []byte{0}) > len(inner)/4: // perhaps UTF-16
		return mend.Text(inner, o.judge()).Keys
	case isText || isWhole(inner):
		if isWhole(inner) && (o.isKey(inner) || o.hasSoundKey(inner)) {
			return []mend.Key{{Candidates: []mend.Candidate{{Data: inner}}}}
		}
		return o.wrappedKeys(inner, depth-1)
	}
	return nil
}

// hasKeyMarker reports whether a text seems to have a private key in the clear.
func hasKeyMarker(data []byte) bool {
	return bytes.Contains(data, []byte("PRIVATE KEY")) || bytes.Contains(data, []byte("PuTTY-User-Key-File-"))
}

// base64Value is a stretch of base64 in a text.
type base64Value struct {
	text  string
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
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(v.text, "="))
	inner, err := base64.RawStdEncoding.DecodeString(text)
	return inner, err == nil && len(inner) >= minWrapped
}

// base64Values returns the stretches of base64 in a text: words of a line, which go on in
// the lines after it that have nothing else.
func base64Values(data []byte) (values []base64Value) {
	text := strings.NewReplacer(`\r`, "", `\n`, "\n", `\/`, "/").Replace(string(data))
	open := false // whether the last value may go on
	number := 0
	var texts [][]byte // of the values: a string would be copied for each of its lines
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		for at := 0; at < len(line); {
			n := skipLetters(line[at:], isBase64)
			word, end := line[at:at+n], at+n
			end += skipLetters(line[end:], func(c byte) bool { return c == '=' })
			alone := at == 0 && end == len(line)
			switch {
			case open && alone:
				texts[len(texts)-1] = append(texts[len(texts)-1], word...)
			case len(word) >= minWord:
				values, texts = append(values, base64Value{line: number}), append(texts, []byte(word))
			}
			open = len(values) > 0 && end == len(line) && end == at+n && (open && alone || len(word) >= minWord)
			at = end + skipLetters(line[end:], func(c byte) bool { return !isBase64(c) })
		}
	}
	for i, text := range texts {
		values[i].text = string(text)
		clear(text)
	}
	if len(values) == 1 {
		rest := strings.Join(strings.Fields(text), "")
		values[0].whole = strings.TrimRight(rest, "=") == values[0].text
	}
	return values
}

// skipLetters returns how many bytes a text begins with that the function accepts.
func skipLetters(s string, accept func(byte) bool) int {
	for i := range len(s) {
		if !accept(s[i]) {
			return i
		}
	}
	return len(s)
}

// isBase64 accepts the letters of base64, also of that for URLs.
func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("+/-_", c) >= 0
}

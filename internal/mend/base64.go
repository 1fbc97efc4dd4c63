package mend

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/pemblock"
)

// withoutName drops what is before a value in YAML, in .env files and in JSON.
func withoutName(s string) string {
	const space = " \t\r\n\f"
	start := skip(s, 0, space)
	rest := strings.TrimLeft(strings.TrimPrefix(s[start:], "export "), space)
	rest = strings.TrimLeft(rest, "\"'")
	end := 0
	for end < len(rest) && (isLetterOrDigit(rest[end]) || strings.IndexByte("_.-", rest[end]) >= 0) {
		end++
	}
	sign := skip(rest, skip(rest, end, "\"'"), space)
	if end == 0 || isDigit(rest[0]) || sign == len(rest) || rest[sign] != ':' && rest[sign] != '=' {
		return s
	}
	rest = rest[skip(rest, sign+1, space):]
	if rest != "" && (rest[0] == '|' || rest[0] == '>') {
		rest = strings.TrimLeft(rest[1:], "+-")
	}
	return rest
}

// decodeBase64 reads the whole text as base64, without what may be around it. It returns nil
// for what is not, and for the DER of a key, which extractBare reads.
func (r *reading) decodeBase64(isIt func([]byte) bool) *reading {
	run := longestRun(isStandard, r.text)
	// A word after the base64 can look like its last line.
	shorter := run[:max(0, strings.LastIndexAny(strings.TrimSpace(run), " \t\r\n"))]
	texts := []string{r.text, withoutName(r.text), run, shorter}
	isForURLs := func(c byte) bool { return isStandard(c) && c != '+' && c != '/' || c == '-' || c == '_' }
	if forURLs := longestRun(isForURLs, r.text); len(forURLs) > len(run) {
		texts = slices.Insert(texts, 2, forURLs) // of which run is a piece
	}
	for _, text := range texts {
		if !strings.ContainsAny(text, "+/") {
			text = urlSafe.Replace(text)
		}
		inner, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(onlyBase64(text), "="))
		if err == nil && isText(inner) && isIt(inner) {
			next := decodeCharset(inner)
			next.codes = slices.Concat(r.codes, []string{"base64"}, next.codes)
			return next
		}
		if err == nil && pemblock.LabelOf(inner) != "" {
			return nil
		}
	}
	return nil
}

// urlSafe undoes the alphabet for URLs and file names (RFC 4648 section 5).
var urlSafe = strings.NewReplacer("-", "+", "_", "/")

// longestRun returns the longest stretch of base64 in a text, for what is inside JSON:
// lines of some length, and a last one of any length.
func longestRun(isLetter func(byte) bool, s string) string {
	longest := ""
	for start := 0; start < len(s); {
		end := runEnd(isLetter, s, start)
		if end-start > len(longest) {
			longest = s[start:end]
		}
		start = max(end, wordEnd(isLetter, s, start), start+1)
	}
	return longest
}

// shortWord is longer than most words that are not base64.
const shortWord = 15

// runEnd returns where the stretch that begins at start ends: start itself for no stretch.
func runEnd(isLetter func(byte) bool, s string, start int) int {
	for end := start; ; {
		word := wordEnd(isLetter, s, end)
		if word-end <= shortWord && end == start {
			return start
		}
		padded := skip(s, word, "=")
		if word-end <= shortWord {
			return padded
		}
		end = skip(s, padded, " \t\r\n\f")
	}
}

// skip returns the index of the first character from start on that is not in the set.
func skip(s string, start int, set string) int {
	for start < len(s) && strings.IndexByte(set, s[start]) >= 0 {
		start++
	}
	return start
}

// wordEnd returns the index of the first character from start on that is not a letter.
func wordEnd(isLetter func(byte) bool, s string, start int) int {
	for start < len(s) && isLetter(s[start]) {
		start++
	}
	return start
}

func isStandard(c byte) bool { return isBase64(c) && c != '=' }

// isText reports whether all bytes are text, in UTF-8 or most of it ASCII. UTF-16 has NUL bytes, but no
// other control characters, and coloured text has escapes.
func isText(b []byte) bool {
	other := 0
	for _, c := range b {
		switch {
		case c < ' ' && !strings.ContainsRune("\n\r\t\v\f\x00\x1b\a\b", rune(c)):
			return false
		case c >= 0x80:
			other++
		}
	}
	return len(b) >= minText && (other <= len(b)/8 || utf8.Valid(b))
}

// minText is shorter than any text with a key.
const minText = 40

func onlyBase64(s string) string { return onlyOf(s, isBase64) }

// onlyOf drops all other characters.
func onlyOf(s string, is func(byte) bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		if is(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}

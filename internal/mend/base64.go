package mend

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/pemkey"
)

// assignment is what stands before a value in YAML, in .env files and in JSON.
var assignment = lazy(`^\s*(?:export\s+)?["']?[A-Za-z_][A-Za-z0-9_.-]*["']?\s*[:=]\s*(?:[|>][+-]?\s)?`)

// decodeBase64 reads the whole text as base64, with what may stand around it taken
// off, if a text or a key comes out.
func (r *reading) decodeBase64() (*reading, bool) {
	run := longestRun(isStandard, r.text)
	texts := []string{r.text, assignment().ReplaceAllString(r.text, ""), run, withoutLastWord(run)}
	if forURLs := longestRun(isForURLs, r.text); len(forURLs) > len(run) {
		texts = slices.Insert(texts, 2, forURLs) // of which the other is a piece
	}
	for _, text := range texts {
		inner, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(onlyBase64(standardAlphabet(text)), "="))
		if err == nil && (isText(inner) || pemkey.LabelOf(inner) != "") {
			next := decodeCharset(inner)
			next.codes = append(append(slices.Clone(r.codes), "base64"), next.codes...)
			return next, isText(inner)
		}
	}
	return nil, false
}

// standardAlphabet undoes the alphabet for URLs and file names (RFC 4648 section 5),
// where there is nothing of the standard one.
func standardAlphabet(s string) string {
	if strings.ContainsAny(s, "+/") {
		return s
	}
	return urlSafe.Replace(s)
}

var urlSafe = strings.NewReplacer("-", "+", "_", "/")

// longestRun is the longest stretch of base64 in a text, for what is inside JSON: lines
// of some length, and a last one of any.
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

// runEnd is where the stretch that begins at start ends: there, if it is none.
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

// skip is where the characters of a set end that begin at start.
func skip(s string, start int, set string) int {
	for start < len(s) && strings.IndexByte(set, s[start]) >= 0 {
		start++
	}
	return start
}

func wordEnd(isLetter func(byte) bool, s string, start int) int {
	for start < len(s) && isLetter(s[start]) {
		start++
	}
	return start
}

func isStandard(c byte) bool { return isBase64(c) && c != '=' }

func isForURLs(c byte) bool { return isStandard(c) && c != '+' && c != '/' || c == '-' || c == '_' }

// withoutLastWord leaves out a word after the base64 that looks like its last line.
func withoutLastWord(run string) string {
	return run[:max(0, strings.LastIndexAny(strings.TrimSpace(run), " \t\r\n"))]
}

// isText reports whether bytes are text throughout; UTF-16 has NUL bytes, but no
// other control characters.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && !strings.ContainsRune("\n\r\t\v\f\x00", rune(c)) {
			return false
		}
	}
	return len(b) > 0
}

// onlyBase64 drops all other characters.
func onlyBase64(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		if c := s[i]; isBase64(c) {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}

package mend

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/lazy"
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

// base64Bytes are the bytes that the whole text is as base64, without what may be around it,
// the likeliest first: each that may be a text or a key.
func (r *reading) base64Bytes() (list [][]byte) {
	run := longestRun(standard, r.text)
	// A word after the base64 can look like its last line.
	shorter := run[:max(0, strings.LastIndexAny(strings.TrimSpace(run), " \t\r\n"))]
	_, later, _ := strings.Cut(run, "\n") // and one before it like its first
	texts := []string{r.text, withoutName(r.text), run, shorter, later}
	if strings.ContainsAny(r.text, "-_") {
		if forURLs := longestRun(forURLs, r.text); len(forURLs) > len(run) {
			texts = slices.Insert(texts, 2, forURLs) // of which run is a piece
		}
	}
	for i, text := range texts {
		if i > 0 && text == texts[i-1] {
			continue
		}
		if !strings.ContainsAny(text, "+/") {
			text = urlSafe.Get().Replace(text)
		}
		if !mayBeBase64(text) {
			continue
		}
		if inner, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(onlyBase64(text), "=")); err == nil {
			list = append(list, inner)
		}
	}
	return list
}

// mayBeBase64 reports whether a text begins as the base64 of a text or of a key does, so that
// decoding all of it is worth the time.
func mayBeBase64(text string) bool {
	const sample = 4 * minText
	letters := onlyBase64(text[:min(len(text), 4*sample)])
	letters = strings.TrimRight(letters[:min(len(letters), sample)], "=")
	begin, err := base64.RawStdEncoding.DecodeString(letters[:len(letters)-len(letters)%4])
	isKey := len(begin) < 4 || begin[0] == 0x30 || begin[0] == 0x3f || bytes.HasPrefix(begin, []byte("openssh-key"))
	return err != nil || isKey || !hasControls(begin)
}

// decodeBase64 returns the text that the whole text is as base64; nil for what isIt does not
// accept, and for the DER of a key, which extractBare reads.
func (r *reading) decodeBase64(isIt func([]byte) bool) *reading {
	for _, inner := range r.base64 {
		if isText(inner) && isIt(inner) {
			next := decodeCharset(inner)
			next.codes = slices.Concat(r.codes, []string{"base64"}, next.codes)
			return next
		}
		if pemblock.LabelOf(inner) != "" {
			return nil
		}
	}
	return nil
}

// urlSafe undoes the alphabet for URLs and file names (RFC 4648 section 5).
var urlSafe = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer("-", "+", "_", "/")
}}

// letters is a set of characters of ASCII, a bit for each.
type letters [2]uint64

const (
	digitBits = 0x3ff << '0'
	upperBits = 0x3ffffff << ('A' - 64)
	lowerBits = 0x3ffffff << ('a' - 64)
	hexBits   = 0x3f<<('A'-64) | 0x3f<<('a'-64)
	blankBits = 1<<' ' | 1<<'\t' | 1<<'\r' | 1<<'\n'
)

var (
	standard     = letters{digitBits | 1<<'+' | 1<<'/', upperBits | lowerBits}
	anyBase64    = letters{digitBits | 1<<'+' | 1<<'/' | 1<<'=', upperBits | lowerBits}
	forURLs      = letters{digitBits | 1<<'-', upperBits | lowerBits | 1<<('_'-64)}
	labelLetters = letters{digitBits, upperBits}
	hexDigits    = letters{digitBits, hexBits}
	digits       = letters{digitBits}
)

func (set letters) has(c byte) bool { return c < 128 && set[c/64]>>(c%64)&1 != 0 }

// longestRun returns the longest stretch of base64 in a text, for what is inside JSON:
// lines of some length, and a last one of any length.
func longestRun(set letters, s string) string {
	longest := ""
	for start := 0; start < len(s); {
		end := runEnd(set, s, start)
		if end-start > len(longest) {
			longest = s[start:end]
		}
		start = max(end, wordEnd(set, s, start), start+1)
	}
	return longest
}

// shortWord is longer than most words that are not base64.
const shortWord = 15

// runEnd returns where the stretch that begins at start ends: start itself for no stretch.
func runEnd(set letters, s string, start int) int {
	for end := start; ; {
		word := wordEnd(set, s, end)
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

// skip returns the index of the first character from start on that is not in the set, which
// is short.
func skip(s string, start int, set string) int {
	for start < len(s) {
		i := 0
		for i < len(set) && set[i] != s[start] {
			i++
		}
		if i == len(set) {
			break
		}
		start++
	}
	return start
}

// wordEnd returns the index of the first character from start on that is not in the set.
func wordEnd(set letters, s string, start int) int {
	for start < len(s) && set.has(s[start]) {
		start++
	}
	return start
}

// isText reports whether all bytes are text, in UTF-8 or most of it ASCII. UTF-16 has NUL bytes, but no
// other control characters, and coloured text has escapes.
func isText(b []byte) bool {
	if len(b) < minText || hasControls(b) {
		return false
	}
	other := 0
	for _, c := range b {
		if c >= 0x80 {
			other++
		}
	}
	return other <= len(b)/8 || utf8.Valid(b)
}

// hasControls reports whether there are characters that no text has.
func hasControls(b []byte) bool {
	for _, c := range b {
		if c < ' ' && strings.IndexByte("\n\r\t\v\f\x00\x1b\a\b", c) < 0 {
			return true
		}
	}
	return false
}

// minText is shorter than any text with a key.
const minText = 40

func onlyBase64(s string) string { return onlyOf(anyBase64, s) }

// onlyOf drops all other characters. It copies only what has some.
func onlyOf(set letters, s string) string {
	end := wordEnd(set, s, 0)
	if end == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)), s[:end]...)
	for _, c := range []byte(s[end:]) {
		if set.has(c) {
			b = append(b, c)
		}
	}
	return string(b)
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHexDigit(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isLetterOrDigit(c byte) bool { return isBase64(c) && c != '+' && c != '/' && c != '=' }

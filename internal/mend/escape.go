package mend

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// replaceFrom rewrites a text at each place that next finds: replace gets the rest of the text
// from there and what was written before, and returns what is written in place of how many
// bytes. It returns 0 bytes for what stays as it is.
func replaceFrom(s string, next func(rest string) int, replace func(rest, written string) (string, int)) string {
	var b strings.Builder
	changed := false // until then, what was written is what was read
	for pos := 0; ; {
		i := next(s[pos:])
		switch {
		case i < 0 && !changed:
			return s
		case i < 0:
			b.WriteString(s[pos:])
			return b.String()
		}
		written := s[:pos+i]
		if changed {
			b.WriteString(s[pos : pos+i])
			written = b.String()
		}
		pos += i
		with, n := replace(s[pos:], written)
		if n == 0 {
			with, n = s[pos:pos+1], 1
		}
		if !changed && with != s[pos:pos+n] {
			changed = true
			b.Grow(len(s))
			b.WriteString(written)
		}
		if changed {
			b.WriteString(with)
		}
		pos += n
	}
}

func indexOf(c byte) func(string) int {
	return func(rest string) int { return strings.IndexByte(rest, c) }
}

// unBackslash undoes the escapes of JSON (RFC 8259 section 7), of C and of the shell, and the
// backslash at the end of a line that goes on.
func unBackslash(s string) string {
	return replaceFrom(s, indexOf('\\'), func(rest, written string) (string, int) {
		if with, size := unescaped(rest[1:]); size > 0 {
			return with, 1 + size
		}
		end := skip(rest, 1, " \t")
		if end == len(rest) || rest[end] == '\r' || rest[end] == '\n' {
			return lineEndAfter(written), min(len(rest), end+len(lineEnd(rest[end:])))
		}
		if rest[1] < utf8.RuneSelf && !isLetterOrDigit(rest[1]) {
			return rest[1:2], 2
		}
		return "", 0
	})
}

// lineEndAfter returns a line end unless the text ends in one.
func lineEndAfter(written string) string {
	if written == "" || strings.HasSuffix(written, "\n") {
		return ""
	}
	return "\n"
}

// escapeLetters are the characters that a letter stands for after a backslash.
var escapeLetters = [256]string{'n': "\n", 'r': "\r", 't': "\t", 'f': "\f", 'v': "\v", 'e': "\x1b"}

// unescaped returns what stands for a character after a backslash, and how long that is.
func unescaped(s string) (string, int) {
	if s == "" {
		return "", 0
	}
	if with := escapeLetters[s[0]]; with != "" {
		return with, 1
	}
	switch s[0] {
	case 'x':
		return number(s, 1, 2, 16)
	case 'u':
		if end := strings.IndexByte(s[:min(len(s), 10)], '}'); strings.HasPrefix(s, "u{") && end > 0 {
			with, n := number(s, 2, end-2, 16)
			return with, n + min(n, 1)
		}
		return number(s, 1, 4, 16)
	case 'U':
		return number(s, 1, 8, 16)
	}
	return number(s, 0, 3, 8)
}

// number returns the character whose number has so many digits from start on, and where they
// end; 0 for none.
func number(s string, start, digits, base int) (string, int) {
	if len(s) < start+digits {
		return "", 0
	}
	n := rune(0)
	for _, c := range []byte(s[start : start+digits]) {
		d := digitOf(c)
		if n = n*rune(base) + d; d < 0 || d >= rune(base) || n >= 1<<21 {
			return "", 0
		}
	}
	return string(n), start + digits
}

// digitOf returns the value of a hexadecimal digit, or -1.
func digitOf(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case isHexDigit(c):
		return rune(c | 0x20 - 'a' + 10)
	}
	return -1
}

// slashLetters are what stands after a backslash in JSON (RFC 8259 section 7) and in a shell.
var slashLetters = [256]string{'"': `"`, '\'': "'", '/': "/", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

// unSlash undoes those escapes. Several backslashes come from escaping more than once.
func unSlash(s string) string {
	return replaceFrom(s, indexOf('\\'), func(rest, _ string) (string, int) {
		end := skip(rest, 0, `\`)
		if end < len(rest) {
			if with := slashLetters[rest[end]]; with != "" {
				return with, end + 1
			}
			if with, n := number(rest, end+1, 4, 16); n > 0 && rest[end] == 'u' {
				return with, n
			}
		}
		return rest[:end], end
	})
}

// hasBackticks reports whether line ends are written as PowerShell does, `n and `r. Other
// backticks are quotes.
func hasBackticks(s string) bool {
	ends := strings.Count(s, "`n") + strings.Count(s, "`r")
	return ends > 0 && ends >= strings.Count(s, "`")/2
}

func unBacktick(s string) string {
	return replaceFrom(s, indexOf('`'), func(rest, _ string) (string, int) {
		if len(rest) == 1 {
			return rest, 1
		}
		if with := escapeLetters[rest[1]]; with != "" {
			return with, 2
		}
		if rest[1] < utf8.RuneSelf && !isLetterOrDigit(rest[1]) {
			return rest[1:2], 2
		}
		return "", 0
	})
}

// unPercent undoes the encoding of URLs (RFC 3986 section 2.1), and that of forms, in which
// a + is a space.
func unPercent(s string) string {
	// A dump has a space after every byte or two, and base64 has far fewer +.
	isDump := strings.Contains(s, "%0A") && 8*strings.Count(s, "+") > len(s)
	if isDump || strings.Contains(s, "BEGIN+") || strings.Contains(s, "Encryption%3A+") || strings.Contains(s, "Encryption:+") {
		s = strings.ReplaceAll(s, "+", " ")
	}
	return replaceFrom(s, indexOf('%'), func(rest, _ string) (string, int) { return hexByte(rest, 1) })
}

// hexByte returns the byte of the two digits from start on.
func hexByte(s string, start int) (string, int) {
	if len(s) < start+2 {
		return "", 0
	}
	high, low := digitOf(s[start]), digitOf(s[start+1])
	if high < 0 || low < 0 {
		return "", 0
	}
	return string([]byte{byte(high<<4 | low)}), start + 2
}

// unQuotePrintable undoes quoted-printable (RFC 2045 section 6.7). The = at the end of base64
// is not a soft line end.
func unQuotePrintable(s string) string {
	if !isQuotedPrintable(s) {
		return s
	}
	return replaceFrom(s, indexOf('='), func(rest, _ string) (string, int) {
		if with, n := hexByte(rest, 1); n > 0 {
			return with, n
		}
		if run := skip(rest, 0, "="); run > 1 { // padding, or a ruler
			n := min(len(rest), run+2)
			return rest[:n], n
		}
		end := skip(rest, 1, " \t")
		n := len(lineEnd(rest[end:]))
		if n == 0 {
			return "", 0
		}
		return "", end + n
	})
}

// isQuotedPrintable reports whether a text has a character in quoted-printable, or a line of
// full length with a soft line end.
func isQuotedPrintable(s string) bool {
	const longest, word = 76, 3
	full := false
	for line := range lines(s) {
		if full && line != "" && line[0] != '-' {
			return true
		}
		full = strings.HasSuffix(line, "=") && len(line) <= longest && len(line) > longest-word
		for i := strings.IndexByte(line, '='); i >= 0; {
			run := skip(line, i, "=")
			if _, n := hexByte(line, run); n > 0 && run == i+1 {
				return true
			}
			next := strings.IndexByte(line[run:], '=')
			if i = run + next; next < 0 {
				break
			}
		}
	}
	return false
}

// unUTF7 undoes UTF-7 (RFC 2152). There every + begins a character that is not ASCII, or one
// that mail may change. In any other text, one that does not shows that it is not UTF-7.
func unUTF7(s string) string {
	failed := false
	plain := replaceFrom(s, indexOf('+'), func(rest, _ string) (string, int) {
		with, n := shifted(rest)
		failed = failed || n == 0
		if failed {
			return rest, len(rest)
		}
		return with, n
	})
	if failed {
		return s
	}
	return plain
}

// shifted returns the characters after a + in UTF-7, which are UTF-16 in base64.
func shifted(s string) (string, int) {
	if strings.HasPrefix(s, "+-") {
		return "+", 2
	}
	end := wordEnd(standard, s[:min(len(s), 64)], 1)
	data, err := base64.RawStdEncoding.DecodeString(s[1:end])
	if err != nil || len(data) == 0 || len(data)%2 != 0 {
		return "", 0
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		units = append(units, uint16(data[i])<<8|uint16(data[i+1]))
	}
	runes := utf16.Decode(units)
	for _, r := range runes {
		if r >= 0x80 && r != 0xa0 && r != 0xfeff && (r < 0x2000 || r > 0x2fff) {
			return "", 0
		}
	}
	if end < len(s) && s[end] == '-' {
		end++
	}
	return string(runes), end
}

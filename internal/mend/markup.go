package mend

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/lazy"
)

const escape = '\x1b'

// hasANSI reports whether a text has the sequences that colour a terminal (ECMA-48), also as
// cat -v shows them, or with the character in front of them lost.
func hasANSI(s string) bool {
	return strings.ContainsRune(s, escape) || strings.ContainsRune(s, 0x9b) || strings.Contains(s, "^[[") ||
		strings.Contains(s, "[0m") || strings.Contains(s, "[m")
}

func unANSI(s string) string {
	for _, shown := range [][2]string{{"^[", "\x1b"}, {"\u009b", "\x1b["}, {"\u241b", "\x1b"}} {
		s = strings.ReplaceAll(s, shown[0], shown[1])
	}
	next := func(rest string) int { return strings.IndexAny(rest, "\x1b[") }
	return replaceFrom(s, next, func(rest, _ string) (string, int) {
		if rest[0] == '[' {
			return "", colourLength(rest)
		}
		return "", sequenceLength(rest)
	})
}

// colourLength returns how long the end of a sequence is that sets a colour or clears a line.
func colourLength(s string) int {
	end := 1
	for end < min(len(s), 24) && (s[end] >= '0' && s[end] <= '9' || s[end] == ';') {
		end++
	}
	if end < len(s) && (s[end] == 'm' || s[end] == 'K') {
		return end + 1
	}
	return 0
}

// sequenceLength returns how long the sequence at the beginning is: a control sequence, a
// string of an operating system command, or another.
func sequenceLength(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	end := 2
	switch {
	case s[1] == '[':
		for end < len(s) && s[end] >= 0x20 && s[end] < 0x40 {
			end++
		}
	case s[1] == ']':
		for end < len(s) && s[end] != '\a' && s[end] != escape && s[end] != '\n' {
			end++
		}
		if end < len(s) && s[end] == escape {
			end++
		}
	case s[1] >= 0x20 && s[1] < 0x30:
		end = skip(s, 1, " !\"#$%&'()*+,-./")
	default:
		return 2
	}
	return min(len(s), end+1)
}

// showsControls reports whether control characters are shown, as by cat -A, sed -n l and editors.
func showsControls(s string) bool {
	return strings.Contains(s, "^M") || strings.Contains(s, "-----$") || strings.Contains(s, " ----$") ||
		strings.Contains(s, "none$") || strings.Contains(s, "aes256-cbc$") || strings.Contains(s, `\r$`)
}

func unControls(s string) string {
	for _, shown := range [][2]string{{"^M$", ""}, {"^M", ""}, {"^I", "\t"}, {`\r$`, ""}} {
		s = strings.ReplaceAll(s, shown[0], shown[1])
	}
	return replaceFrom(s, indexOf('$'), func(rest, _ string) (string, int) {
		if len(rest) == 1 || lineEnd(rest[1:]) != "" || rest[1] == ' ' {
			return "", 1
		}
		return "", 0
	})
}

// unBreak replaces the line ends of HTML, <br> in any letters, by one.
func unBreak(s string) string {
	return replaceFrom(s, indexOf('<'), func(rest, _ string) (string, int) {
		if len(rest) < len("<br>") || !strings.EqualFold(rest[1:3], "br") {
			return "", 0
		}
		end := skip(rest, 3, spaces)
		end += len(rest[end:]) - len(strings.TrimPrefix(rest[end:], "/"))
		if !strings.HasPrefix(rest[end:], ">") {
			return "", 0
		}
		return "\n", end + 1
	})
}

// maxTag is longer than most tags.
const maxTag = 500

// inlineTags do not begin or end a line.
var inlineTags = []string{"span", "font", "b", "i", "u", "em", "strong", "code", "tt", "a", "mark", "small", "wbr", "o:p", "s"}

// unTag replaces what begins and ends a line in HTML by a line end, and drops other tags.
func unTag(s string) string {
	s = strings.ReplaceAll(s, "]]>", "")
	return replaceFrom(s, indexOf('<'), func(rest, written string) (string, int) {
		if strings.HasPrefix(rest, "<![CDATA[") {
			return "", len("<![CDATA[")
		}
		name, n := tag(rest)
		if n == 0 {
			return "", 0
		}
		if strings.EqualFold(name, "td") || strings.EqualFold(name, "th") {
			return " ", n
		}
		for _, inline := range inlineTags {
			if strings.EqualFold(name, inline) {
				return "", n
			}
		}
		return lineEndAfter(written), n + len(lineEnd(rest[n:]))
	})
}

// tag returns the name of the tag that a text begins with, and how long the tag is.
func tag(s string) (name string, n int) {
	end := strings.IndexAny(s[1:min(len(s), maxTag)], "<>") + 1
	if end < 2 || s[end] == '<' {
		return "", 0
	}
	inside := strings.TrimPrefix(s[1:end], "/")
	if name := strings.TrimPrefix(inside, "!"); name == "" || !isLetterOrDigit(name[0]) || isDigit(name[0]) {
		return "", 0
	}
	if i := strings.IndexAny(inside, " \t\r\n/"); i >= 0 {
		inside = inside[:i]
	}
	return inside, end + 1
}

func isRTF(s string) bool { return strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), `{\rtf`) }

// rtfTexts are the words of RTF (Microsoft's specification 1.9.1) that stand for characters.
var rtfTexts = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": " ", "tab": "\t",
		"emdash": "\u2014", "endash": "\u2013", "lquote": "'", "rquote": "'", "ldblquote": `"`, "rdblquote": `"`,
	}
}}

// rtfSigns are the characters of Windows-1252 that editors put in place of those of a key.
var rtfSigns = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"\x91": "'", "\x92": "'", "\x93": `"`, "\x94": `"`, "\x96": "\u2013", "\x97": "\u2014", "\xa0": " ", "\xad": "-",
	}
}}

// rtfAside are the groups of RTF that are not text.
var rtfAside = lazy.Map[string, bool]{Make: func() map[string]bool {
	return map[string]bool{
		"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "*": true, "pict": true, "header": true, "footer": true,
	}
}}

// unRTF returns the text of an RTF document.
func unRTF(s string) string {
	var b strings.Builder
	aside := 0 // how many groups are open since one that is not text began
	for i := 0; i < len(s); {
		c := s[i]
		i++
		switch {
		case c == '{':
			if aside > 0 {
				aside++
			} else if word, _ := rtfWord(s, i); rtfAside.Get()[word] {
				aside = 1
			}
		case c == '}':
			aside = max(0, aside-1)
		case c == '\\':
			word, n := rtfWord(s, i-1)
			i += n - 1
			if aside == 0 {
				b.WriteString(rtfText(word, s[i:]))
			}
			if word == "'" {
				i = min(len(s), i+2)
			}
		case aside == 0 && c != '\r' && c != '\n':
			b.WriteByte(c)
		}
	}
	return b.String()
}

// rtfWord returns the control word or symbol with its number at i, and how long it is with
// the space that ends it.
func rtfWord(s string, i int) (word string, n int) {
	if i+1 >= len(s) || s[i] != '\\' {
		return "", min(1, len(s)-i)
	}
	end := i + 1
	for end < len(s) && s[end] >= 'a' && s[end] <= 'z' {
		end++
	}
	if end == i+1 {
		return s[end : end+1], 2
	}
	if end < len(s) && s[end] == '-' {
		end++
	}
	end = digitsEnd(s, end)
	word = s[i+1 : end]
	if end < len(s) && s[end] == ' ' {
		end++
	}
	return word, end - i
}

// rtfText returns what a word stands for; rest is the text after it.
func rtfText(word, rest string) string {
	switch word {
	case `\`, "{", "}":
		return word
	case "\n", "\r":
		return "\n"
	case "~":
		return " "
	case "_":
		return "-"
	case "'":
		with, _ := hexByte(rest, 0)
		if sign, ok := rtfSigns.Get()[with]; ok {
			return sign
		}
		return strings.ToValidUTF8(with, "\u00b7")
	}
	if digits, ok := strings.CutPrefix(word, "u"); ok {
		if n, err := strconv.Atoi(digits); err == nil {
			return string(rune(uint16(n)))
		}
	}
	return rtfTexts.Get()[word]
}

// looks are the letters that look like those of base64, headers and markers: the wide ones,
// those of Greek and Cyrillic, what mathematics has, and the ligatures of a PDF.
var looks = lazy.Value[map[rune]string]{Make: func() map[rune]string {
	list := map[rune]string{
		'\u2215': "/", '\u2044': "/", '\u29f8': "/", '\u2795': "+", '\ufb29': "+", '\ufe62': "+", '\ufe66': "=", '\ua78a': "=",
		'\ufb00': "ff", '\ufb01': "fi", '\ufb02': "fl", '\ufb03': "ffi", '\ufb04': "ffl", '\ufb05': "st", '\ufb06': "st",
		'\u2018': "'", '\u2019': "'", '\u201a': "'", '\u201b': "'", '\u201c': `"`, '\u201d': `"`, '\u201e': `"`, '\u201f': `"`,
		'\u00ab': `"`, '\u00bb': `"`, '\u2236': ":", '\ua789': ":", '\u02d0': ":", '\u212a': "K", '\u017f': "s",
	}
	for wide := '\uff01'; wide <= '\uff5e'; wide++ {
		list[wide] = string(wide - 0xff01 + '!')
	}
	const like, ascii = "АВЕЅІЈКМНОРСТХУаеѕіјорсхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧον", "ABESIJKMHOPCTXYaesijopcxyABEZHIKMNOPTYXov"
	at := 0
	for _, r := range like {
		list[r] = ascii[at : at+1]
		at++
	}
	return list
}}

// unLookAlike replaces letters that look like ASCII by those.
func unLookAlike(s string) string {
	list := looks.Get()
	next := func(rest string) int {
		for i := range len(rest) {
			if rest[i] >= utf8.RuneSelf {
				return i
			}
		}
		return -1
	}
	return replaceFrom(s, next, func(rest, _ string) (string, int) {
		r, n := utf8.DecodeRuneInString(rest)
		with, ok := list[r]
		if !ok {
			return rest[:n], n
		}
		return with, n
	})
}

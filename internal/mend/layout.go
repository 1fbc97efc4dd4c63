package mend

import (
	"bytes"
	"iter"
	"strings"
)

// layoutCodes names what is wrong with the lines of a body.
func layoutCodes(body string) []string {
	if strings.TrimSpace(body) != "" && !strings.ContainsAny(body, "\r\n") {
		if strings.ContainsAny(body, "\"'") && !isHeader(body) {
			return []string{"quotes", "one-line"}
		}
		return []string{"one-line"}
	}
	found := make([]bool, len(layoutChecks))
	count, blank := 0, blankLines{}
	for line := range lines(body) {
		count++
		blank.next(line)
		for i, check := range layoutChecks {
			found[i] = found[i] || check.found(line)
		}
	}
	var codes []string
	if count <= 3 && len(body) > 200 {
		codes = append(codes, "one-line")
	}
	for i, check := range layoutChecks {
		if found[i] {
			codes = append(codes, check.code)
		}
	}
	if blank.found {
		codes = append(codes, "blank-lines")
	}
	return codes
}

var layoutChecks = []struct {
	code  string
	found func(line string) bool
}{
	{"indent", func(l string) bool { return isIndented(l) && strings.TrimSpace(l) != "" }},
	{"trailing", func(l string) bool {
		return l != strings.TrimRight(l, " \t") && strings.TrimSpace(l) != "" && !isHeader(l)
	}},
	{"quoting", func(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, " \t"), ">") }},
	{"quotes", func(l string) bool { return strings.ContainsAny(l, "\"'") && !isHeader(l) }},
}

func isIndented(line string) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
}

// isHeader reports whether a line may have spaces at its end and quotes in it, as a
// comment may.
func isHeader(line string) bool { return strings.Contains(line, ":") }

// blankLines finds a line with nothing on it between others. The one after the headers
// of RFC 1421 belongs there.
type blankLines struct {
	found   bool
	any     bool // whether there has been a line
	header  bool // whether the last line was one
	pending bool // whether the last line was blank, and not the first
}

func (b *blankLines) next(line string) {
	b.found = b.found || b.pending
	b.pending = b.any && !b.header && strings.TrimSpace(line) == ""
	b.any, b.header = true, isHeader(line)
}

// HasGoodLines reports whether no line of the key is blank or has spaces around it: from the
// first BEGIN line of a private key to its END line, or of the whole text where there is no such
// line. Text before and after a PEM block is not damage (RFC 7468 section 5.2), the blank line
// after the headers of RFC 1421 belongs there, and the comment of a .ppk may have any spaces.
func HasGoodLines(data []byte) bool {
	text := strings.TrimRight(string(data), "\r\n")
	hasBegin := false
	for rest, more := text, true; more && !hasBegin; {
		var line, after string
		if line, after, more = cutLine(rest); isMarkerLine(line, "BEGIN") {
			text, hasBegin = rest, true
		}
		rest = after
	}
	blank := blankLines{}
	for more := true; more; {
		var line string
		isFirst := !blank.any
		line, text, more = cutLine(text)
		blank.next(line)
		if blank.found || line != strings.Trim(line, " \t") && !strings.HasPrefix(line, "Comment: ") {
			return false
		}
		if hasBegin && !isFirst && isMarkerLine(line, "END") {
			return true
		}
	}
	return true
}

func isMarkerLine(line, word string) bool {
	return strings.Contains(line, "---- "+word+" ") ||
		strings.Contains(line, "-----"+word+" ") && strings.Contains(line, "PRIVATE KEY")
}

// lines splits at LF, CRLF and CR.
func lines(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			line, rest, more := cutLine(s)
			if !yield(line) || !more {
				return
			}
			s = rest
		}
	}
}

// cutLine returns the first line, and what follows its line end, if it has one.
func cutLine(s string) (line, rest string, ok bool) {
	i := strings.IndexAny(s, "\r\n")
	if i < 0 {
		return s, "", false
	}
	rest = s[i+1:]
	if s[i] == '\r' {
		rest = strings.TrimPrefix(rest, "\n")
	}
	return s[:i], rest, true
}

// lineEnd returns the line end that a text begins with.
func lineEnd(s string) string {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return s[:2]
	case strings.HasPrefix(s, "\n"), strings.HasPrefix(s, "\r"):
		return s[:1]
	}
	return ""
}

// aroundCodes names what is around the key.
func aroundCodes(outside string) []string {
	rest := strings.TrimSpace(outside)
	if rest == "" {
		return nil
	}
	if strings.Trim(rest, "\"'` \t\r\n,;") == "" {
		return []string{"quotes"}
	}
	return []string{"around"}
}

// isDash reports whether a character is one of those that editors make of "-".
func isDash(r rune) bool {
	switch r {
	case '-', 0x2212, 0xad, 0xfe58, 0xfe63, 0xff0d:
		return true
	}
	return r >= 0x2010 && r <= 0x2015
}

// plainDashes replaces every kind of dash by "-".
func plainDashes(s string) string {
	return strings.Map(func(r rune) rune {
		if isDash(r) {
			return '-'
		}
		return r
	}, s)
}

// TrimLegal removes what is not damage: a UTF-8 byte order mark, and blank lines around
// the text.
func TrimLegal(data []byte) []byte {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasSuffix(trimmed, []byte("\n")) || bytes.HasSuffix(trimmed, []byte("\r")) {
		body := bytes.TrimRight(trimmed, "\r\n")
		trimmed = trimmed[:min(len(trimmed), len(body)+1)]
	}
	return trimmed
}

package mend

import "strings"

const quotes = "\"'`"

func hasQuotes(s string) bool { return strings.ContainsAny(s, quotes) }

// unJoin puts strings of a program together that it joins: with an operator, with a comma in
// a list, or with nothing. Without a line end in the string, each was a line.
func unJoin(s string) string {
	start, end := len(s), strings.LastIndex(s, "END")
	for _, word := range []string{"BEGIN", "PuTTY"} {
		start = min(start, indexFrom(s, word, 0))
	}
	end = max(end, strings.LastIndex(s, "Private-"))
	if start >= end {
		return unJoinAll(s)
	}
	return s[:start] + unJoinAll(s[start:end]) + s[end:]
}

func unJoinAll(s string) string {
	next := func(rest string) int { return strings.IndexAny(rest, quotes) }
	return replaceFrom(s, next, func(rest, written string) (string, int) {
		n := joint(rest)
		if same := skip(rest, 0, rest[:1]); n == 0 && same > maxJoint {
			return rest[:same-maxJoint], same - maxJoint // none of these is the end of a string
		}
		if n == 0 {
			return rest[:1], 1
		}
		for _, end := range []string{`\n`, `\r`, "`n", "\n"} {
			if strings.HasSuffix(written, end) {
				return "", n
			}
		}
		return "\n", n
	})
}

// joiners are the characters of the operators that join strings.
const joiners = `+.,&|<\_-`

// maxName is longer than the name of a line end in a program: Environment.NewLine.
const maxName = 40

// maxJoint is longer than what is between two strings: a line end, spaces and an operator.
const maxJoint = 256

// joint returns how long the end of one string with the beginning of the next is, 0 for the
// end of a string that no other follows. It looks at maxJoint characters at most, since it
// is asked at every quote.
func joint(s string) int {
	s = s[:min(len(s), maxJoint)]
	pos := skip(s, 0, s[:1])
	for operand := 0; ; operand++ {
		pos = skip(s, pos, " \t\r\n")
		pos = skip(s, pos, joiners)
		pos = skip(s, pos, " \t\r\n")
		name := nameEnd(s, pos)
		if name == len(s) {
			return 0
		}
		if strings.IndexByte(quotes, s[name]) >= 0 && name-pos <= 3 { // b"", f'', @"", $""
			return skip(s, name, s[name:name+1])
		}
		if name == pos || name-pos > maxName || operand == 2 || s[skip(s, name, " \t\r\n"):] == "" {
			return 0
		}
		pos = name
	}
}

// nameEnd returns where a name, a call or the prefix of a string ends.
func nameEnd(s string, pos int) int {
	for pos < len(s) && (isLetterOrDigit(s[pos]) || strings.IndexByte("_.()$@", s[pos]) >= 0) {
		pos++
	}
	return pos
}

// hasPlainMarker reports whether there may be a marker without its dashes, or in small letters.
func hasPlainMarker(s string) bool {
	return containsFold(s, "private key") || containsFold(s, "privatekey")
}

// containsFold is strings.Contains without regard to capital letters of ASCII; word is small.
func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if c := s[i] | 0x20; c == word[0] && strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// unMarker writes the words of a marker, with other dashes around them or none, as a marker.
func unMarker(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 64)
	for s != "" {
		_, rest, _ := cutLine(s)
		b.WriteString(withMarker(s[:len(s)-len(rest)]))
		s = rest
	}
	return b.String()
}

// markerWords matches the words of a marker with what may be there in place of its dashes.
var markerWords = lazy(`(?i)([-_=~*#.]{0,20}) *\b(BEGIN|END) +((?:[A-Z0-9]+ +){0,3})PRIVATE ?KEY *([-_=~*#.]{0,20})`)

// withMarker returns a line with its marker as it should be.
func withMarker(line string) string {
	if len(line) > maxLabel || !containsFold(line, "private") {
		return line
	}
	m := markerWords().FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	label := strings.ToUpper(strings.Join(append(strings.Fields(line[m[6]:m[7]]), "PRIVATE KEY"), " "))
	left, right := "-----", "-----"
	if strings.HasPrefix(label, "SSH2") {
		left, right = "---- ", " ----"
	}
	start := m[0]
	if m[2] == m[3] { // without dashes, the space belongs to the line
		start = m[4]
	}
	return line[:start] + left + strings.ToUpper(line[m[4]:m[5]]) + " " + label + right + line[m[1]:]
}

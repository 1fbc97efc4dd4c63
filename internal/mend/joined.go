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
		if n == 0 { // nor is any other of a run of quotes the end of a string, but perhaps the last
			run := skip(rest, 0, rest[:1])
			if run > 1 && joint(rest[run-1:]) > 0 {
				run--
			}
			return rest[:run], run
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
const joiners = `+.,;&|<\_-`

// maxName is longer than the name of a line end in a program: Environment.NewLine.
const maxName = 40

// maxJoint is longer than what is between two strings: a line end, spaces and an operator.
const maxJoint = 256

// joint returns how long the end of one string with the beginning of the next is, 0 for the
// end of a string that no other follows. It looks at maxJoint characters at most, since it
// is asked at every quote.
func joint(s string) int {
	s = s[:min(len(s), maxJoint)]
	for _, lineEnd := range shellLineEnds {
		if strings.HasPrefix(s, lineEnd) {
			return len(lineEnd)
		}
	}
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
			end := skip(s, name, s[name:name+1])
			if end == name+len(`""`) && end < len(s) && joint(s[name+1:]) > 0 { // an empty line
				end--
			}
			return end
		}
		if name == pos || name-pos > maxName || operand == 2 || s[skip(s, name, " \t\r\n"):] == "" {
			return 0
		}
		pos = name
	}
}

// shellLineEnds are line ends between two strings of a shell that quotes what it prints.
var shellLineEnds = []string{`'$'\n''`, `'$'\r\n''`}

// nameEnd returns where a name, a call or the prefix of a string ends.
func nameEnd(s string, pos int) int {
	for pos < len(s) && (isLetterOrDigit(s[pos]) || strings.IndexByte("_.()$@", s[pos]) >= 0) {
		pos++
	}
	return pos
}

// hasPlainMarker reports whether there may be a marker without its dashes, or in small letters.
func hasPlainMarker(s string) bool {
	const word = "private"
	for i := 0; i+len(word+"key") <= len(s); i++ {
		if s[i]|0x20 == 'p' && s[i+1]|0x20 == 'r' && strings.EqualFold(s[i:i+len(word)], word) {
			key := i + len(word)
			if s[key] == ' ' || s[key] == '_' {
				key++
			}
			if key+len("key") <= len(s) && strings.EqualFold(s[key:key+len("key")], "key") {
				return true
			}
		}
	}
	return false
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

// withMarker returns a line with its marker as it should be.
func withMarker(line string) string {
	if len(line) > maxLabel || !containsFold(line, "private") {
		return line
	}
	for word := range len(line) {
		name := "BEGIN"
		switch line[word] | 0x20 {
		case 'b':
		case 'e':
			name = "END"
		default:
			continue
		}
		after := word + len(name)
		if after >= len(line) || line[after] != ' ' && line[after] != '_' || !strings.EqualFold(line[word:after], name) ||
			word > 0 && (isLetterOrDigit(line[word-1]) || line[word-1] == '_') {
			continue
		}
		words, end := plainLabel(line, after)
		if end < 0 {
			continue
		}
		label := strings.ToUpper(strings.Join(append(words, "PRIVATE KEY"), " "))
		left, right := "-----", "-----"
		if strings.HasPrefix(label, "SSH2") {
			left, right = "---- ", " ----"
		}
		return line[:rulerStart(line, word)] + left + name + " " + label + right + line[end:]
	}
	return line
}

// rulers are what may stand in place of the dashes of a marker, one of them at most so many
// times: another sign beside it is not one of them.
const (
	rulers   = "-_=~*#."
	maxRuler = 20
)

// rulerStart returns where the ruler before a word begins. Without one, the space before the
// word belongs to the line.
func rulerStart(line string, word int) int {
	end := len(strings.TrimRight(line[:word], " "))
	start := end
	for start > max(0, end-maxRuler) && strings.IndexByte(rulers, line[start-1]) >= 0 && line[start-1] == line[end-1] {
		start--
	}
	if start == end {
		return word
	}
	return start
}

// rulerEnd returns where the ruler at a position ends.
func rulerEnd(line string, pos int) int {
	if pos == len(line) || strings.IndexByte(rulers, line[pos]) < 0 {
		return pos
	}
	return skip(line[:min(len(line), pos+maxRuler)], pos, line[pos:pos+1])
}

// plainLabel returns the words of a label before PRIVATE KEY, at most three and in any letters,
// and where it ends with the ruler after it; -1 where there is no label.
func plainLabel(line string, pos int) (words []string, end int) {
	end = -1
	var before []string
	for range 4 {
		start := skip(line, pos, " _")
		for _, name := range []string{"PRIVATE KEY", "PRIVATEKEY", "PRIVATE_KEY"} {
			if key := start + len(name); key <= len(line) && strings.EqualFold(line[start:key], name) {
				ruler := skip(line, key, " ")
				words, end = before, rulerEnd(line, ruler)
			}
		}
		pos = start
		for pos < len(line) && isLetterOrDigit(line[pos]) {
			pos++
		}
		if pos == start || pos == len(line) || line[pos] != ' ' && line[pos] != '_' {
			break
		}
		before = append(before, line[start:pos])
	}
	return words, end
}

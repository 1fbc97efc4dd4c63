package mend

import (
	"slices"
	"strings"
)

// decoration is what a line has before and after its part of a key.
type decoration struct{ before, after string }

func (d decoration) codes() []string {
	both := d.before + d.after
	switch {
	case strings.ContainsRune(both, escape) || strings.Contains(both, "[0m") || strings.Contains(both, "[m"):
		return []string{"ansi"}
	case strings.Contains(both, "<") && strings.Contains(both, ">"):
		return []string{"html"}
	case strings.ContainsAny(both, quotes):
		return []string{"joined"}
	case strings.TrimSpace(d.before) == "" && (d.after == "^M" || d.after == "$"):
		return []string{"controls"}
	case strings.TrimSpace(d.before) == "" && strings.TrimSpace(d.after) == `\`:
		return []string{"continued"}
	case strings.TrimSpace(d.before) == "" && strings.HasPrefix(strings.TrimSpace(d.after), `\`):
		return []string{"escapes"}
	case strings.TrimSpace(d.before) == "":
		return []string{"suffix"}
	case strings.TrimSpace(d.after) == "":
		return []string{"prefix"}
	}
	return []string{"prefix", "suffix"}
}

// decoration returns what every line of the region has before and after it. The first line may
// have something else, such as the name of a variable, and the last another end.
func (g region) decoration(text string) (decoration, bool) {
	if g.inner >= g.lastLine {
		return decoration{}, false
	}
	inner := text[g.inner:g.lastLine]
	for _, d := range []decoration{
		{g.last.before, g.first.after}, g.first, g.last, {g.first.before, g.last.after},
	} {
		if strings.TrimSpace(d.before+d.after) != "" && d.fits(inner) {
			return d, true
		}
	}
	return decoration{}, false
}

// openEnded is decoration for a region that has lost its BEGIN or its END line: it cuts the
// region to the lines beside the other that are decorated.
func (g *region) openEnded(text string) (decoration, bool) {
	hasBegin, hasEnd := g.firstEnd > g.start, g.end > g.lastLine
	if hasBegin == hasEnd || g.inner >= g.lastLine {
		return decoration{}, false
	}
	inner := text[g.inner:g.lastLine]
	if hasBegin {
		pos := g.first.fitting(inner)
		g.lastLine, g.end = g.inner+pos, g.inner+pos
		return g.first, pos > 0 && strings.TrimSpace(g.first.before+g.first.after) != ""
	}
	before, one := lastLine(inner)
	_, two := lastLine(before)
	for _, after := range []string{g.last.after, reversed(commonStart(reversed(two), reversed(one), true))} {
		d := decoration{g.last.before, after}
		if n := d.fittingFromEnd(inner); n > 0 && strings.TrimSpace(d.before+d.after) != "" {
			g.inner = g.lastLine - n
			g.start, g.firstEnd = g.inner, g.inner
			return d, true
		}
	}
	return decoration{}, false
}

// fitting returns how much of a text is lines with the decoration.
func (d decoration) fitting(inner string) (n int) {
	for n < len(inner) {
		line, rest, _ := cutLine(inner[n:])
		if _, ok := d.cut(line); !ok {
			break
		}
		n = len(inner) - len(rest)
	}
	return n
}

// fittingFromEnd is fitting, from the end on.
func (d decoration) fittingFromEnd(inner string) int {
	rest := inner
	for rest != "" {
		before, line := lastLine(rest)
		if _, ok := d.cut(line); !ok {
			break
		}
		rest = before
	}
	return len(inner) - len(rest)
}

// lastLine splits the last line off a text of whole lines.
func lastLine(s string) (before, line string) {
	body := s[:len(s)-lineEndBefore(s)]
	i := strings.LastIndexAny(body, "\r\n") + 1
	return s[:i], body[i:]
}

// lineEndBefore returns how long the line end is that a text ends with.
func lineEndBefore(s string) int {
	switch {
	case strings.HasSuffix(s, "\r\n"):
		return 2
	case strings.HasSuffix(s, "\n"), strings.HasSuffix(s, "\r"):
		return 1
	}
	return 0
}

// fits reports whether every line that is not blank has the decoration.
func (d decoration) fits(inner string) bool {
	for line := range lines(inner) {
		if _, ok := d.cut(line); !ok {
			return false
		}
	}
	return true
}

// cut returns a line without its decoration.
func (d decoration) cut(line string) (string, bool) {
	if strings.TrimSpace(line) == "" {
		return "", true
	}
	rest, ok := afterLike(line, d.before)
	if !ok {
		return "", false
	}
	rest, ok = afterLike(reversed(rest), reversed(d.after))
	return reversed(rest), ok
}

// strip writes the region without its decoration.
func (g region) strip(b *strings.Builder, text string, d decoration) {
	if g.firstEnd > g.start {
		b.WriteString(text[g.start+len(g.first.before):g.firstEnd-len(g.first.after)] + "\n")
	}
	for line := range lines(strings.TrimRight(text[g.inner:g.lastLine], "\r\n")) {
		rest, _ := d.cut(line)
		b.WriteString(rest + "\n")
	}
	if g.lastLine < g.end {
		b.WriteString(text[g.lastLine+len(g.last.before) : g.end-len(g.last.after)])
	}
}

// afterLike returns the rest of a line that begins like the pattern: with other numbers, and
// as many blanks as it likes. Numbers at the end of the pattern have as many digits.
func afterLike(line, pattern string) (string, bool) {
	pos := 0
	for i := 0; i < len(pattern); {
		switch {
		case isBlank(pattern[i]):
			i, pos = blanksEnd(pattern, i), blanksEnd(line, pos)
		case isDigit(pattern[i]):
			end := digitsEnd(pattern, i)
			pos = blanksEnd(line, pos)
			stop := digitsEnd(line, pos)
			if end == len(pattern) {
				stop = min(stop, pos+end-i)
			}
			if stop == pos {
				return "", false
			}
			i, pos = end, stop
		case pos == len(line) || line[pos] != pattern[i]:
			return "", false
		default:
			i, pos = i+1, pos+1
		}
	}
	return line[pos:], true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func blanksEnd(s string, i int) int { return skip(s, i, " \t") }

func digitsEnd(s string, i int) int { return skip(s, i, "0123456789") }

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

package mend

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
)

// unfolded puts the lines of keys that stand on one line on their own again, where each line
// began with the same, apart from numbers.
func (r *reading) unfolded() *reading {
	var b strings.Builder
	pos := 0
	for _, start := range r.starts() {
		from := lineStart(r.text, start)
		if from < pos || start-from > maxFolded {
			continue
		}
		before := strings.TrimSpace(r.text[from:start])
		stop := strings.IndexAny(r.text[start:], "\r\n")
		if stop < 0 {
			stop = len(r.text) - start
		}
		if before == "" || !strings.Contains(r.text[start:start+stop], " ") {
			continue
		}
		lines, n := unfold(r.text[start:start+stop], before)
		if n == 0 {
			continue
		}
		b.WriteString(r.text[pos:start] + lines)
		pos = start + stop
	}
	if pos == 0 {
		return r
	}
	return &reading{text: b.String() + r.text[pos:], codes: slices.Concat(r.codes, []string{"one-line", "prefix"})}
}

// maxFolded is longer than what is usually before a line.
const maxFolded = 100

// unfold puts a line end in place of each such beginning of a line, and returns how many.
func unfold(text, before string) (string, int) {
	var b strings.Builder
	for n := 0; ; {
		i := strings.IndexByte(text, ' ')
		if i < 0 {
			b.WriteString(text)
			return b.String(), n
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		rest, ok := afterLike(text, before)
		if ok && (strings.HasPrefix(rest, " ") || !isLetterOrDigit(before[len(before)-1])) {
			b.WriteByte('\n')
			text = strings.TrimLeft(rest, " ")
			n++
			continue
		}
		b.WriteByte(' ')
	}
}

// starts returns where the keys begin.
func (r *reading) starts() (list []int) {
	for _, m := range r.pemMarkers() {
		if r.text[m[2]:m[3]] == "BEGIN" {
			list = append(list, r.dashed(m)[0])
		}
	}
	for _, m := range r.ppkMarkers() {
		list = append(list, m[0])
	}
	slices.Sort(list)
	return list[:min(len(list), sshkey.MaxTextKeys)]
}

// undecorated returns the text without what the lines of a key have before and after them:
// the same for all, apart from numbers and blanks. Lines of a diff, of a log, of comments and
// of programs are like that.
func (r *reading) undecorated() *reading {
	out := &reading{codes: r.codes}
	var b strings.Builder
	b.Grow(len(r.text))
	pos := 0
	for _, region := range r.regions() {
		if region.start < pos {
			continue
		}
		d, ok := region.decoration(r.text)
		if !ok {
			d, ok = region.openEnded(r.text)
		}
		if !ok {
			continue
		}
		b.WriteString(r.text[pos:region.start])
		pos = region.end
		region.strip(&b, r.text, d)
		out.codes = slices.Concat(out.codes, d.codes())
	}
	if pos == 0 {
		return r
	}
	b.WriteString(r.text[pos:])
	out.text = b.String()
	return out
}

// region is where a key stands in a text, in whole lines. first is what its first line has
// before and after the marker, last the same of its last line. Without a BEGIN line firstEnd is
// its start, without an END line lastLine its end.
type region struct {
	start, firstEnd, inner, lastLine, end int

	first, last decoration
}

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
	case strings.TrimSpace(d.before) == "" && strings.HasPrefix(strings.TrimSpace(d.after), `\`):
		return []string{"escapes"}
	case strings.TrimSpace(d.before) == "":
		return []string{"suffix"}
	case strings.TrimSpace(d.after) == "":
		return []string{"prefix"}
	}
	return []string{"prefix", "suffix"}
}

// regions returns the lines of each key whose marker stands on a line of its own.
func (r *reading) regions() (list []region) {
	markers := r.pemMarkers()
	for i, m := range markers[:min(len(markers), 2*sshkey.MaxTextKeys)] {
		isEnd := r.text[m[2]:m[3]] == "END"
		end := [2]int{len(r.text), len(r.text)}
		if i+1 < len(markers) {
			next := markers[i+1]
			end = [2]int{next[2], next[2]}
			if r.text[next[2]:next[3]] == "END" {
				end = r.dashed(next)
			}
		}
		switch {
		case !isEnd:
			list = append(list, r.region(r.dashed(m), end))
		case i == 0:
			list = append(list, r.headless(r.dashed(m), 0))
		case r.text[markers[i-1][2]:markers[i-1][3]] == "END":
			list = append(list, r.headless(r.dashed(m), markers[i-1][1]))
		}
	}
	starts := r.ppkMarkers()
	for i, at := range starts[:min(len(starts), sshkey.MaxTextKeys)] {
		limit := len(r.text)
		if i+1 < len(starts) {
			limit = starts[i+1][0]
		}
		if last := lastPPKLine(r.text[at[1]:limit]); last[1] > 0 {
			algorithm := at[1] + nameLength(r.text[at[1]:limit])
			list = append(list, r.region([2]int{at[0], algorithm}, [2]int{at[1] + last[0], at[1] + last[1]}))
		}
	}
	slices.SortStableFunc(list, func(a, b region) int { return a.start - b.start })
	return list
}

// region returns the lines from one marker to the other. It is empty where they have none of
// their own.
func (r *reading) region(from, to [2]int) region {
	g := region{start: lineStart(r.text, from[0]), firstEnd: lineStop(r.text, from[1]), lastLine: lineStart(r.text, to[0]), end: to[1]}
	if g.start < 0 || g.firstEnd < 0 || g.firstEnd >= to[0] || g.lastLine < 0 {
		return region{}
	}
	g.inner = g.firstEnd + len(lineEnd(r.text[g.firstEnd:]))
	g.first = decoration{r.text[g.start:from[0]], r.text[from[1]:g.firstEnd]}
	g.last = g.first
	if to[0] < to[1] {
		if g.end = lineStop(r.text, to[1]); g.end < 0 {
			return region{}
		}
		g.last = decoration{r.text[g.lastLine:to[0]], r.text[to[1]:g.end]}
	} else {
		g.lastLine = g.end
	}
	return g
}

// maxHeadless is longer than the largest key.
const maxHeadless = 32 << 10

// headless returns the lines before an END marker, back to where the key may begin.
func (r *reading) headless(end [2]int, from int) region {
	from = max(from, end[0]-maxHeadless)
	start := lineStop(r.text, from)
	if from == 0 {
		start = 0
	}
	g := region{start: start, firstEnd: start, inner: start, lastLine: lineStart(r.text, end[0]), end: lineStop(r.text, end[1])}
	if start < 0 || g.lastLine <= start || g.end < 0 {
		return region{}
	}
	g.last = decoration{r.text[g.lastLine:end[0]], r.text[end[1]:g.end]}
	return g
}

// dashed returns the bounds of a marker with as many dashes as belong to it: a diff has one
// more before it.
func (r *reading) dashed(m []int) [2]int {
	dashes := 5
	if strings.HasPrefix(r.text[m[4]:m[5]], "SSH2") {
		dashes = 4
	}
	start := m[0]
	if before := []rune(strings.TrimRight(r.text[m[0]:m[2]], " \t")); len(before) > dashes {
		start += len(string(before[:len(before)-dashes]))
	}
	end := m[7]
	if after := []rune(r.text[m[6]:m[7]]); len(after) > dashes {
		end = m[6] + len(string(after[:dashes]))
	}
	return [2]int{start, end}
}

// nameLength returns how long the algorithm is that a text begins with, after a blank.
func nameLength(s string) int {
	start := skip(s, 0, " ")
	end := start
	for end < len(s) && (isLetterOrDigit(s[end]) || strings.IndexByte("-@.", s[end]) >= 0) {
		end++
	}
	return end
}

// ppkLast matches the name of the last header of a PuTTY key.
var ppkLast = lazy(`Private` + dashClass + `(?:MAC|Hash):`)

// lastPPKLine returns the bounds of the last header of a PuTTY key with its value.
func lastPPKLine(s string) [2]int {
	if m := ppkLast().FindStringIndex(s); m != nil {
		return [2]int{m[0], m[1] + nameLength(s[m[1]:])}
	}
	return [2]int{}
}

// maxDecoration is longer than what logs put before a line.
const maxDecoration = 1024

// lineStart returns where the line of a position begins, or -1 where that is far before it.
func lineStart(s string, pos int) int {
	from := max(0, pos-maxDecoration)
	i := strings.LastIndexAny(s[from:pos], "\r\n")
	if i < 0 && from > 0 {
		return -1
	}
	return from + i + 1
}

// lineStop returns where the line of a position ends, or -1 where that is far after it.
func lineStop(s string, pos int) int {
	to := min(len(s), pos+maxDecoration)
	if i := strings.IndexAny(s[pos:to], "\r\n"); i >= 0 {
		return pos + i
	}
	if to < len(s) {
		return -1
	}
	return to
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
	before, one, _ := lastLine(inner)
	_, two, _ := lastLine(before)
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
		before, line, _ := lastLine(rest)
		if _, ok := d.cut(line); !ok {
			break
		}
		rest = before
	}
	return len(inner) - len(rest)
}

// lastLine splits the last line off a text of whole lines.
func lastLine(s string) (before, line string, ok bool) {
	body := s[:len(s)-lineEndBefore(s)]
	i := strings.LastIndexAny(body, "\r\n") + 1
	return s[:i], body[i:], s != ""
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
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func blanksEnd(s string, i int) int { return skip(s, i, " \t") }
func digitsEnd(s string, i int) int { return skip(s, i, "0123456789") }

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// undecoratedBare is undecorated for a text without markers, in which the lines around the
// middle show what they have in common: without numbers, which may be the addresses of a dump,
// or with them.
func (r *reading) undecoratedBare(numbers bool) *reading {
	first, second, ok := middleLines(r.text)
	if !ok {
		return r
	}
	d := decoration{commonStart(first, second, numbers), reversed(commonStart(reversed(first), reversed(second), numbers))}
	if strings.TrimSpace(d.before+d.after) == "" || len(d.before)+len(d.after) > maxDecoration || first == second {
		return r
	}
	var b strings.Builder
	b.Grow(len(r.text))
	for line := range lines(r.text) {
		if rest, ok := d.cut(line); ok {
			line = rest
		}
		b.WriteString(line + "\n")
	}
	return &reading{text: b.String(), codes: slices.Concat(r.codes, d.codes())}
}

// middleLines returns two lines in the middle of a text, one after the other.
func middleLines(text string) (first, second string, ok bool) {
	half := text[len(text)/2:]
	if _, half, ok = cutLine(half); !ok {
		return "", "", false
	}
	for line := range lines(half) {
		switch {
		case strings.TrimSpace(line) == "":
		case first == "":
			first = line
		default:
			return first, line, true
		}
	}
	return "", "", false
}

// commonStart returns what two lines both begin with, apart from numbers, up to its last
// character that is neither a letter nor a digit.
func commonStart(a, b string, numbers bool) string {
	i, j, end := 0, 0, 0
	for i < len(a) && j < len(b) {
		if isDigit(a[i]) && isDigit(b[j]) && numbers {
			i, j = digitsEnd(a, i), digitsEnd(b, j)
			continue
		}
		if isBlank(a[i]) && isBlank(b[j]) {
			i, j = blanksEnd(a, i), blanksEnd(b, j)
			end = i
			continue
		}
		if a[i] != b[j] || isDigit(a[i]) {
			break
		}
		i, j = i+1, j+1
		if !isLetterOrDigit(a[i-1]) && a[i-1] != '=' && a[i-1] != '/' {
			end = i
		}
	}
	return a[:end]
}

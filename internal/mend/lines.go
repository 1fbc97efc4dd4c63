package mend

import (
	"slices"
	"strings"

	"github.com/keyconv/keyconv/sshkey"
)

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

// regions returns the lines of each key whose marker stands on a line of its own.
func (r *reading) regions() (list []region) {
	markers := r.pemMarkers()
	for i, m := range markers[:min(len(markers), 2*sshkey.MaxTextKeys)] {
		end := [2]int{len(r.text), len(r.text)}
		if i+1 < len(markers) {
			next := markers[i+1]
			end = [2]int{next.word, next.word}
			if next.isEnd(r.text) {
				end = r.dashed(next)
			}
		}
		switch {
		case !m.isEnd(r.text):
			list = append(list, r.region(r.dashed(m), end))
		case i == 0:
			list = append(list, r.headless(r.dashed(m), 0))
		case markers[i-1].isEnd(r.text):
			list = append(list, r.headless(r.dashed(m), markers[i-1].end))
		}
	}
	starts := r.ppkMarkers()
	for i, at := range starts[:min(len(starts), sshkey.MaxTextKeys)] {
		limit := len(r.text)
		if i+1 < len(starts) {
			limit = starts[i+1].start
		}
		if last := lastPPKLine(r.text[at.end:limit]); last[1] > 0 {
			algorithm := at.end + nameLength(r.text[at.end:limit])
			list = append(list, r.region([2]int{at.start, algorithm}, [2]int{at.end + last[0], at.end + last[1]}))
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
func (r *reading) dashed(m pemMarker) [2]int {
	dashes := 5
	if strings.HasPrefix(r.text[m.label:m.labelEnd], "SSH2") {
		dashes = 4
	}
	start := m.start
	if before := []rune(strings.TrimRight(r.text[m.start:m.word], " \t")); len(before) > dashes {
		start += len(string(before[:len(before)-dashes]))
	}
	end := m.dashesEnd
	if after := []rune(r.text[m.dashes:m.dashesEnd]); len(after) > dashes {
		end = m.dashes + len(string(after[:dashes]))
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

// lastPPKLine returns the bounds of the last header of a PuTTY key with its value, or of the
// rest of the value, where it goes on in another line.
func lastPPKLine(s string) [2]int {
	start, value := indexName(s, "Private", 0, "Private-MAC:", "Private-Hash:")
	if value < 0 {
		return [2]int{}
	}
	end := value + nameLength(s[value:])
	have := end - skip(s, value, " ")
	line, _, _ := cutLine(s[end:])
	next := end + len(line) + len(lineEnd(s[end+len(line):]))
	stop := lineStop(s, next)
	for at := next; at < stop; at++ {
		run := wordEnd(hexDigits, s, at) - at
		if run > 0 && (have+run == sizeSHA1 || have+run == sizeSHA256) {
			return [2]int{at, at + run}
		}
		at += run
	}
	return [2]int{start, end}
}

// How many digits the MACs of versions 1 and 2, and of 3, have.
const sizeSHA1, sizeSHA256 = 40, 64

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

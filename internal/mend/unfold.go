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
		if !m.isEnd(r.text) {
			list = append(list, r.dashed(m)[0])
		}
	}
	for _, m := range r.ppkMarkers() {
		list = append(list, m.start)
	}
	slices.Sort(list)
	return list[:min(len(list), sshkey.MaxTextKeys)]
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

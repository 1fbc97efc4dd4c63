package migrate

import (
	"fmt"
	"strings"
)

// around is how many unchanged lines a diff has around a change.
const around = 3

// maxTable bounds the work of comparing: above it the whole middle counts as changed.
const maxTable = 1 << 22

// Diff returns the change of a file in the unified form, "" for none.
func (f File) Diff() string {
	before, after := linesOf(f.Old), linesOf(f.New)
	changes := compare(before, after)
	var b strings.Builder
	for i := 0; i < len(changes); {
		if changes[i].kind == ' ' {
			i++
			continue
		}
		start, end, same := max(0, i-around), i, 0
		for end < len(changes) && same <= 2*around {
			same++
			if changes[end].kind != ' ' {
				same = 0
			}
			end++
		}
		end = min(len(changes), end-max(0, same-around))
		writeHunk(&b, changes, start, end)
		i = end
	}
	if b.Len() == 0 {
		return ""
	}
	old := f.Path
	if f.IsNew {
		old = "/dev/null"
	}
	return "--- " + old + "\n+++ " + f.Path + "\n" + b.String()
}

type change struct {
	kind byte // ' ', '-' or '+'
	line string
}

func writeHunk(b *strings.Builder, changes []change, start, end int) {
	count := func(list []change, other byte) (n int) {
		for _, c := range list {
			if c.kind != other {
				n++
			}
		}
		return n
	}
	part := changes[start:end]
	place := func(other byte) string { // of a part without lines it is the line before
		n := count(part, other)
		return fmt.Sprintf("%d,%d", count(changes[:start], other)+min(n, 1), n)
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", place('+'), place('-'))
	for _, c := range part {
		b.WriteByte(c.kind)
		b.WriteString(strings.TrimRight(c.line, "\r\n") + "\n")
		if !strings.HasSuffix(c.line, "\n") {
			b.WriteString("\\ No newline at end of file\n")
		}
	}
}

func linesOf(data []byte) []string {
	var lines []string
	for line := range strings.Lines(string(data)) {
		lines = append(lines, line)
	}
	return lines
}

// compare finds the longest common lines between the equal beginning and end.
func compare(before, after []string) []change {
	var head, tail []change
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		head = append(head, change{' ', before[0]})
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		tail = append([]change{{' ', before[len(before)-1]}}, tail...)
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return append(append(head, middle(before, after)...), tail...)
}

func middle(before, after []string) []change {
	var out []change
	n, m := len(before), len(after)
	if n*m > maxTable {
		n, m = 0, 0
	}
	table := make([][]int32, n+1) // the length of the longest common part from here on
	for i := n; i >= 0; i-- {
		table[i] = make([]int32, m+1)
		for j := m - 1; j >= 0 && i < n; j-- {
			if before[i] == after[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < n && j < m {
		switch {
		case before[i] == after[j]:
			out = append(out, change{' ', before[i]})
			i, j = i+1, j+1
		case table[i+1][j] >= table[i][j+1]:
			out = append(out, change{'-', before[i]})
			i++
		default:
			out = append(out, change{'+', after[j]})
			j++
		}
	}
	for _, line := range before[i:] {
		out = append(out, change{'-', line})
	}
	for _, line := range after[j:] {
		out = append(out, change{'+', line})
	}
	return out
}

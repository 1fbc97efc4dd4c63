package cli

import (
	"strings"
	"unicode/utf8"
)

// page is a text that is wrapped at a number of columns.
type page struct {
	strings.Builder
	columns int
}

// row writes a text after its head, and the lines that follow below the text: from the
// column on that is given. A head that is too long has a line of its own.
func (p *page) row(head string, column int, text string) {
	p.WriteString(head)
	at := utf8.RuneCountInString(head)
	if at >= column && column > 0 && at > 0 {
		p.WriteString("\n")
		at = 0
	}
	isFirst := true
	for word := range strings.FieldsSeq(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case isFirst:
			p.WriteString(strings.Repeat(" ", max(column-at, 0)))
			at = max(column, at)
		case at+1+length > p.columns:
			p.WriteString("\n" + strings.Repeat(" ", column))
			at = column
		default:
			p.WriteString(" ")
			at++
		}
		p.WriteString(word)
		at += length
		isFirst = false
	}
	p.WriteString("\n")
}

// prose writes a text of paragraphs and tables. A table has its lines indented by two
// columns, and the text of a line that goes on by more.
func (p *page) prose(text string) {
	for i, block := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			p.WriteString("\n")
		}
		if strings.HasPrefix(block, "  ") {
			p.table(block)
		} else {
			p.row("", 0, block)
		}
	}
}

func (p *page) table(block string) {
	var rows []string
	for _, line := range strings.Split(block, "\n") {
		if strings.HasPrefix(line, "   ") && len(rows) > 0 {
			rows[len(rows)-1] += " " + strings.TrimSpace(line)
		} else {
			rows = append(rows, line)
		}
	}
	column := tableColumn(rows)
	for _, row := range rows {
		if column < len(row) && row[column-1] == ' ' {
			p.row(strings.TrimRight(row[:column], " "), column, row[column:])
		} else {
			p.row("", 2, row)
		}
	}
}

// tableColumn returns where the second column of a table begins: after the first gap of
// two blanks or more.
func tableColumn(rows []string) int {
	for _, row := range rows {
		if gap := strings.Index(row[2:], "  "); gap >= 0 {
			text := strings.TrimLeft(row[2+gap:], " ")
			return len(row) - len(text)
		}
	}
	return 4
}

// examples writes command lines, a comment before its line where both are too long for one.
// A command line is never divided, since it has to be pasted.
func (p *page) examples(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		command, comment, found := strings.Cut(line, " # ")
		if found && utf8.RuneCountInString(line) > p.columns {
			p.row("  #", 4, strings.TrimSpace(comment))
			line = strings.TrimRight(command, " ")
		}
		p.WriteString(line + "\n")
	}
}

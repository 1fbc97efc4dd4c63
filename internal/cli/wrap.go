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

// prose writes a text of paragraphs and tables.
func (p *page) prose(text string) {
	for i, block := range blocks(text) {
		if i > 0 {
			p.WriteString("\n")
		}
		for _, row := range block {
			head := ""
			if row.head != "" {
				head = "  " + row.head
			}
			p.row(head, row.column, row.text)
		}
	}
}

// row is a paragraph, or a row of a table.
type row struct {
	head   string // "" for a paragraph, and for a row of one column
	column int    // where the text begins
	text   string
}

// blocks takes a text apart: into paragraphs, which are a row each, and tables. A table
// has its lines indented by two columns, and the text of a line that goes on by more.
func blocks(text string) [][]row {
	var all [][]row
	for _, block := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if strings.HasPrefix(block, "  ") {
			all = append(all, table(block))
		} else {
			all = append(all, []row{{text: block}})
		}
	}
	return all
}

// table returns the rows of a table. Its second column begins after the first gap of two blanks
// or more.
func table(block string) []row {
	var lines []string
	for _, line := range strings.Split(block, "\n") {
		if strings.HasPrefix(line, "   ") && len(lines) > 0 {
			lines[len(lines)-1] += " " + strings.TrimSpace(line)
		} else {
			lines = append(lines, line)
		}
	}
	column := 4
	for _, line := range lines {
		if gap := strings.Index(line[2:], "  "); gap >= 0 {
			column = len(line) - len(strings.TrimLeft(line[2+gap:], " "))
			break
		}
	}
	var rows []row
	for _, line := range lines {
		if column < len(line) && line[column-1] == ' ' && strings.TrimSpace(line[:column]) != "" {
			rows = append(rows, row{strings.TrimSpace(line[:column]), column, line[column:]})
		} else {
			rows = append(rows, row{text: line, column: 2})
		}
	}
	return rows
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

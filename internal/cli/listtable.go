package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// tableRow is a line of a list of keys.
type tableRow struct {
	kind, bits, sha256, state, agent, file, comment string
	// folder and base are the parts of file, which on a terminal loses the folder that all
	// files are in.
	folder, base string
	notes        []string
}

const (
	// cutSHA256 is what a terminal without room for the whole fingerprint has of it: ten
	// letters, 60 bits, are enough to distinguish the keys of one person.
	cutSHA256 = 10
	// usualFile is how much of a name has room before fingerprints are cut; minFile and
	// minComment are what is left of both on a narrow terminal.
	usualFile, minFile, minComment = 30, 10, 10
	// maxFile and maxComment keep one that is very long from making all lines long.
	maxFile, maxComment = 60, 40
	// maxKind is how much of a type a terminal has.
	maxKind = 15
	// gap and indent are the blanks between columns, and before the lines that go on.
	gap, indent = 2, 4
	ellipsis    = "..."
)

// tableText lays rows out for a terminal of that width, with a head; 0 is for a text that
// goes elsewhere, of which nothing is cut.
func tableText(rows []tableRow, columns int) string {
	if len(rows) == 0 {
		return ""
	}
	whole := rows
	var b strings.Builder
	if columns > 0 {
		if folder := commonFolder(rows); folder != "" {
			b.WriteString(folder + ":\n")
			rows = slices.Clone(rows)
			for i := range rows {
				rows[i].file = rows[i].base
			}
		}
		rows = withHead(rows)
	}
	w := widthsOf(rows)
	w.fit(columns)
	if columns > 0 && w.upToComment()+w.comment > columns {
		return stackedText(whole, columns)
	}
	for _, r := range rows {
		line, notes := w.line(r), strings.Join(r.notes, "; ")
		if r.comment == "" && columns > 0 { // the notes may have its place
			line = strings.TrimRight(line, " ")
			line += strings.Repeat(" ", max(w.upToComment()-columnsIn(line), gap))
		}
		isIn := columns == 0 || columnsIn(line)+columnsIn(notes) <= columns
		if isIn {
			line += notes
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		if !isIn && notes != "" {
			p := page{columns: columns}
			p.row("", indent, notes)
			b.WriteString(p.String())
		}
	}
	return b.String()
}

// commonFolder returns the folder that all files are in, "" for none and for the current one.
func commonFolder(rows []tableRow) string {
	for _, r := range rows {
		if r.folder != rows[0].folder || r.folder == "." {
			return ""
		}
	}
	return rows[0].folder
}

func withHead(rows []tableRow) []tableRow {
	head := tableRow{kind: "TYPE", bits: "BITS", sha256: "SHA256", state: "STATE", file: "FILE", comment: "COMMENT"}
	for _, r := range rows {
		if r.agent != "" {
			head.agent = "AGENT"
		}
	}
	return append([]tableRow{head}, rows...)
}

// widths are the columns of a table.
type widths struct {
	kind, bits, sha256, state, agent, file, comment int

	whole bool // nothing is cut, and what is too long breaks the table
}

func widthsOf(rows []tableRow) widths {
	w := widths{kind: len("ed25519"), bits: len("4096")}
	for _, r := range rows {
		w.kind, w.bits, w.sha256 = max(w.kind, columnsIn(r.kind)), max(w.bits, columnsIn(r.bits)), max(w.sha256, columnsIn(r.sha256))
		w.state, w.agent = max(w.state, columnsIn(r.state)), max(w.agent, columnsIn(r.agent))
		w.file, w.comment = max(w.file, columnsIn(r.file)), max(w.comment, columnsIn(r.comment))
	}
	return w
}

// fit makes a table as narrow as the terminal: first fingerprints are cut, then comments,
// then names.
func (w *widths) fit(columns int) {
	if columns == 0 {
		w.file, w.comment, w.whole = min(w.file, maxFile), min(w.comment, maxComment), true
		return
	}
	w.kind = min(w.kind, maxKind)
	if columns < w.upToComment()-w.file+min(w.file, usualFile)+min(w.comment, minComment) {
		w.sha256 = min(w.sha256, cutSHA256+len(ellipsis))
	}
	rest := columns - (w.upToComment() - w.file - gap)
	w.comment = min(w.comment, max(minComment, rest-gap-min(w.file, usualFile)))
	w.file = min(w.file, max(minFile, rest-gap-w.comment))
}

// upToComment returns where the comments begin.
func (w *widths) upToComment() int {
	sum := 0
	for _, columns := range []int{w.kind, w.bits, w.sha256, w.state, w.agent, w.file} {
		if columns > 0 {
			sum += columns + gap
		}
	}
	return sum
}

// line returns a row without its notes.
func (w widths) line(r tableRow) string {
	if w.sha256 < columnsIn(r.sha256) {
		r.sha256 = cutEnd(strings.TrimPrefix(r.sha256, "SHA256:"), w.sha256)
	}
	if !w.whole {
		r.kind, r.file, r.comment = cutEnd(r.kind, w.kind), cutStart(r.file, w.file), cutEnd(r.comment, w.comment)
	}
	r.bits = strings.Repeat(" ", max(w.bits-columnsIn(r.bits), 0)) + r.bits
	var b strings.Builder
	for _, cell := range []struct {
		text    string
		columns int
	}{{r.kind, w.kind}, {r.bits, w.bits}, {r.sha256, w.sha256}, {r.state, w.state}, {r.agent, w.agent}, {r.file, w.file}, {r.comment, w.comment}} {
		if cell.columns > 0 {
			b.WriteString(cell.text + strings.Repeat(" ", max(cell.columns-columnsIn(cell.text), 0)+gap))
		}
	}
	return b.String()
}

// stackedText returns a line for each part, for a terminal that has no room for a table.
func stackedText(rows []tableRow, columns int) string {
	p := page{columns: max(columns, 20)}
	for _, r := range rows {
		p.row("", 0, r.file)
		p.row("", indent, strings.TrimRight(r.kind+" "+r.bits+", "+r.state+" "+r.agent, " "))
		for _, part := range append([]string{r.sha256, r.comment}, r.notes...) {
			if part != "" {
				p.row("", indent, part)
			}
		}
	}
	return p.String()
}

// columnsIn returns how many columns a text takes on a terminal.
func columnsIn(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOfLetter(r)
	}
	return n
}

func columnsOfLetter(r rune) int {
	switch kind := width.LookupRune(r).Kind(); {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cutEnd cuts a text to a number of columns. The quote that a comment begins with is closed.
func cutEnd(text string, columns int) string {
	if columnsIn(text) <= columns {
		return text
	}
	end := ellipsis
	if strings.HasPrefix(text, `"`) {
		end += `"`
	}
	kept := 0
	for i, r := range text {
		if kept += columnsOfLetter(r); kept+len(end) > columns {
			return text[:i] + end
		}
	}
	return text
}

// cutStart cuts the beginning of a name: the end says more.
func cutStart(text string, columns int) string {
	over := columnsIn(text) - columns
	if over <= 0 {
		return text
	}
	over += len(ellipsis)
	for i, r := range text {
		if over <= 0 {
			return ellipsis + text[i:]
		}
		over -= columnsOfLetter(r)
	}
	return ellipsis
}

// maxMarks is how many marks on one letter are shown. No language needs more, and a heap of
// them covers the lines above.
const maxMarks = 3

// withoutHeaps escapes the marks on a letter that are too many.
func withoutHeaps(text string) string {
	var b strings.Builder
	marks := 0
	for _, r := range text {
		if columnsOfLetter(r) > 0 {
			marks = 0
		} else if marks++; marks > maxMarks {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

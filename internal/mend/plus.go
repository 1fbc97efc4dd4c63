package mend

import (
	"strconv"
	"strings"
)

// plusWidths are the widths of lines of base64 (RFC 7468, OpenSSH, MIME, others).
var plusWidths = []int{64, 70, 76, 72, 60}

// plusBodies returns what base64 may have been in which each + became a space, as in a form
// that was decoded twice: it has a space inside. Where the line ends became spaces too, the width of a line says
// which is which.
func plusBodies(body string) []string {
	body = strings.Trim(body, "\r\n")
	if strings.ContainsFunc(body, func(r rune) bool { return !strings.ContainsRune(" \t\r\n", r) && (r >= 0x80 || !isBase64(byte(r))) }) {
		return nil
	}
	if strings.ContainsAny(body, "\r\n") {
		return plusInLines(body)
	}
	atEnd := len(body) - len(strings.TrimRight(body, " ")) - 1 // how many may be a +, besides the line end
	body = strings.TrimSpace(body)
	whole := func(text string) string {
		if missing := (4 - len(text)%4) % 4; missing <= atEnd {
			text += strings.Repeat("+", missing)
		}
		return text
	}
	var found []string
	for _, width := range plusWidths {
		for _, separator := range []string{" ", "  "} { // LF and CRLF
			if text, ok := withoutLineSpaces(body, width, separator); ok {
				found = append(found, whole(text))
			}
		}
	}
	return append(found, whole(spacesToPlus(body)))
}

func spacesToPlus(s string) string { return strings.ReplaceAll(s, " ", "+") }

// withoutLineSpaces drops what the line end after each so many characters became.
func withoutLineSpaces(body string, width int, separator string) (string, bool) {
	var b strings.Builder
	for len(body) > width {
		b.WriteString(body[:width])
		rest, ok := strings.CutPrefix(body[width:], separator)
		if !ok {
			return "", false
		}
		body = rest
	}
	b.WriteString(body)
	return spacesToPlus(b.String()), b.Len() > width
}

// plusInLines is plusBodies for lines that are whole, but may have lost the blanks at their
// ends.
func plusInLines(body string) []string {
	var asIs, trimmed, atEnd, atStart strings.Builder
	width := 0
	for line := range lines(body) {
		width = max(width, len(strings.TrimSpace(line)))
	}
	for line := range lines(body) {
		asIs.WriteString(spacesToPlus(line))
		line = spacesToPlus(strings.TrimSpace(line))
		missing := strings.Repeat("+", max(0, width-len(line)))
		trimmed.WriteString(line)
		if len(missing) > maxLostPlus {
			missing = "" // the last line
		}
		atEnd.WriteString(line + missing)
		atStart.WriteString(missing + line)
	}
	return []string{asIs.String(), trimmed.String(), atEnd.String(), atStart.String()}
}

// maxLostPlus is how many of them one line may have at one end.
const maxLostPlus = 3

var plusCode = []string{"plus"}

// plusReading reads the base64 of a .ppk, of whose lines it takes one of the readings of
// plusInLines.
func plusReading(value string, reading int) (string, bool) {
	return ppkLines(value, func(body string) string { return plusInLines(body)[reading] })
}

// plusBlob reads the base64 of a .ppk in which line ends became spaces too.
func plusBlob(value string) (string, bool) {
	count, body, _ := strings.Cut(strings.TrimPrefix(value, " "), " ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return "", false
	}
	for _, separator := range []string{" ", "  "} { // LF and CRLF
		body := strings.TrimSuffix(strings.TrimPrefix(body, separator[1:]), separator)
		blob, ok := withoutLineSpaces(body, ppkWidth, separator)
		if (ok || n == 1) && len(blob)%4 == 0 && (len(blob)+ppkWidth-1)/ppkWidth == n {
			return blob, true
		}
	}
	return "", false
}

// ppkWidth is the width of the lines of base64 of a .ppk.
const ppkWidth = 64

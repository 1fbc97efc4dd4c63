package engine_test

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
)

// layout is a change to the text of a key file that some programs do not accept. It returns
// "" where it changes nothing in this form.
type layoutChange struct {
	name   string
	change func(text string) string
}

const opensshMarkers = "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n"

func replaced(from, to string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, from, to) }
}

func once(from, to string) func(string) string {
	return func(s string) string { return strings.Replace(s, from, to, 1) }
}

// mapLines changes the lines. The last has the number -1.
func mapLines(change func(i int, line string) string) func(string) string {
	return func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		for i, line := range lines {
			n := i
			if i == len(lines)-1 {
				n = -1
			}
			lines[i] = change(n, line)
		}
		return strings.Join(lines, "\n") + "\n"
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// body changes the base64 of a PEM file, without its line ends.
func body(change func(base64 string) string) func(string) string {
	return func(s string) string {
		m := pemParts.FindStringSubmatch(s)
		if m == nil {
			return ""
		}
		n := strings.IndexByte(m[2], '\n')
		var b strings.Builder
		for line := range strings.SplitSeq(strings.TrimSuffix(change(strings.ReplaceAll(m[2], "\n", "")), "\n"), "\n") {
			b.WriteString(brokenInto(line, n))
		}
		return m[1] + b.String() + m[3]
	}
}

func brokenInto(s string, n int) string {
	var b strings.Builder
	for ; s != ""; s = s[min(n, len(s)):] {
		b.WriteString(s[:min(n, len(s))] + "\n")
	}
	return b.String()
}

var pemParts = regexp.MustCompile(`(?s)^(-----BEGIN [^\n]*\n(?:[^\n]*:[^\n]*\n)*\n?)([A-Za-z0-9+/=\n]+\n)(-----END [^\n]*\n)$`)

// width breaks the base64 into lines.
func width(n int) func(string) string {
	return func(s string) string {
		m := pemParts.FindStringSubmatch(s)
		if m == nil {
			return ""
		}
		return m[1] + brokenInto(strings.ReplaceAll(m[2], "\n", ""), n) + m[3]
	}
}

// inBody puts a line into the middle of the base64.
func inBody(line string) func(string) string {
	return func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		i := len(lines) / 2
		return strings.Join(lines[:i], "") + line + strings.Join(lines[i:], "")
	}
}

func utf16Text(order binary.ByteOrder, mark bool) func(string) string {
	return func(s string) string {
		units := utf16.Encode([]rune(s))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		var b bytes.Buffer
		_ = binary.Write(&b, order, units)
		return b.String()
	}
}

func prefix(p string) func(string) string { return func(s string) string { return p + s } }
func suffix(p string) func(string) string { return func(s string) string { return s + p } }

var layoutChanges = []layoutChange{
	{"as it is", prefix("")},
	// Line ends.
	{"CRLF", replaced("\n", "\r\n")},
	{"CR", replaced("\n", "\r")},
	{"LF CR", replaced("\n", "\n\r")},
	{"CR CR LF", replaced("\n", "\r\r\n")},
	{"doubled", replaced("\n", "\n\n")},
	{"CRLF on the first line", once("\n", "\r\n")},
	{"CRLF on the last line", func(s string) string { return strings.TrimSuffix(s, "\n") + "\r\n" }},
	{"CRLF on every other line", mapLines(func(i int, l string) string { return l + strings.Repeat("\r", max(i, 0)&1) })},
	{"CRLF but for the ends", mapLines(func(i int, l string) string { return l + strings.Repeat("\r", b2i(i > 0)) })},
	{"no final line end", func(s string) string { return strings.TrimSuffix(s, "\n") }},
	{"final line ends", suffix("\n\n\n")},
	{"NEL", replaced("\n", "\u0085")},
	{"line separators", replaced("\n", "\u2028")},
	// Encodings and marks.
	{"BOM", prefix("\ufeff")},
	{"two BOMs", prefix("\ufeff\ufeff")},
	{"BOM and CRLF", func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }},
	{"UTF-16LE", utf16Text(binary.LittleEndian, true)},
	{"UTF-16BE", utf16Text(binary.BigEndian, true)},
	{"UTF-16 without a mark", utf16Text(binary.LittleEndian, false)},
	{"NUL at the end", suffix("\x00")},
	{"Ctrl-Z at the end", suffix("\x1a")},
	// Around.
	{"blank line first", prefix("\n")},
	{"spaces first", prefix("  \n")},
	{"CRLF first", prefix("\r\n")},
	{"text before", prefix("Bag Attributes\n    localKeyID: 01\n")},
	{"text after", suffix("\nthe end\n")},
	{"text with a colon after", suffix("Note: the end\n")},
	{"text before the BEGIN line", prefix("key: ")},
	{"text after the END line", func(s string) string { return strings.TrimSuffix(s, "\n") + " # end\n" }},
	{"a shell comment before", prefix("# my key\n")},
	{"a quote before", prefix(`"`)},
	{"quotes", func(s string) string { return `"` + strings.TrimSuffix(s, "\n") + "\"\n" }},
	{"a page before", func(s string) string { return strings.Repeat(strings.Repeat("x", 70)+"\n", 40) + s }},
	{"400 KB after", func(s string) string { return s + strings.Repeat(strings.Repeat("x", 79)+"\n", 5000) }},
	{"a certificate before", prefix("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")},
	{"a certificate after", suffix("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")},
	{"EC PARAMETERS before", prefix("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n")},
	{"an unknown block before", prefix("-----BEGIN SOMETHING-----\nAAAA\n-----END SOMETHING-----\n")},
	{"a block left out before", prefix("-----BEGIN RSA PRIVATE KEY-----\n[REDACTED]\n-----END RSA PRIVATE KEY-----\n")},
	{"an empty block before", prefix("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n")},
	{"an empty block of OpenSSH before", prefix(opensshMarkers)},
	{"a block with blank lines before", prefix("-----BEGIN CERTIFICATE-----\nMAA=\n\n\n-----END CERTIFICATE-----\n")},
	{"a block that ends as another before", prefix("-----BEGIN SOMETHING-----\nAAAA\n-----END OTHER-----\n")},
	{"a block without an END line before", prefix("-----BEGIN SOMETHING-----\nAAAA\n")},
	{"a block that is not base64 before", prefix("-----BEGIN EC PARAMETERS-----\nA*AA\n-----END EC PARAMETERS-----\n")},
	{"twice", func(s string) string { return s + s }},
	// Indented, and blanks at the end.
	{"indented", mapLines(func(_ int, l string) string { return "  " + l })},
	{"indented by a tab", mapLines(func(_ int, l string) string { return "\t" + l })},
	{"BEGIN indented", prefix(" ")},
	{"END indented", mapLines(func(i int, l string) string { return strings.Repeat(" ", b2i(i < 0)) + l })},
	{"body indented", mapLines(func(i int, l string) string { return strings.Repeat(" ", b2i(i > 0)) + l })},
	{"a line of the body indented", mapLines(func(i int, l string) string { return strings.Repeat(" ", b2i(i == 3)) + l })},
	{"quoted mail", mapLines(func(_ int, l string) string { return "> " + l })},
	{"spaces at line ends", mapLines(func(_ int, l string) string { return l + "  " })},
	{"a space after BEGIN", mapLines(func(i int, l string) string { return l + strings.Repeat(" ", b2i(i == 0)) })},
	{"a space after END", mapLines(func(i int, l string) string { return l + strings.Repeat(" ", b2i(i < 0)) })},
	{"a tab in the body's lines", mapLines(func(i int, l string) string { return l + strings.Repeat("\t", b2i(i > 2)) })},
	{"a non-breaking space at line ends", mapLines(func(_ int, l string) string { return l + "\u00a0" })},
	{"a zero-width space at line ends", mapLines(func(i int, l string) string { return l + strings.Repeat("\u200b", b2i(i == 4)) })},
	{"a NUL at a line end", mapLines(func(i int, l string) string { return l + strings.Repeat("\x00", b2i(i == -1)) })},
	{"a NUL at the end of a line of the body", mapLines(func(i int, l string) string { return l + strings.Repeat("\x00", b2i(i == 6)) })},
	{"= in the middle", inBody("=\n")},
	{"a form feed in the body", inBody("\f\n")},
	// The body.
	{"blank line after BEGIN", once("\n", "\n\n")},
	{"blank line before END", func(s string) string { return strings.Replace(s, "-----END", "\n-----END", 1) }},
	{"blank line inside", inBody("\n")},
	{"blank lines inside", inBody("\n\n")},
	{"a line of spaces inside", inBody("   \n")},
	{"a comment inside", inBody("# comment\n")},
	{"a header inside", inBody("Name: value\n")},
	{"a space in the body", body(func(s string) string { return s[:40] + " " + s[40:] + "\n" })},
	{"a comma in the body", body(func(s string) string { return s[:40] + "," + s[40:] + "\n" })},
	{"a dash line before END", func(s string) string { return strings.Replace(s, "-----END", "-\n-----END", 1) }},
	{"base64 for URLs", body(func(s string) string { return strings.NewReplacer("+", "-", "/", "_").Replace(s) + "\n" })},
	{"width 1", width(1)},
	{"width 4", width(4)},
	{"width 63", width(63)},
	{"width 64", width(64)},
	{"width 65", width(65)},
	{"width 70", width(70)},
	{"width 76", width(76)},
	{"width 253", width(253)},
	{"width 254", width(254)},
	{"width 255", width(255)},
	{"one long line", width(1 << 20)},
	{"body joined with END", func(s string) string { return strings.Replace(s, "\n-----END", "-----END", 1) }},
	{"BEGIN joined with the body", once("-----\n", "-----")},
	{"all on one line", func(s string) string { return strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", " ") + "\n" }},
	{"line ends as \\n", replaced("\n", `\n`)},
	{"an = too many", body(func(s string) string { return s + "=\n" })},
	{"two = too many", body(func(s string) string { return s + "==\n" })},
	{"= on a line of its own", body(func(s string) string { return strings.Replace(s, "=", "\n=", 1) + "\n" })},
	{"= missing", body(func(s string) string { return strings.TrimRight(s, "=") + "\n" })},
	{"one = missing", body(func(s string) string { return strings.TrimSuffix(s, "=") + "\n" })},
	{"the last line missing", body(func(s string) string { return s[:len(s)/64*64-64] + "\n" })},
	{"the last characters missing", body(func(s string) string { return s[:len(s)-6] + "\n" })},
	{"characters after the padding", body(func(s string) string { return s + "AAAA\n" })},
	// Labels.
	{"BEGIN missing", func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest }},
	{"END missing", func(s string) string { before, _, _ := strings.Cut(s, "-----END"); return before }},
	{"END cut", func(s string) string { before, _, _ := strings.Cut(s, "-----END"); return before + "-----END" }},
	{"END without dashes", once("KEY-----\n", "KEY-----\n")},
	{"END of another label", func(s string) string {
		i := strings.Index(s, "-----END")
		if i < 0 {
			return ""
		}
		return s[:i] + "-----END SECRET PRIVATE KEY-----\n"
	}},
	{"lower case", func(s string) string {
		return strings.NewReplacer("BEGIN", "begin", "END", "end", "PRIVATE KEY", "private key").Replace(s)
	}},
	{"label in lower case", replaced("PRIVATE KEY-----", "private key-----")},
	{"four dashes", replaced("-----", "----")},
	{"six dashes", replaced("-----", "------")},
	{"typographic dashes", replaced("-----", "\u2014\u2014")},
	{"two spaces in the label", replaced("BEGIN ", "BEGIN  ")},
	{"BEGIN twice", func(s string) string { line, _, _ := strings.Cut(s, "\n"); return line + "\n" + s }},
	{"END twice", func(s string) string {
		i := strings.Index(s, "-----END")
		if i < 0 {
			return ""
		}
		return s + s[i:]
	}},
	// Headers.
	{"a header", once("-----\n", "-----\nName: value\n")},
	{"a header and a blank line", once("-----\n", "-----\nName: value\n\n")},
	{"a short header and a blank line", once("-----\n", "-----\na: b\n\n")},
	{"no space after the colon of a header", replaced(": ", ":")},
	{"two spaces after the colon of a header", replaced(": ", ":  ")},
	{"a tab after the colon of a header", replaced(": ", ":\t")},
	{"no blank line after the headers", once("\n\n", "\n")},
	{"two blank lines after the headers", once("\n\n", "\n\n\n")},
	{"a blank line between the headers", once("ENCRYPTED\n", "ENCRYPTED\n\n")},
	{"Proc-Type with a space", once("4,ENCRYPTED", "4, ENCRYPTED")},
	{"Proc-Type in lower case", once("ENCRYPTED\n", "encrypted\n")},
	{"Proc-Type with a space at its end", once("ENCRYPTED\n", "ENCRYPTED \n")},
	{"Proc-Type missing", once("Proc-Type: 4,ENCRYPTED\n", "")},
	{"DEK-Info with a space at its end", func(s string) string { return dekInfo.ReplaceAllString(s, "$0 ") }},
	{"DEK-Info with a space after the comma", func(s string) string { return dekInfo.ReplaceAllString(s, "DEK-Info: $1, $2") }},
	{"DEK-Info in lower case", func(s string) string { return dekInfo.ReplaceAllStringFunc(s, strings.ToLower) }},
	{"IV in lower case", func(s string) string {
		return dekInfo.ReplaceAllStringFunc(s, func(h string) string { i := strings.Index(h, ","); return h[:i] + strings.ToLower(h[i:]) })
	}},
	{"headers in the other order", func(s string) string {
		return regexp.MustCompile("(Proc-Type[^\n]*\n)(DEK-Info[^\n]*\n)").ReplaceAllString(s, "$2$1")
	}},
	{"another header after them", func(s string) string { return dekInfo.ReplaceAllString(s, "$0\nName: value") }},
	{"another header before them", once("Proc-Type", "Name: value\nProc-Type")},
	// The lines of a .ppk.
	{"ppk: header in lower case", once("Comment:", "comment:")},
	{"ppk: count too high", func(s string) string { return countOf.ReplaceAllString(s, "Private-Lines: 99") }},
	{"ppk: count too low", func(s string) string { return countOf.ReplaceAllString(s, "Private-Lines: 1") }},
	{"ppk: count with a zero", once("-Lines: ", "-Lines: 0")},
	{"ppk: count with a plus", once("-Lines: ", "-Lines: +")},
	{"ppk: count with a space after it", func(s string) string { return countOf.ReplaceAllString(s, "$0 ") }},
	{"ppk: MAC in capitals", func(s string) string {
		return macOf.ReplaceAllStringFunc(s, func(m string) string { return m[:13] + strings.ToUpper(m[13:]) })
	}},
	{"ppk: MAC changed", func(s string) string {
		return macOf.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + string('a'+(m[len(m)-1]+1)%6) })
	}},
	{"ppk: MAC with a space after it", func(s string) string { return macOf.ReplaceAllString(s, "$0 ") }},
	{"ppk: MAC cut", func(s string) string { return macOf.ReplaceAllStringFunc(s, func(m string) string { return m[:30] }) }},
	{"ppk: MAC missing", func(s string) string { return macOf.ReplaceAllString(s, "") }},
	{"ppk: comment changed", once("Comment: ", "Comment: x")},
	{"ppk: comment with a space after it", func(s string) string { return regexp.MustCompile("Comment: [^\n]*").ReplaceAllString(s, "$0 ") }},
	{"ppk: cipher in capitals", once("Encryption: none", "Encryption: NONE")},
	{"ppk: a header more", once("Comment: ", "Name: value\nComment: ")},
	{"ppk: version 4", once("-File-3", "-File-4")},
	{"ppk: type changed", once(": ssh-rsa", ": rsa-sha2-256")},
	{"ppk: wide lines", func(s string) string { return regexp.MustCompile("([A-Za-z0-9+/]{64})\n").ReplaceAllString(s, "$1") }},
}

var (
	dekInfo = regexp.MustCompile("DEK-Info: ([^,\n]*),([^\n]*)")
	countOf = regexp.MustCompile("Private-Lines: [0-9]+")
	macOf   = regexp.MustCompile("Private-MAC: [0-9a-f]+")
)

package engine_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kindDamages are ways in which keys are found in programs, logs, mails and documents, by
// when they happen.
var kindDamages = []damage{
	// Lines.
	{toLines, "diff +", around("+", "")},
	{toLines, "diff -", around("-", "")},
	{toLines, "context of a diff", around(" ", "")},
	{toLines, "log", around("2024-05-01T10:11:12.123Z ", "")},
	{toLines, "log with numbers", numberedLines("2024-05-01 10:11:%d,5 INFO [main] %s")},
	{toLines, "docker log", numberedLines("{\"log\":\"%[2]s\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-01T10:11:12.%[1]dZ\"}")},
	{toLines, "syslog", numberedLines("May  1 10:11:%02d host app[123]: %s")},
	{toLines, "comment #", around("# ", "")},
	{toLines, "comment //", around("// ", "")},
	{toLines, "comment ;;", around(";; ", "")},
	{toLines, "comment --", around("-- ", "")},
	{toLines, "comment *", around(" * ", "")},
	{toLines, "comment REM", around("REM ", "")},
	{toLines, "comment ::", around(":: ", "")},
	{toLines, "comment %", around("% ", "")},
	{toLines, "comment of HTML", around("<!-- ", " -->")},
	{toLines, "cat -n", numberedLines("%6d\t%s")},
	{toLines, "grep -n", numberedLines("%d:%s")},
	{toLines, "grep of a file", numberedLines("key.pem:%d:%s")},
	{toLines, "list", numberedLines("%d. %s")},
	{toLines, "bullets", around("- ", "")},
	{toLines, "stars", around("* ", "")},
	{toLines, "table", around("| ", " |")},
	{toLines, "numbered table", numberedLines("| %d | %-80s |")},
	{toLines, "csv", numberedLines("%d,\"%s\"")},
	{toLines, "box", around("\u2502 ", " \u2502")},
	{toLines, "prompt", around("> > ", "")},
	{toLines, "mail with initials", around("JD> ", "")},
	{toLines, "cat -A", around("", "$")},
	{toLines, "caret M", around("", "^M")},
	{toLines, "C continued", around("", `\n\`)},
	{toLines, "shell continued", around("", ` \`)},
	{toLines, "properties", func(s string) string { return "key = " + around("  ", `\n\`)(s) }},
	{toLines, "Java", joinedAs(`String key = "`, `    + "`, `\n"`, `\n";`)},
	{toLines, "JavaScript", joinedAs("const key = '", "  '", `\n' +`, `\n';`)},
	{toLines, "node", joinedAs("> key\n'", "  '", `\n' +`, `\n'`)},
	{toLines, "JavaScript list", joinedAs("const key = [\n  '", "  '", `',`, "',\n].join('\\n');")},
	{toLines, "Go", joinedAs(`const key = "`, "\t\"", `\n" +`, `\n"`)},
	{toLines, "Go raw", func(s string) string { return "const key = `" + s + "`\n" }},
	{toLines, "Python", joinedAs("KEY = (\n    \"", `    "`, `\n"`, "\\n\"\n)")},
	{toLines, "Python bytes", joinedAs("KEY = (b'", `    b'`, `\n'`, "\\n')")},
	{toLines, "Python f", joinedAs("KEY = (f\"", `    f"`, `\n"`, "\\n\")")},
	{toLines, "Python triple", func(s string) string { return "KEY = \"\"\"\n" + s + "\"\"\"\n" }},
	{toLines, "Ruby", joinedAs(`key = "`, `      "`, `\n" \`, `\n"`)},
	{toLines, "Ruby <<", joinedAs(`key = "`, `      "`, `\n" <<`, `\n"`)},
	{toLines, "PHP", joinedAs(`$key = "`, `     . "`, `\n"`, `\n";`)},
	{toLines, "PHP_EOL", joinedAs(`$key = '`, `     '`, `' . PHP_EOL .`, `' . PHP_EOL;`)},
	{toLines, "C#", joinedAs(`var key = "`, `    "`, `" + Environment.NewLine +`, `" + Environment.NewLine;`)},
	{toLines, "C", joinedAs(`const char *key = "`, `    "`, `\n"`, `\n";`)},
	{toLines, "append", joinedAs(`sb.append("`, `sb.append("`, `\n");`, `\n");`)},
	{toLines, "echo", joinedAs(`echo "`, `echo "`, `" >> key.pem`, `" >> key.pem`)},
	{toLines, "VB", joinedAs(`key = "`, `      "`, `" & vbCrLf & _`, `" & vbCrLf`)},
	{toLines, "SQL", joinedAs(`SELECT '`, `  || '`, `' || chr(10)`, `' || chr(10)`)},
	{toLines, "PowerShell here-string", func(s string) string { return "$key = @\"\r\n" + s + "\"@\r\n" }},
	{toLines, "YAML list", around(`- "`, `"`)},
	{toLines, "Markdown fence", func(s string) string { return "Here:\n\n```\n" + s + "```\n" }},
	{toLines, "Markdown code", around("`", "`")},
	{toLines, "colours", around("\x1b[0m\x1b[32m", "\x1b[0m")},
	{toLines, "diff in colours", around("\x1b[32m+", "\x1b[m")},
	{toLines, "colours shown", around("^[[0m", "^[[0m")},
	{toLines, "paragraphs", around("<p class=\"MsoNormal\">", "<o:p></o:p></p>")},
	{toLines, "divs", around("<div>", "</div>")},
	{toLines, "breaks", around("", "<br />")},
	{toLines, "table of HTML", numberedLines("<tr><td>%d</td><td>%s</td></tr>")},
	{toLines, "no first line", func(s string) string {
		if !strings.HasPrefix(s, "PuTTY") {
			return s
		}
		return s[strings.IndexByte(s, '\n')+1:]
	}},
	{toLines, "cut first line", func(s string) string { return strings.TrimPrefix(s, "P") }},
	{toLines, "foot of a page", inTheMiddle("\nPage 1 of 2\n\n")},
	{toLines, "more", inTheMiddle("--More--\n")},
	{toLines, "narrow window", func(s string) string { // which a block without headers may have
		if strings.HasPrefix(s, "---") {
			return s
		}
		return broken(50, "")(s)
	}},
	{toLines, "sed -n l", func(s string) string { return broken(70, `\`)(around("", "$")(s)) }},
	{toLines, "sed -n l of CRLF", around("", `\r$`)},
	{toLines, "pre", func(s string) string { return "<html><body><pre>" + s + "</pre></body></html>\n" }},
	// Characters.
	{toCharacters, "grep --color", replacing("PRIVATE", "\x1b[01;31m\x1b[KPRIVATE\x1b[m\x1b[K")},
	{toCharacters, "links of a terminal", replacing("PRIVATE", "\x1b]8;;http://x\x1b\\PRIVATE\x1b]8;;\x1b\\")},
	{toCharacters, "wide letters", func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == 'K' || r == '+' || r == '=' || r == ':' {
				return r - '!' + 0xff01
			}
			return r
		}, s)
	}},
	{toCharacters, "Cyrillic letters", func(s string) string {
		return strings.NewReplacer("A", "\u0410", "o", "\u043e", "B", "\u0412").Replace(s)
	}},
	{toCharacters, "bidi marks", func(s string) string { return "\u202a" + strings.ReplaceAll(s, "P", "P\u202c") }},
	{toCharacters, "minus signs", replacing("-", "\u2212")},
	{toCharacters, "fraction slashes", replacing("/", "\u2044")},
	{toCharacters, "ligatures", func(s string) string { return strings.NewReplacer("fi", "\ufb01", "fl", "\ufb02").Replace(s) }},
	{toCharacters, "plus entities", func(s string) string {
		return strings.NewReplacer("+", "&plus;", "=", "&equals;", "/", "&sol;", " ", "&nbsp;").Replace(s)
	}},
	{toCharacters, "hex entities", func(s string) string {
		return strings.NewReplacer("+", "&#x2B;", "=", "&#x3D;", "/", "&#x2F;").Replace(s)
	}},
	{toCharacters, "unicode escapes", func(s string) string { return strings.NewReplacer("+", `\u002b`, "=", `\u003d`, "/", `\/`).Replace(s) }},
	{toCharacters, "hex escapes", func(s string) string { return strings.NewReplacer("+", `\x2b`, "=", `\x3d`, "/", `\x2F`).Replace(s) }},
	{toCharacters, "octal escapes", func(s string) string { return strings.NewReplacer("+", `\053`, "=", `\075`).Replace(s) }},
	{toCharacters, "punctuation escapes", func(s string) string {
		return strings.NewReplacer("+", `\+`, "=", `\=`, "-", `\-`, ":", `\:`).Replace(s)
	}},
	{toCharacters, "shell quoting", func(s string) string { return strings.NewReplacer(" ", `\ `, "=", `\=`).Replace(s) }},
	{toCharacters, "alphabet for URLs", eachLine(func(l string) string {
		if strings.Contains(l, "-") || strings.Contains(l, ":") {
			return l
		}
		return strings.NewReplacer("+", "-", "/", "_").Replace(l)
	})},
	{toCharacters, "underscores", replacing(" PRIVATE KEY-----", "_PRIVATE_KEY-----")},
	{toCharacters, "all letters wide", func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r <= '~' {
				return r - '!' + 0xff01
			}
			return r
		}, s)
	}},
	{toCharacters, "no dashes", func(s string) string { return strings.NewReplacer("-----", "", "---- ", "", " ----", "").Replace(s) }},
	{toCharacters, "equals signs", func(s string) string { return strings.ReplaceAll(s, "-----", "=====") }},
	// Line ends.
	{toLineEnds, "PowerShell escapes", replacing("\n", "`n")},
	{toLineEnds, "PowerShell CRLF", replacing("\n", "`r`n")},
	{toLineEnds, "double escapes", replacing("\n", `\\n`)},
	{toLineEnds, "unicode line ends", replacing("\n", `\u000a`)},
	{toLineEnds, "hex line ends", replacing("\n", `\x0a`)},
	{toLineEnds, "octal line ends", replacing("\n", `\012`)},
	{toLineEnds, "br without lines", replacing("\n", "<br>")},
	{toLineEnds, "entities for line ends", replacing("\n", "&NewLine;")},
	{toLineEnds, "arrows", separated("\u21b5")},
	{toLineEnds, "semicolons", separated(";")},
	{toLineEnds, "hash signs", separated("#")},
	{toLineEnds, "slash n", separated("/n")},
	{toLineEnds, "n", separated("n")},
	{toLineEnds, "name of a line end", separated("<LF>")},
	// Containers.
	{container, "percent", func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }},
	{container, "form", url.QueryEscape},
	{container, "form with CRLF", func(s string) string { return url.QueryEscape(strings.ReplaceAll(s, "\n", "\r\n")) }},
	{container, "percent twice", func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }},
	{container, "URL", func(s string) string { return "https://example.com/?key=" + url.QueryEscape(s) + "&x=1" }},
	{container, "path of a URL", func(s string) string { return url.PathEscape(s) }},
	{container, "quoted-printable", quotedPrintable},
	{container, "JSON twice", func(s string) string { return inJSON(inJSON(s)) }},
	{container, "JSON of a list", func(s string) string {
		out, _ := json.MarshalIndent(strings.Split(s, "\n"), "", "  ")
		return string(out)
	}},
	{container, "hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{container, "hex in capitals with colons", eachByte("%02X", ":")},
	{container, "hex with spaces", eachByte("%02x", " ")},
	{container, "0x", eachByte("0x%02x", ", ")},
	{container, `\x`, eachByte(`\x%02x`, "")},
	{container, "bytea", func(s string) string { return `\x` + hex.EncodeToString([]byte(s)) }},
	{container, "decimal", func(s string) string { return "[" + eachByte("%d", ", ")(s) + "]" }},
	{container, "Buffer", func(s string) string { return `{"type":"Buffer","data":[` + eachByte("%d", ",")(s) + "]}" }},
	{container, "xxd", dump(func(at int, part []byte) string {
		text := ""
		for i, c := range part {
			text += fmt.Sprintf("%02x", c)
			if i%2 == 1 {
				text += " "
			}
		}
		return fmt.Sprintf("%08x: %-41s%s", at, text, shown(part))
	})},
	{container, "hexdump -C", dump(func(at int, part []byte) string {
		text := ""
		for i, c := range part {
			text += fmt.Sprintf("%02x ", c)
			if i == 7 {
				text += " "
			}
		}
		return fmt.Sprintf("%08x  %-50s|%s|", at, text, shown(part))
	})},
	{container, "od -t x1", dump(func(at int, part []byte) string {
		return fmt.Sprintf("%07o %s", at, eachByte("%02x", " ")(string(part)))
	})},
	{container, "od -c", dump(func(at int, part []byte) string {
		text := ""
		for _, c := range part {
			switch {
			case c == '\n':
				text += `  \n`
			case c == '\r':
				text += `  \r`
			case c == '\t':
				text += `  \t`
			case c < ' ' || c > '~':
				text += fmt.Sprintf(" %03o", c)
			default:
				text += fmt.Sprintf("%4c", c)
			}
		}
		return fmt.Sprintf("%07o%s", at, text)
	})},
	{container, "hexdump", dump(func(at int, part []byte) string { return fmt.Sprintf("%07x%s", at, words(part)) })},
	{container, "od -x -A d", dump(func(at int, part []byte) string { return fmt.Sprintf("%07d%s", at, words(part)) })},
	{container, "Format-Hex", dump(func(at int, part []byte) string {
		return fmt.Sprintf("%08X   %-48s %s", at, eachByte("%02X", " ")(string(part)), shown(part))
	})},
	{container, "RTF", rtf},
	{container, "HTML of a page", func(s string) string {
		return "<p>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br/>\n") + "</p>"
	}},
	{container, "base64 for mail", func(s string) string {
		return "Content-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(s)) + "\n"
	}},
	{encoding, "utf-7", utf7},
	{encoding, "utf32le", utf32Bytes(binary.LittleEndian, true)},
	{encoding, "utf32be without mark", utf32Bytes(binary.BigEndian, false)},
	{encoding, "utf-16 after a line", func(s string) string { return "# key\n" + utf16Bytes(binary.LittleEndian, false)(s) }},
}

// TestMendKinds undoes each kind of damage alone.
func TestMendKinds(t *testing.T) {
	for _, v := range victims(t) {
		want, _, err := open(t, v.text, v.passphrase)
		require.NoError(t, err, v.name)
		for _, d := range keytest.Some(len(kindDamages)/3, kindDamages) {
			text := d.do(v.text)
			if text == v.text {
				continue
			}
			v.assertMended(t, text, want, false, d.name)
			isLegal := strings.Contains("\n"+strings.ReplaceAll(text, "\r\n", "\n"), "\n"+v.text) // lines around a key
			if m := engine.Mend([]byte(text)); !isLegal {
				assert.NotEmpty(t, m.Candidates(0)[0].Repairs, "%s: %s", v.name, d.name)
			}
		}
	}
}

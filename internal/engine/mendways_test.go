package engine_test

import (
	"encoding/binary"
	"fmt"
	"mime/quotedprintable"
	"strings"
)

// numberedLines puts a number before each line, as a format says.
func numberedLines(format string) func(string) string {
	return func(s string) string {
		n := 0
		return eachLine(func(l string) string { n++; return fmt.Sprintf(format, n, l) })(s)
	}
}

// around puts the same before and after each line.
func around(before, after string) func(string) string {
	return eachLine(func(l string) string { return before + l + after })
}

// joinedAs writes each line as a string of a program, the last with another end.
func joinedAs(first, before, after, last string) func(string) string {
	return func(s string) string {
		text := around(before, after)(s)
		return first + strings.TrimPrefix(strings.TrimSuffix(text, after+"\n"), before) + last + "\n"
	}
}

func dump(line func(address int, part []byte) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for at := 0; at < len(s); at += 16 {
			b.WriteString(line(at, []byte(s[at:min(len(s), at+16)])) + "\n")
		}
		return b.String()
	}
}

func shown(part []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, string(part))
}

// words writes bytes as a little-endian machine shows two at a time.
func words(part []byte) string {
	var b strings.Builder
	for i := 0; i < len(part); i += 2 {
		high := byte(0)
		if i+1 < len(part) {
			high = part[i+1]
		}
		fmt.Fprintf(&b, " %02x%02x", high, part[i])
	}
	return b.String()
}

func eachByte(format, separator string) func(string) string {
	return func(s string) string {
		var parts []string
		for _, c := range []byte(s) {
			parts = append(parts, fmt.Sprintf(format, c))
		}
		return strings.Join(parts, separator)
	}
}

func quotedPrintable(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func rtf(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "{", `\{`, "}", `\}`, "\n", "\\par\r\n").Replace(s)
	return `{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Courier New;}}` + "\r\n" +
		`{\*\generator Riched20 10.0.19041}\viewkind4\uc1\pard\f0\fs22 ` + s + "}\r\n"
}

func utf7(s string) string {
	return strings.NewReplacer("+", "+-", "=", "+AD0-", "\n", "+AAo-", "@", "+AEA-").Replace(s)
}

func utf32Bytes(order binary.AppendByteOrder, mark bool) func(string) string {
	return func(s string) string {
		var b []byte
		if mark {
			b = order.AppendUint32(b, 0xfeff)
		}
		for _, r := range s {
			b = order.AppendUint32(b, uint32(r))
		}
		return string(b)
	}
}

// separated puts a sign in place of the line ends between the lines of a key. Those of ssh.com
// have none that is the same everywhere.
func separated(sign string) func(string) string {
	return func(s string) string {
		if strings.Contains(s, "SSH2") {
			return s
		}
		return strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", sign) + "\n"
	}
}

// inTheMiddle puts lines between those of the base64 of a key that proves itself.
func inTheMiddle(text string) func(string) string {
	return func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		half := len(lines) * 2 / 3
		if len(lines) < 20 || !strings.HasPrefix(s, "---") {
			return s
		}
		return strings.Join(lines[:half], "") + text + strings.Join(lines[half:], "")
	}
}

// broken breaks long lines, but not those of markers, and puts mark at the end of each.
func broken(width int, mark string) func(string) string {
	return eachLine(func(l string) string {
		var b strings.Builder
		for ; len(l) > width && !strings.HasPrefix(l, "---"); l = l[width-len(mark):] {
			b.WriteString(l[:width-len(mark)] + mark + "\n")
		}
		return b.String() + l
	})
}

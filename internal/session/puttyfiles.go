package session

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape undoes the %XX of escapeRegistry. What is not such an escape stays.
func unescape(name string) string {
	var out strings.Builder
	for i := 0; i < len(name); i++ {
		if i+2 < len(name) && name[i] == '%' {
			if b, err := strconv.ParseUint(name[i+1:i+3], 16, 8); err == nil {
				out.WriteByte(byte(b))
				i += 2
				continue
			}
		}
		out.WriteByte(name[i])
	}
	return out.String()
}

// UnescapeName returns the name of a session from that of its registry key or file. Bytes
// that are not UTF-8 are in the code page.
func UnescapeName(escaped string, page CodePage) string { return page.decode(unescape(escaped)) }

// decode returns text as UTF-8. Text that is UTF-8 already is not in another encoding.
func (p CodePage) decode(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	if e := p.encoding(); e != nil {
		if decoded, err := e.NewDecoder().String(text); err == nil {
			return decoded
		}
	}
	return strings.ToValidUTF8(text, string(utf8.RuneError))
}

// SavedUnix reads the file that PuTTY on Unix has for a session, and those of the portable
// KiTTY: lines of name=value, or name\value\ with escapes. file is the name of the file.
func SavedUnix(p *Program, file string, data []byte, page CodePage) Saved {
	return SavedPuTTY(p, UnescapeName(file, page), fileSettings(data, page))
}

// fileSettings reads the lines of a file. One without a name is not a setting, as for PuTTY.
func fileSettings(data []byte, page CodePage) []Setting {
	var list []Setting
	for line := range bytes.Lines(data) {
		text := page.decode(strings.TrimRight(string(line), "\r\n"))
		at := strings.IndexAny(text, `=\`)
		switch {
		case at <= 0:
		case text[at] == '=':
			list = append(list, Setting{Name: text[:at], Text: text[at+1:]})
		default:
			value := strings.TrimSuffix(text[at+1:], `\`)
			list = append(list, Setting{Name: text[:at], Text: UnescapeName(value, page)})
		}
	}
	return list
}

// IsPuTTYFile reports whether a file is a session of PuTTY on Unix or of the portable KiTTY.
func IsPuTTYFile(data []byte) bool {
	if bytes.IndexByte(data, 0) >= 0 {
		return false
	}
	for _, s := range fileSettings(data, DefaultCodePage) {
		if s.Name == "HostName" || s.Name == "PortNumber" || s.Name == "Present" {
			return true
		}
	}
	return false
}

// ProgramOf returns the program whose form a file of a session has: PuTTY or KiTTY.
func ProgramOf(data []byte) *Program {
	if bytes.Contains(data, []byte(`HostName\`)) || bytes.Contains(data, []byte(`PortNumber\`)) {
		return &KiTTY
	}
	return &PuTTY
}

package session

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// places are the keys of the registry that are read, below any user.
var places = []struct {
	path string
	take func(s *Store, k Key, page CodePage)
}{
	{RegistryPath, func(s *Store, k Key, page CodePage) { s.takePuTTY(&PuTTY, k, page) }},
	{KiTTYPath, func(s *Store, k Key, page CodePage) { s.takePuTTY(&KiTTY, k, page) }},
	{winSCPPath, func(s *Store, k Key, _ CodePage) { s.takeWinSCP(k) }},
}

// hostKeyPlaces are the keys whose values are host keys.
var hostKeyPlaces = []string{HostKeysPath, `Software\9bis.com\KiTTY\SshHostKeys`, `Software\Martin Prikryl\WinSCP 2\SshHostKeys`}

// RegistryPlaces returns the keys of the registry below which a session is a key each, and
// those whose values are host keys.
func RegistryPlaces() (sessions, hostKeys []string) {
	for _, place := range places {
		sessions = append(sessions, place.path)
	}
	return sessions, hostKeyPlaces
}

func (s *Store) takePuTTY(p *Program, k Key, page CodePage) {
	s.Sessions = append(s.Sessions, SavedPuTTY(p, UnescapeName(k.Name, page), k.Values))
}

// RegistryStore returns what the keys of a registry have, each with its path below that of
// the user.
func RegistryStore(keys []Key, page CodePage) Store {
	var s Store
	for _, k := range keys {
		for _, place := range places {
			if name, ok := below(k.Name, place.path); ok && name != "" {
				k.Name = name
				place.take(&s, k, page)
				break
			}
		}
		for _, path := range hostKeyPlaces {
			if name, ok := below(k.Name, path); ok && name == "" {
				for _, v := range k.Values {
					s.takeHostKey(k.Line, unescape(v.Name), v.Text)
				}
			}
		}
	}
	return s
}

// below returns the part of a path that is below another; names in the registry have no case.
func below(path, above string) (name string, ok bool) {
	at := strings.Index(strings.ToLower(path), strings.ToLower(above))
	if at < 0 || at > 0 && path[at-1] != '\\' {
		return "", false
	}
	rest := path[at+len(above):]
	if rest == "" {
		return "", true
	}
	name, ok = strings.CutPrefix(rest, `\`)
	return name, ok
}

// readReg reads an exported registry. A line that is not one of regedit is a problem, and the
// others count.
func readReg(text string, page CodePage) Store {
	var keys []Key
	var broken Store
	var value []string // the lines of one in hexadecimal, which goes on after a backslash
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t")
		isHex := len(value) > 0 || strings.Contains(line, "=hex")
		if rest, ok := strings.CutSuffix(line, `\`); ok && isHex {
			value = append(value, rest)
			continue
		}
		start := number - len(value)
		keys = takeRegLine(keys, &broken, strings.Join(append(value, line), ""), start)
		value = nil
	}
	if len(value) > 0 {
		broken.problem(number, "the file ends in the middle of a value")
	}
	s := RegistryStore(keys, page)
	s.Problems = append(broken.Problems, s.Problems...)
	return s
}

func takeRegLine(keys []Key, broken *Store, line string, number int) []Key {
	switch {
	case line == "", strings.HasPrefix(line, ";"), strings.HasPrefix(line, "@="), number == 1 && line[0] != '[' && line[0] != '"':
		return keys
	case line[0] == '[':
		name, ok := strings.CutSuffix(line[1:], "]")
		if !ok {
			broken.problem(number, "the name of a registry key has no end")
		}
		return append(keys, Key{Name: strings.TrimPrefix(name, "-"), Line: number})
	}
	v, isDeletion, err := parseRegValue(line)
	switch {
	case err != nil:
		broken.problem(number, "%v", err)
	case isDeletion:
	case len(keys) == 0:
		broken.problem(number, "a value stands before the first registry key")
	default:
		k := &keys[len(keys)-1]
		k.Values = append(k.Values, v)
	}
	return keys
}

// parseRegValue reads "name"="text", "name"=dword:0000002a, "name"=hex(1):61,00 or "name"=-.
func parseRegValue(line string) (v Setting, isDeletion bool, err error) {
	name, rest, ok := cutQuoted(line)
	value, found := strings.CutPrefix(rest, "=")
	if !ok || !found {
		return v, false, fmt.Errorf("this is not a line of an exported registry")
	}
	v.Name = name
	kind, data, _ := strings.Cut(value, ":")
	switch {
	case value == "-":
		return v, true, nil
	case strings.HasPrefix(value, `"`):
		text, after, ok := cutQuoted(value)
		if !ok || after != "" {
			return v, false, fmt.Errorf("the value of %q has no end", name)
		}
		v.Text = text
	case kind == "dword":
		n, err := strconv.ParseUint(data, 16, 32)
		if err != nil {
			return v, false, fmt.Errorf("the value of %q is not a number", name)
		}
		v.Number, v.IsNumber = uint32(n), true
	case strings.HasPrefix(kind, "hex"):
		if v.Text, err = hexText(data); err != nil {
			return v, false, fmt.Errorf("the value of %q is not in hexadecimal", name)
		}
	default:
		return v, false, fmt.Errorf("the value of %q has a form that is not known", name)
	}
	return v, false, nil
}

// cutQuoted reads a text in quotes, in which a backslash escapes, and returns what is after
// it.
func cutQuoted(text string) (inner, after string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", text, false
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// hexText reads the bytes of a text in UTF-16.
func hexText(data string) (string, error) {
	var raw []byte
	for part := range strings.SplitSeq(strings.ReplaceAll(data, " ", ""), ",") {
		b, err := strconv.ParseUint(part, 16, 8)
		if err != nil && part != "" {
			return "", err
		}
		if part != "" {
			raw = append(raw, byte(b))
		}
	}
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().String(string(raw))
	return strings.TrimRight(text, "\x00"), err
}

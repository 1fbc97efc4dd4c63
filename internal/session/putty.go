package session

import "strings"

// Setting is one setting of a saved session of PuTTY. In the registry the types must
// be right: PuTTY does not read a number that is text.
type Setting struct {
	Name     string
	Text     string
	Number   uint32
	IsNumber bool
}

// puttyOwned are the settings that a session of ours decides on. The others of a
// session that is replaced, such as its colours, stay. DetachedCertificate belongs to
// the key.
var puttyOwned = []string{"HostName", "PortNumber", "Protocol", "UserName", "PublicKeyFile", "DetachedCertificate"}

// puttySettings are those that PuTTY needs. It ignores the port where the protocol is
// not said.
func (s Session) puttySettings() []Setting {
	list := []Setting{
		{Name: "HostName", Text: s.Host},
		{Name: "PortNumber", Number: uint32(s.Port), IsNumber: true},
		{Name: "Protocol", Text: "ssh"},
	}
	if s.User != "" {
		list = append(list, Setting{Name: "UserName", Text: s.User})
	}
	return append(list, Setting{Name: "PublicKeyFile", Text: s.KeyFile})
}

// defaultSettings is the session that PuTTY starts new ones from.
const defaultSettings = "Default Settings"

func (s Session) checkPuTTY() error {
	if err := s.check(); err != nil {
		return err
	}
	if strings.EqualFold(s.Name, defaultSettings) {
		return invalidf("%q is what PuTTY starts every new session from; choose another name", s.Name)
	}
	return nil
}

// escapeRegistry writes the name of a session as PuTTY does on Windows, where it is
// the name of a registry key (escape_registry_key). text is in the ANSI code page.
func escapeRegistry(text []byte) string {
	return escape(text, func(i int, b byte) bool {
		return b <= ' ' || b > '~' || strings.IndexByte(`\*?%`, b) >= 0 || b == '.' && i == 0
	})
}

// escapeFile does it as PuTTY does on Unix, where it is the name of a file
// (make_session_filename).
func escapeFile(text string) string {
	return escape([]byte(text), func(_ int, b byte) bool {
		isLetter := b|0x20 >= 'a' && b|0x20 <= 'z'
		return !isLetter && (b < '0' || b > '9') && strings.IndexByte("+-.@_", b) < 0
	})
}

func escape(text []byte, special func(i int, b byte) bool) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i, b := range text {
		if special(i, b) {
			out.Write([]byte{'%', hex[b>>4], hex[b&15]})
		} else {
			out.WriteByte(b)
		}
	}
	return out.String()
}

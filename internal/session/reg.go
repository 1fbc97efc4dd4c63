package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/text/encoding/unicode"
)

// RegistryPath is where PuTTY on Windows has its sessions, below HKEY_CURRENT_USER.
const RegistryPath = `Software\SimonTatham\PuTTY\Sessions`

// KiTTYPath is where KiTTY has its sessions.
const KiTTYPath = `Software\9bis.com\KiTTY\Sessions`

// maxKeyName is the longest name of a registry key ("Registry element size limits").
const maxKeyName = 255

// Registry returns the name of the key below RegistryPath, and its values. The key file
// must have an absolute path of Windows.
func Registry(s Session, page CodePage) (key string, values []Setting, err error) {
	if err := s.checkPuTTY(); err != nil {
		return "", nil, err
	}
	if err := checkWindowsPath(s.KeyFile); err != nil {
		return "", nil, err
	}
	if key, err = registryName(s.Name, page, s.User, s.KeyFile); err != nil {
		return "", nil, err
	}
	return key, s.puttySettings(), nil
}

// registryName returns the name of the key of a session, all whose letters the code page has
// to have.
func registryName(session string, page CodePage, user, keyFile string) (string, error) {
	for _, text := range []struct{ what, value string }{{"user", user}, {"path of the key", keyFile}} {
		if _, err := page.encode(text.what, text.value); err != nil {
			return "", err
		}
	}
	name, err := page.encode("name of the session", session)
	if err != nil {
		return "", err
	}
	key := escapeRegistry(name)
	if len(key) > maxKeyName {
		return "", invalidf("the name of the session is too long: as the name of a registry key it has %d characters, and %d is the most", len(key), maxKeyName)
	}
	return key, nil
}

// Obsolete returns the values of an existing key that the session does not use, and that
// would change what it does.
func Obsolete(values []Setting) []string { return obsoleteOf(puttyOwned)(values) }

// obsoleteOf returns an Obsolete for a session that decides these settings.
func obsoleteOf(owned []string) func(values []Setting) []string {
	return func(values []Setting) []string {
		var names []string
		for _, name := range owned {
			if !slices.ContainsFunc(values, func(v Setting) bool { return v.Name == name }) {
				names = append(names, name)
			}
		}
		return names
	}
}

var regEscapes = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`)
}}

// RegFile returns the session as a file that regedit imports, in the form that regedit
// itself writes: UTF-16LE with a BOM, CRLF. A value that an existing session may have
// and this one must not is deleted ("-").
func RegFile(s Session, page CodePage) ([]byte, error) {
	key, values, err := Registry(s, page)
	if err != nil {
		return nil, err
	}
	return encodeReg(regSection(RegistryPath, key, values, Obsolete(values)))
}

// regSection returns a key of the registry as a part of a file.
func regSection(path, key string, values []Setting, obsolete []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[HKEY_CURRENT_USER\\%s\\%s]\r\n", path, key)
	for _, v := range values {
		if v.IsNumber {
			fmt.Fprintf(&b, "\"%s\"=dword:%08x\r\n", v.Name, v.Number)
		} else {
			fmt.Fprintf(&b, "\"%s\"=\"%s\"\r\n", v.Name, regEscapes.Get().Replace(v.Text))
		}
	}
	for _, name := range obsolete {
		fmt.Fprintf(&b, "\"%s\"=-\r\n", name)
	}
	return b.String() + "\r\n"
}

// encodeReg returns a file of sections in the form of regedit.
func encodeReg(sections string) ([]byte, error) {
	text := "Windows Registry Editor Version 5.00\r\n\r\n" + sections
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	return []byte(encoded), err
}

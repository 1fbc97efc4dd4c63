package session

import (
	"fmt"
	"slices"
	"strings"

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
	for _, text := range []struct{ what, value string }{{"user", s.User}, {"path of the key", s.KeyFile}} {
		if _, err := page.encode(text.what, text.value); err != nil {
			return "", nil, err
		}
	}
	name, err := page.encode("name of the session", s.Name)
	if err != nil {
		return "", nil, err
	}
	key = escapeRegistry(name)
	if len(key) > maxKeyName {
		return "", nil, invalidf("the name of the session is too long: as the name of a registry key it has %d characters, and %d is the most", len(key), maxKeyName)
	}
	return key, s.puttySettings(), nil
}

// Obsolete returns the values of an existing key that the session does not use, and that
// would change what it does.
func Obsolete(values []Setting) []string {
	var names []string
	for _, name := range puttyOwned {
		if !slices.ContainsFunc(values, func(v Setting) bool { return v.Name == name }) {
			names = append(names, name)
		}
	}
	return names
}

var regEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// RegFile returns the session as a file that regedit imports, in the form that regedit
// itself writes: UTF-16LE with a BOM, CRLF. A value that an existing session may have
// and this one must not is deleted ("-").
func RegFile(s Session, page CodePage) ([]byte, error) {
	key, values, err := Registry(s, page)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\%s\\%s]\r\n", RegistryPath, key)
	for _, v := range values {
		if v.IsNumber {
			fmt.Fprintf(&b, "\"%s\"=dword:%08x\r\n", v.Name, v.Number)
		} else {
			fmt.Fprintf(&b, "\"%s\"=\"%s\"\r\n", v.Name, regEscapes.Replace(v.Text))
		}
	}
	for _, name := range Obsolete(values) {
		fmt.Fprintf(&b, "\"%s\"=-\r\n", name)
	}
	b.WriteString("\r\n")
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(b.String())
	return []byte(encoded), err
}

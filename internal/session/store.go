package session

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// Store is what a file, or a registry, has of saved sessions and known hosts.
type Store struct {
	Sessions []Saved
	HostKeys []HostKey
	// Problems are the parts that cannot be read, each with its line.
	Problems []error
}

func (s *Store) problem(line int, format string, args ...any) {
	s.Problems = append(s.Problems, fmt.Errorf("line %d: %s", line, fmt.Sprintf(format, args...)))
}

// Add adds what another store has.
func (s *Store) Add(other Store) {
	s.Sessions = append(s.Sessions, other.Sessions...)
	s.HostKeys = append(s.HostKeys, other.HostKeys...)
	s.Problems = append(s.Problems, other.Problems...)
}

// StoreFiles find the files in which programs have sessions, or keys of hosts, outside of the
// registry and of PuTTY's folder.
var StoreFiles = []func(e Env) (string, error){
	func(e Env) (string, error) { return puttyPlace(e, "PUTTYSSHHOSTKEYS", "sshhostkeys") },
	siteManager,
	func(e Env) (string, error) { // if WinSCP is told not to use the registry
		dir, err := e.ConfigDir()
		return filepath.Join(dir, "WinSCP.ini"), err
	},
}

// errNoSessions reports a file of another kind.
var errNoSessions = errors.New("this is not a file with saved sessions: of those, an exported .reg, WinSCP.ini, FileZilla's sitemanager.xml, and the files in the folders of PuTTY and KiTTY are read")

// ReadStore reads a file of one of the programs, which it knows by its content. name is that
// of the file, which PuTTY on Unix and the portable KiTTY give the name of the session.
func ReadStore(name string, data []byte, page CodePage) (Store, error) {
	text, err := textOf(data, page)
	switch {
	case err != nil:
		return Store{}, err
	case strings.HasPrefix(text, "Windows Registry Editor"), strings.HasPrefix(text, "REGEDIT4"), strings.Contains(text, "[HKEY_"): // if only its first line is missing
		return readReg(text, page), nil
	case strings.Contains(text, "<FileZilla3"):
		return readSiteList(text), nil
	case strings.Contains(text, winSCPSection), strings.HasPrefix(text, `[Configuration\`): // or what WinSCP exports
		return readWinSCP(text), nil
	case isHostKeys(text):
		return readHostKeys(text), nil
	case IsPuTTYFile([]byte(text)):
		return Store{Sessions: []Saved{SavedUnix(ProgramOf([]byte(text)), name, []byte(text), page)}}, nil
	}
	return Store{}, errNoSessions
}

// textOf returns a file as UTF-8: regedit writes UTF-16, and REGEDIT4 the code page.
func textOf(data []byte, page CodePage) (string, error) {
	const bom = "\ufeff"
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().String(string(data))
		return text, err
	case len(data) > 1 && data[0] != 0 && data[1] == 0: // without a BOM
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().String(string(data))
		return text, err
	}
	text := strings.TrimPrefix(string(data), bom)
	if utf8.ValidString(text) {
		return text, nil
	}
	return page.decode(text), nil
}

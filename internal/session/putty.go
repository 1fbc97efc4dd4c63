package session

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
)

// PuTTY has its sessions in the registry or, on Unix, in a folder.
var PuTTY = Program{
	Name: "putty", Title: "PuTTY", Verdict: engine.ProgramPuTTY,
	Help: `in PuTTY's list: on Windows in the registry, elsewhere in PuTTY's own
folder; with -o FILE.reg as a file to import on Windows`,
	NeedsPPK: true,
	File: &File{
		Encode: RegFile, What: "a file for the registry", Extension: ".reg", OnWindows: true,
		Next: Step{"on Windows, a double-click on {shown} (or: reg import {file}), then: putty -load {name}", true},
	},
	Folder: &Folder{
		Path:     func(e Env) (string, error) { return puttyPlace(e, "PUTTYSESSIONS", "sessions") },
		FileName: UnixName, Encode: UnixFile, Next: Step{Text: puttyNext},
	},
	Registry: &RegistryKey{
		Path: RegistryPath, Encode: Registry, Obsolete: Obsolete, Next: Step{Text: puttyNext},
	},
}

// KiTTY is a program with PuTTY's code and settings, of which sessions are read.
var KiTTY = Program{Name: "kitty", Title: "KiTTY", Verdict: engine.ProgramPuTTY, NeedsPPK: true}

const puttyNext = "putty -load {name}, or a double-click on it in PuTTY's list"

// puttyPlace returns where PuTTY on Unix has something (make_filename in its
// unix/storage.c).
func puttyPlace(e Env, variable, name string) (string, error) {
	if place, ok := e.Lookup(variable); ok {
		return place, nil
	}
	if dir, ok := e.Lookup("PUTTYDIR"); ok {
		return dir + "/" + name, nil
	}
	home, err := e.Home()
	if err != nil {
		return "", err
	}
	// The new place counts only if it exists.
	if dir := filepath.Join(e.config(home), "putty"); e.Exists(dir) {
		return dir + "/" + name, nil
	}
	return filepath.Join(home, ".putty", name), nil
}

// Setting is one setting of a saved session of PuTTY. In the registry the types must
// be right: PuTTY does not read a number that is text.
type Setting struct {
	Name     string
	Text     string
	Number   uint32
	IsNumber bool
}

// puttyOwned are the settings that our session decides. When a session is replaced, its
// other settings stay, such as its colours. DetachedCertificate belongs to the key.
var puttyOwned = []string{"HostName", "PortNumber", "Protocol", "UserName", "PublicKeyFile", "DetachedCertificate"}

// puttySettings returns the settings that PuTTY needs. It ignores the port if there is
// no protocol.
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

// DefaultSettings is the session that PuTTY and WinSCP start new ones from.
const DefaultSettings = "Default Settings"

func (s Session) checkPuTTY() error {
	if err := s.check(); err != nil {
		return err
	}
	if strings.EqualFold(s.Name, DefaultSettings) {
		return invalidf("%q is what PuTTY starts every new session from; choose another name", s.Name)
	}
	return nil
}

// escapeRegistry returns the name of a session as PuTTY writes it on Windows, where it
// is the name of a registry key (escape_registry_key). text is in the ANSI code page.
func escapeRegistry(text []byte) string {
	return escape(text, func(i int, b byte) bool {
		return b <= ' ' || b > '~' || strings.IndexByte(`\*?%`, b) >= 0 || b == '.' && i == 0
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

// maxFileName is the longest name of a file on the usual file systems (NAME_MAX).
const maxFileName = 255

// UnixName returns the name of the session's file in PuTTY's folder of sessions on Unix.
func UnixName(s Session) (string, error) {
	if err := s.checkPuTTY(); err != nil {
		return "", err
	}
	return unixName(s.Name)
}

// unixName escapes as PuTTY does (make_session_filename).
func unixName(session string) (string, error) {
	name := escape([]byte(session), func(_ int, b byte) bool {
		isLetter := b|0x20 >= 'a' && b|0x20 <= 'z'
		return !isLetter && (b < '0' || b > '9') && strings.IndexByte("+-.@_", b) < 0
	})
	switch {
	case name == "." || name == "..":
		return "", invalidf("PuTTY cannot have a session %q: it would be the name of a folder", session)
	case len(name) > maxFileName:
		return "", invalidf("the name of the session is too long: as the name of a file it has %d bytes, and %d is the most", len(name), maxFileName)
	}
	return name, nil
}

// UnixFile returns the session as PuTTY on Unix keeps it. The other settings of old, the
// file of a session that is replaced, stay as they are.
func UnixFile(s Session, old []byte) ([]byte, error) {
	if _, err := UnixName(s); err != nil {
		return nil, err
	}
	return unixFile(s.puttySettings(), puttyOwned, old), nil
}

// unixFile returns settings as a file. What of old is not owned stays.
func unixFile(settings []Setting, owned []string, old []byte) []byte {
	var b bytes.Buffer
	for _, v := range settings {
		if v.IsNumber {
			fmt.Fprintf(&b, "%s=%d\n", v.Name, v.Number)
		} else {
			fmt.Fprintf(&b, "%s=%s\n", v.Name, v.Text)
		}
	}
	for line := range bytes.Lines(old) {
		name, _, _ := bytes.Cut(line, []byte("="))
		if !slices.Contains(owned, string(name)) {
			b.Write(line)
		}
	}
	return b.Bytes()
}

package session

import (
	"bytes"
	"encoding/xml"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
)

// FileZilla has a list of sites. Since version 3.63 it opens other keys than .ppk too.
var FileZilla = Program{
	Name: "filezilla", Title: "FileZilla", Verdict: engine.ProgramFileZilla,
	Help:     "a site as FileZilla imports it, printed; --add puts it into its list",
	NeedsPPK: true,
	File: &File{
		Encode: func(s Session, _ CodePage) ([]byte, error) { return Site(s) },
		Next:   Step{Text: "in FileZilla: File > Import, then File > Site Manager"},
	},
	List: &List{
		Name: "FileZilla's list", Path: siteManager, Add: AddToFileZilla,
		Next:       Step{Text: "in FileZilla, after a restart: File > Site Manager"},
		NextInFile: Step{Text: "in FileZilla, after a restart: File > Site Manager"},
	},
}

// siteManager returns the path of FileZilla's list of sites. On Unix the old folder
// counts if it exists, then XDG_CONFIG_HOME, then ~/.config.
func siteManager(e Env) (string, error) {
	const name = "sitemanager.xml"
	if e.Windows {
		dir, err := e.ConfigDir()
		return filepath.Join(dir, "FileZilla", name), err
	}
	home, err := e.Home()
	if err != nil {
		return "", err
	}
	if old := filepath.Join(home, ".filezilla"); e.Exists(old) {
		return filepath.Join(old, name), nil
	}
	return filepath.Join(e.config(home), "filezilla", name), nil
}

// The numbers are FileZilla's: ServerProtocol SFTP and LogonType key.
const (
	filezillaSFTP    = 1
	filezillaKeyFile = 5
)

// filezillaFields returns the elements of a <Server>, in FileZilla's order.
func (s Session) filezillaFields() [][2]string {
	return [][2]string{
		{"Host", s.Host},
		{"Port", strconv.Itoa(s.Port)},
		{"Protocol", strconv.Itoa(filezillaSFTP)},
		{"Type", "0"},
		{"User", s.User},
		{"Keyfile", s.KeyFile},
		{"Logontype", strconv.Itoa(filezillaKeyFile)},
		{"Name", s.Name},
	}
}

func (s Session) checkFileZilla() error {
	if s.User == "" {
		return invalidf("FileZilla takes no site with a key and without a user")
	}
	return s.check()
}

// Site returns the session as a file that FileZilla imports, and that can be its
// sitemanager.xml.
func Site(s Session) ([]byte, error) {
	if err := s.checkFileZilla(); err != nil {
		return nil, err
	}
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<FileZilla3>\n\t<Servers>\n" +
		s.serverXML("\n", nil) + "\t</Servers>\n</FileZilla3>\n"), nil
}

// filezillaPasswords are elements that a site with a key does not use.
var filezillaPasswords = []string{"Pass", "Account"}

// serverXML returns the <Server>, as lines of a sitemanager.xml. Of the site that it
// replaces it keeps the elements that the session does not decide.
func (s Session) serverXML(lineEnd string, old []element) string {
	var b strings.Builder
	b.WriteString("\t\t<Server>" + lineEnd)
	for _, f := range s.filezillaFields() {
		b.WriteString("\t\t\t<" + f[0] + ">")
		_ = xml.EscapeText(&b, []byte(f[1])) // a strings.Builder does not fail
		b.WriteString("</" + f[0] + ">" + lineEnd)
	}
	for _, e := range old {
		decided := func(f [2]string) bool { return f[0] == e.name }
		if !slices.ContainsFunc(s.filezillaFields(), decided) && !slices.Contains(filezillaPasswords, e.name) {
			b.WriteString("\t\t\t" + e.text + lineEnd)
		}
	}
	b.WriteString("\t\t</Server>" + lineEnd)
	return b.String()
}

// AddToFileZilla puts the session into a sitemanager.xml, and leaves the rest of it as
// it is, byte for byte. A site in a folder is another site, whatever its name. Without
// replace, a site of the same name that differs is an *ExistsError.
func AddToFileZilla(old []byte, s Session, replace bool) (Edit, error) {
	if err := s.checkFileZilla(); err != nil {
		return Edit{}, err
	}
	if len(bytes.TrimSpace(old)) == 0 {
		data, err := Site(s)
		return Edit{Data: data}, err
	}
	found, err := readSites(old)
	if err != nil {
		return Edit{}, err
	}
	lineEnd := lineEndOf(old)
	for _, site := range found.sites {
		name, ok := site.fields["Name"]
		if !ok { // older versions have it as text of the element
			name = strings.TrimSpace(site.fields[""])
		}
		differs := func(f [2]string) bool { return site.fields[f[0]] != f[1] }
		switch {
		case name != s.Name:
		case !slices.ContainsFunc(s.filezillaFields(), differs):
			return Edit{Data: old, Outcome: AlreadyThere}, nil
		case !replace:
			return Edit{}, &ExistsError{Name: s.Name, Line: 1 + bytes.Count(old[:site.start], []byte("\n"))}
		default:
			entry := strings.TrimSpace(s.serverXML(lineEnd, site.elements))
			return Edit{Data: splice(old, site.start, site.end, entry), Outcome: Replaced}, nil
		}
	}
	return Edit{Data: found.insert(old, s.serverXML(lineEnd, nil), lineEnd)}, nil
}

// splice puts text in the place of data[start:end].
func splice(data []byte, start, end int, text string) []byte {
	return bytes.Join([][]byte{data[:start], []byte(text), data[end:]}, nil)
}

func lineEndOf(data []byte) string {
	if bytes.Contains(data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

package session

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// siteFields are a <Server> of FileZilla.
type siteFields struct {
	Text   string `xml:",chardata"`
	Fields []struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
		Inner   []struct {
			XMLName xml.Name
		} `xml:",any"`
	} `xml:",any"`
}

// readSiteList reads the sites of a sitemanager.xml, those in folders too. Where the file is
// broken, the sites before that count.
func readSiteList(text string) Store {
	var s Store
	var folders []string
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "Folder":
				folders = append(folders, "")
			case "Server":
				var site siteFields
				if err = decoder.DecodeElement(&site, &token); err == nil {
					s.Sessions = append(s.Sessions, site.saved(folders))
				}
			}
		case xml.EndElement:
			if token.Name.Local == "Folder" && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		case xml.CharData:
			if n := len(folders); n > 0 && folders[n-1] == "" {
				folders[n-1] = strings.TrimSpace(string(token))
			}
		}
		if errors.Is(err, io.EOF) && token == nil {
			return s
		}
		if err != nil {
			s.problem(1+strings.Count(text[:decoder.InputOffset()], "\n"), "the file is broken here: this is not XML")
			return s
		}
	}
}

// filezillaProtocols are FileZilla's by their numbers (ServerProtocol).
var filezillaProtocols = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"0": "FTP", strconv.Itoa(filezillaSFTP): SSH, "2": "HTTP", "3": "FTPS", "4": "FTPS", "5": "HTTPS", "6": "FTP", "7": "S3",
		"8": "Storj", "9": "WebDAV",
	}
}}

// filezillaUsual are settings with what FileZilla writes of a site that was not changed.
var filezillaUsual = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"PasvMode": "MODE_DEFAULT", "EncodingType": "Auto", "BypassProxy": "0", "TimezoneOffset": "0", "MaximumMultipleConnections": "0",
		"Colour": "0", "SyncBrowsing": "0", "DirectoryComparison": "0", "LocalDir": "", "RemoteDir": "", "Comments": "",
	}
}}

// saved returns the site. Of passwords it has the name alone.
func (f siteFields) saved(folders []string) Saved {
	v := values{}
	var rest []string
	for _, field := range f.Fields {
		name := field.XMLName.Local
		v[name] = field.Text
		if usual, ok := filezillaUsual.Get()[name]; ok && usual != field.Text || !ok && len(field.Inner) > 0 {
			rest = append(rest, name)
		}
	}
	name := cmp.Or(v["Name"], strings.TrimSpace(f.Text))
	s := Saved{
		Program: &FileZilla, Name: strings.Join(append(slices.Clone(folders), name), "/"),
		Protocol: cmp.Or(filezillaProtocols.Get()[cmp.Or(v["Protocol"], "0")], "protocol "+v["Protocol"]),
		Target:   Target{v["User"], strings.TrimSpace(v["Host"]), v.number("Port", DefaultPort)},
		KeyFile:  v["Keyfile"],
	}
	if s.Protocol != SSH {
		return s
	}
	s.Host = strings.TrimSuffix(strings.TrimPrefix(s.Host, "["), "]")
	for _, name := range append(slices.Clone(filezillaPasswords), "BypassProxy") {
		if v[name] != "" && v[name] != filezillaUsual.Get()[name] {
			s.lose(name, "")
		}
	}
	s.Look = slices.DeleteFunc(rest, func(name string) bool { return name == "BypassProxy" })
	return s
}

package session

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// siteList says where the sites of a sitemanager.xml are.
type siteList struct {
	sites []site
	// end is where the end tag of <Servers> begins, or, if that is missing, the end tag
	// of the root. An element without an end tag (<Servers/>) ends there.
	end     int
	missing bool // no <Servers>
	empty   bool // no end tag
}

// site is a <Server> that is not in a folder.
type site struct {
	start, end int
	elements   []element
	fields     map[string]string // "" is the text of the element itself
}

// element is an element in a <Server>, as it is in the file.
type element struct {
	name  string
	start int
	text  string
}

// errNotSites reports a file that FileZilla did not write.
var errNotSites = errors.New("this is not a sitemanager.xml of FileZilla")

// siteReader follows the elements of the file.
type siteReader struct {
	data []byte
	list siteList
	path []string
	at   int // offset of the current token
}

func readSites(data []byte) (*siteList, error) {
	r := &siteReader{data: data, list: siteList{missing: true}}
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for root := false; ; {
		r.at = int(decoder.InputOffset())
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && root:
			return &r.list, nil
		case err != nil:
			return nil, errNotSites
		}
		switch token := token.(type) {
		case xml.StartElement:
			r.path = append(r.path, token.Name.Local)
			if r.path[0] != "FileZilla3" {
				return nil, errNotSites
			}
			root = true
			r.begin()
		case xml.EndElement:
			r.finish(int(decoder.InputOffset()))
			r.path = r.path[:len(r.path)-1]
		case xml.CharData:
			switch site := r.site(); { // the text of a <Server>, and of its elements
			case site == nil:
			case len(r.path) == 3:
				site.fields[""] += string(token)
			case len(r.path) == 4:
				site.fields[r.path[3]] += string(token)
			}
		}
	}
}

const (
	serversPath = "FileZilla3/Servers"
	serverPath  = "FileZilla3/Servers/Server"
)

func (r *siteReader) begin() {
	if site := r.site(); site != nil && len(r.path) == 4 {
		site.elements = append(site.elements, element{name: r.path[3], start: r.at})
	}
	switch strings.Join(r.path, "/") {
	case serversPath:
		r.list.missing = false
	case serverPath:
		r.list.sites = append(r.list.sites, site{start: r.at, fields: map[string]string{}})
	}
}

// site returns the site of the current element, nil outside of one.
func (r *siteReader) site() *site {
	if len(r.path) < 3 || strings.Join(r.path[:3], "/") != serverPath || len(r.list.sites) == 0 {
		return nil
	}
	return &r.list.sites[len(r.list.sites)-1]
}

func (r *siteReader) finish(end int) {
	if site := r.site(); site != nil && len(r.path) == 4 {
		last := &site.elements[len(site.elements)-1]
		last.text = string(r.data[last.start:end])
	}
	switch strings.Join(r.path, "/") {
	case "FileZilla3":
		if r.list.missing {
			r.list.setEnd(r.at, r.data[:end])
		}
	case serversPath:
		r.list.setEnd(r.at, r.data[:end])
	case serverPath:
		r.list.sites[len(r.list.sites)-1].end = end
	}
}

func (l *siteList) setEnd(at int, before []byte) {
	l.end, l.empty = at, bytes.HasSuffix(before, []byte("/>"))
}

// insert puts a <Server> after the others.
func (l *siteList) insert(data []byte, server, lineEnd string) []byte {
	indent, endTag := "\t", "</Servers>"
	if l.missing {
		indent, endTag = "", "</FileZilla3>"
		server = "\t<Servers>" + lineEnd + server + "\t</Servers>" + lineEnd
	}
	if l.empty { // its "/>" becomes ">", and it gets an end tag
		tag := bytes.TrimRight(data[:l.end-len("/>")], " \t\r\n")
		return splice(data, len(tag), l.end, ">"+lineEnd+server+indent+endTag)
	}
	at := l.end
	for at > 0 && (data[at-1] == ' ' || data[at-1] == '\t') {
		at--
	}
	if at > 0 && data[at-1] != '\n' { // all on one line
		return splice(data, l.end, l.end, lineEnd+server)
	}
	return splice(data, at, at, server)
}

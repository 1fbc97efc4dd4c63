package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// lineRecord is what --json prints of a line of authorized_keys or known_hosts.
type lineRecord struct {
	Line    int        `json:"line"`
	Marker  string     `json:"marker,omitempty"`
	Hosts   string     `json:"hosts,omitempty"`
	Options string     `json:"options,omitempty"`
	Key     *keyRecord `json:"key,omitempty"`
	Error   string     `json:"error,omitempty"`
}

// listPublic lists all keys of authorized_keys or known_hosts, and warns of lines that are
// not keys.
func (o *one) listPublic(f *engine.File) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %-12s %s\n  %-12s %d\n", input.Shown(o.name), "format:", f.Title, "keys:", f.Keys)
	var lines []lineRecord
	for _, l := range f.Lines {
		found := lineRecord{Line: l.Line, Marker: l.Marker, Hosts: l.Hosts, Options: l.Options}
		if l.Err != nil {
			found.Error = quote.WithoutPackages(l.Err)
			why := found.Error
			if syntax, ok := l.Err.(*sshkey.SyntaxError); ok {
				why = syntax.Msg
			}
			o.Noted(fault.Note{Code: fault.DamagedKey, Warning: true, File: o.name, Text: fmt.Sprintf("line %d: %s", l.Line, why)})
		} else {
			if o.json {
				found.Key = keyRecordOf(l.Key, l.Comment)
			}
			fmt.Fprintf(&b, "  %-12s %s\n", fmt.Sprintf("line %d:", l.Line), quote.Inert(describeLine(l)))
		}
		lines = append(lines, found)
	}
	if o.json {
		o.record.Lines = lines
	}
	if o.quiet || o.json {
		return nil
	}
	_, err := io.WriteString(o.stdout, b.String())
	return err
}

// describeLine says in a line what ssh-keygen -l does, and what else the line has.
func describeLine(l rawkey.PublicLine) string {
	text := describeKey(rawkey.WithoutCertificate(l.Key))
	if cert := rawkey.CertificateOf(l.Key); cert != nil {
		text += fmt.Sprintf(", certificate %q", cert.KeyId)
	}
	if l.Comment != "" {
		text += " " + quote.Comment(l.Comment)
	}
	if l.Marker != "" {
		text += ", " + quote.Line(l.Marker)
	}
	switch {
	case strings.HasPrefix(l.Hosts, "|"):
		text += ", of a host whose name is hashed: " + quote.Line(l.Hosts)
	case l.Hosts != "":
		text += ", of " + quote.Line(l.Hosts)
	case l.Options != "":
		text += ", with the options " + quote.Line(l.Options)
	}
	return text
}

package engine

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/pemblock"
)

// Unknown is the format of a file that is not a key file, Empty that of an empty one.
const (
	Unknown Format = "unknown"
	Empty   Format = "empty"
)

// Detect returns what a file is by its content. It does not make sure that the file can
// be read: [Open] does, and names in a *NotPrivateError many kinds of files that are Unknown
// here, such as archives. Of several private keys Detect looks at the first.
func Detect(data []byte) Format {
	if len(bytes.TrimSpace(data)) == 0 {
		return Empty
	}
	s := newSniff(data)
	for _, r := range formats {
		if r.is != nil && r.is(s) || s.hasLabel(r.labels) {
			return r.format
		}
	}
	return Unknown
}

// sniff is a file as the recognisers see it.
type sniff struct {
	data   []byte
	labels map[string]bool // of all BEGIN lines, but of private keys only the first
	first  string          // the first line
}

// newSniff returns the first line and the labels of a file.
func newSniff(data []byte) *sniff {
	text := data
	if bytes.IndexByte(data, '\r') >= 0 {
		text = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	s := &sniff{data: data, labels: map[string]bool{}}
	if line, _, _ := bytes.Cut(text, []byte("\n")); !bytes.Contains(data, []byte("BEGIN")) {
		s.first = string(line)
		return s
	}
	seen := false
	for line := range bytes.Lines(text) {
		label, _, ok := pemblock.BeginLabel(string(bytes.TrimRight(line, " \t\n")))
		private := ok && pemblock.IsPrivate(label)
		if ok && !(private && seen) {
			s.labels[label] = true
		}
		seen = seen || private
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	s.first = string(line)
	return s
}

// hasLabel reports whether there is a PEM block with one of the labels.
func (s *sniff) hasLabel(labels []string) bool {
	return slices.ContainsFunc(labels, func(label string) bool { return s.labels[label] })
}

func isPPK2(s *sniff) bool { return strings.HasPrefix(s.first, "PuTTY-User-Key-File-2:") }

// ssh1Public matches three decimal numbers: bits, exponent, modulus.
var ssh1Public = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{2,5} [0-9]+ [0-9]{20,}`) }}

// isDER recognises an ASN.1 SEQUENCE that is as long as the file.
func isDER(s *sniff) bool {
	d := der.New(s.data)
	d.Sequence("the file")
	return len(s.data) > 0 && s.data[0] == der.TagSequence && d.End("the file") == nil
}

package keyconv

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
)

// Unknown is the format of what is no key file, Empty of nothing at all.
const (
	Unknown Format = "unknown"
	Empty   Format = "empty"
)

// Detect tells what a file is by its content, without making sure that it can be
// read: [Open] does. It looks at the first private key where there are several
// blocks.
func Detect(data []byte) Format {
	if len(bytes.TrimSpace(data)) == 0 {
		return Empty
	}
	s := newSniff(data)
	for _, r := range formats {
		if r.is != nil && r.is(s) {
			return r.format
		}
	}
	return Unknown
}

// sniff is a file as the recognisers see it.
type sniff struct {
	data   []byte
	labels map[string]bool // of all BEGIN lines, of private keys the first alone
	first  string          // the first line
}

func newSniff(data []byte) *sniff {
	text := bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	s := &sniff{data: data, labels: map[string]bool{}}
	seen := false
	for line := range bytes.Lines(text) {
		label, private, ok := pemkey.BeginLabel(string(bytes.TrimRight(line, " \t\n")))
		if ok && !(private && seen) {
			s.labels[label] = true
		}
		seen = seen || private
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	s.first = string(line)
	return s
}

func hasLabel(labels ...string) func(*sniff) bool {
	return func(s *sniff) bool {
		for _, label := range labels {
			if s.labels[label] {
				return true
			}
		}
		return false
	}
}

// isPPK is version 3, and whatever else is not version 2.
func isPPK(s *sniff) bool {
	return strings.HasPrefix(s.first, "PuTTY-User-Key-File-") && !isPPK2(s)
}

func isPPK2(s *sniff) bool { return strings.HasPrefix(s.first, "PuTTY-User-Key-File-2:") }

func isAuthorizedKey(s *sniff) bool { return sshkey.IsAuthorizedKey(s.data) }

var ssh1Public = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{2,5} [0-9]+ [0-9]{20,}`) })

// isSSH1Public is three decimal numbers: bits, exponent, modulus.
func isSSH1Public(s *sniff) bool { return ssh1Public().MatchString(s.first) }

func isJWK(s *sniff) bool {
	var key struct {
		Kty string `json:"kty"`
	}
	return bytes.HasPrefix(bytes.TrimSpace(s.data), []byte("{")) &&
		json.Unmarshal(s.data, &key) == nil && key.Kty != ""
}

// isDERKey is the content of a private key's PEM block without the block.
func isDERKey(s *sniff) bool { return isDER(s) && pemkey.LabelOf(s.data) != "" }

// isDER is an ASN.1 SEQUENCE (0x30) that is as long as the file.
func isDER(s *sniff) bool {
	d := s.data
	if len(d) < 4 || d[0] != 0x30 {
		return false
	}
	switch d[1] {
	case 0x81:
		return int(d[2])+3 == len(d)
	case 0x82:
		return int(d[2])<<8+int(d[3])+4 == len(d)
	}
	return int(d[1])+2 == len(d)
}

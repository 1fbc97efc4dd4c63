package input

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/lazy"
)

// IsWholeKey reports whether a text is a key file, not one that has a key in it, such as a README, a
// program or a configuration: nothing stands around the key but other PEM blocks and what
// OpenSSL writes there. Of a file that opened, f, only what is around the key counts; of
// one that did not (nil), its lines have to look like those of a key too.
func IsWholeKey(data []byte, f *engine.File) bool {
	text := asText(data)
	if !strings.Contains(text, "-----") && !strings.Contains(text, "---- BEGIN ") && !strings.Contains(text, ppkHeader) {
		return f != nil && len(f.Repairs) == 0 || isBase64Only(text) || engine.Detect(data).About().Private
	}
	s := lineScan{opened: f != nil}
	for line := range strings.Lines(text) {
		if !s.take(line) {
			return false
		}
	}
	return s.opened || s.inPPK || s.keyLetters > s.otherLetters
}

const ppkHeader = "PuTTY-User-Key-File-"

// asText undoes what mending would: UTF-16, and line ends that are written as \n.
func asText(data []byte) string {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = data[2:]
	}
	data = bytes.ReplaceAll(data, []byte{0}, nil) // keys are ASCII
	return strings.NewReplacer(`\r`, "", `\n`, "\n", "\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(data), "\ufeff"))
}

// lineScan goes through the lines of a text.
type lineScan struct {
	opened       bool
	inBlock      bool // between BEGIN and END
	inPPK        bool // after the first line of a .ppk
	keyLetters   int  // in the blocks: letters of base64
	otherLetters int
}

// linePatterns are what the lines around a key look like.
type linePatterns struct{ begin, end, header, word, letter, openSSL *regexp.Regexp }

// patterns are compiled when the first file is looked at.
var patterns = lazy.Value[linePatterns]{Make: func() (p linePatterns) {
	p.begin = regexp.MustCompile(`-{4,5} ?BEGIN ?[A-Z0-9 ]+-{4,5}`)
	p.end = regexp.MustCompile(`-{4,5} ?END ?[A-Z0-9 ]+-{4,5}`)
	p.header = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:`) // of a .ppk, or of an encrypted PEM block
	p.word = regexp.MustCompile(`^[A-Za-z0-9+/_-]{16,}=*$`)  // base64
	p.letter = regexp.MustCompile(`[\p{L}\p{N}]`)
	// What openssl pkcs12, pkey -text and x509 -text write around a key.
	p.openSSL = regexp.MustCompile(`(?i)^\s*(Bag Attributes.*|Key Attributes.*|` +
		`(friendlyName|localKeyID|Microsoft [A-Z ]+|X509v3 .+|[0-9]+(\.[0-9]+)+): .*|(subject|issuer) ?=.*|` +
		`((RSA|EC|DSA|ED25519|ED448) )?Private-Key:.*|(ASN1 OID|NIST CURVE): .*|` +
		`(modulus|(public|private)Exponent|prime[12]|exponent[12]|coefficient|priv|pub|[PQG])\s*:.*|[0-9a-f]{2}(:[0-9a-f]{2})*:?)\s*$`)
	return p
}}

// take reports whether a line may stand in a key file.
func (s *lineScan) take(line string) bool {
	line = strings.TrimRight(line, "\n")
	if s.inBlock {
		return s.body(line)
	}
	if m := patterns.Get().begin.FindStringIndex(line); m != nil {
		s.inBlock, s.inPPK = true, false
		return !hasLetter(line[:m[0]]) && s.body(line[m[1]:])
	}
	if words := strings.Trim(line, " \t\"'`>"); strings.HasPrefix(words, ppkHeader) {
		s.inPPK = true
		return true
	}
	switch {
	case !hasLetter(line), patterns.Get().openSSL.MatchString(line):
		return true
	case s.inPPK:
		line = strings.Trim(line, " \t\"'`>")
		return patterns.Get().header.MatchString(line) || !strings.ContainsAny(line, " \t")
	}
	return isBase64Only(line) // of a block that lost its marker
}

// body takes a line of a block.
func (s *lineScan) body(line string) bool {
	if m := patterns.Get().end.FindStringIndex(line); m != nil {
		s.inBlock = false
		s.count(line[:m[0]])
		rest := line[m[1]:]
		if b := patterns.Get().begin.FindStringIndex(rest); b != nil {
			return s.take(rest)
		}
		return !hasLetter(rest)
	}
	s.count(line)
	return true
}

// count counts the letters of a block. Headers count for nothing.
func (s *lineScan) count(line string) {
	line = strings.TrimSpace(line)
	if patterns.Get().header.MatchString(line) {
		return
	}
	for _, word := range strings.Fields(line) {
		if patterns.Get().word.MatchString(word) {
			s.keyLetters += len(word)
		} else {
			s.otherLetters += len(word)
		}
	}
}

func hasLetter(text string) bool { return patterns.Get().letter.MatchString(text) }

// isBase64Only recognizes a text that has lost its markers.
func isBase64Only(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n\"'`,;", r) })
	for i, word := range words {
		if !patterns.Get().word.MatchString(word) && i < len(words)-1 {
			return false
		}
	}
	return len(words) > 0 && patterns.Get().word.MatchString(words[0])
}

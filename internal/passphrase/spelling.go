package passphrase

import (
	"bytes"
	"os"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a passphrase as somebody gave it.
type Text struct {
	Bytes   []byte // without its line end
	LineEnd string // what ended it, if no text follows in its source: LF, CRLF, CR or ""
}

// Spelling is a passphrase in bytes that another program made of what was given.
type Spelling struct {
	Note  string // a sentence for people about what differs
	Bytes []byte
	// Part says that the bytes are a part of what was given, the rest of which was not
	// meant: what is protected by the same passphrase has these bytes.
	Part bool
}

// maxSpellings is how many are worth a try: each costs a key derivation.
const maxSpellings = 8

// Wipe clears the bytes that are not a part of what was given.
func Wipe(spellings []Spelling) {
	for _, s := range spellings {
		if !s.Part {
			clear(s.Bytes)
		}
	}
}

// Spellings returns what a key can have that the passphrase t does not open, the
// likeliest first and none twice. The caller wipes them.
func (t Text) Spellings() []Spelling { return t.spellings(append(systemPages(), codePages...)) }

func (t Text) spellings(pages []encoding) []Spelling {
	candidates := slices.Concat(t.quotes(), t.lineEnds(), t.parts(), letters(t.Bytes, pages))
	found := slices.DeleteFunc(candidates, func(s Spelling) bool { return bytes.Equal(s.Bytes, t.Bytes) })
	for i := 0; i < len(found); i++ {
		found = slices.Concat(found[:i+1], slices.DeleteFunc(found[i+1:], func(s Spelling) bool { return bytes.Equal(s.Bytes, found[i].Bytes) }))
	}
	return found[:min(len(found), maxSpellings)]
}

// quotes are for a person who set none: cmd has no single quotes, so that ssh-keygen -N ”
// sets two of them there (PowerShell/Win32-OpenSSH#1609).
func (t Text) quotes() []Spelling {
	if len(t.Bytes) > 0 {
		return nil
	}
	return []Spelling{
		{Note: `its passphrase is two quotes (''): ssh-keygen -N '' sets that in cmd, where '' is not empty`, Bytes: []byte(`''`)},
		{Note: `its passphrase is two quotes (""): a shell passed them on in place of an empty one`, Bytes: []byte(`""`)},
	}
}

// lineEnds are for programs that take all of a file (step, smallstep/cli#428), or leave
// a CR.
func (t Text) lineEnds() []Spelling {
	const note = "its passphrase ends in the line end that follows it where it was read; what keyconv writes has it without"
	ends := map[string][]string{"\n": {"\n"}, "\r": {"\r"}, "\r\n": {"\r\n", "\r"}}
	var found []Spelling
	for _, end := range ends[t.LineEnd] {
		found = append(found, Spelling{Note: note, Bytes: append(bytes.Clone(t.Bytes), end...)})
	}
	return found
}

// parts are for what shells add: cmd keeps the quotes of set P="secret", and the space of
// echo secret | keyconv; docker keeps the quotes of an --env-file.
func (t Text) parts() []Spelling {
	var found []Spelling
	if p := bytes.TrimRight(t.Bytes, " \t"); len(p) > 0 {
		found = append(found, Spelling{"its passphrase does not have the space at the end of what was given", p, true})
	}
	return append(found, Spelling{"its passphrase does not have the quotes around what was given", unquoted(t.Bytes), true})
}

// Edges says what a new passphrase has at its edges that is easily lost again, or was
// not meant; "" for nothing.
func (t Text) Edges() string {
	p := t.Bytes
	switch {
	case !bytes.Equal(bytes.TrimRight(p, " \t"), p):
		return "ends in a space, which is part of it: cmd adds one in echo PASSPHRASE | keyconv"
	case len(unquoted(p)) < len(p):
		return "has quotes around it, which are part of it: cmd keeps them in set NAME=\"PASSPHRASE\""
	}
	return ""
}

// unquoted returns p without the quotes around it.
func unquoted(p []byte) []byte {
	if len(p) > 2 && (p[0] == '"' || p[0] == '\'') && p[len(p)-1] == p[0] {
		return p[1 : len(p)-1]
	}
	return p
}

// letters are the same letters in other bytes. macOS takes some letters apart in names
// of files (NFD), and keyboards write them as one (NFC).
func letters(p []byte, pages []encoding) []Spelling {
	if isASCII(p) || !utf8.Valid(p) {
		return nil
	}
	composed := norm.NFC.Bytes(p)
	found := []Spelling{
		{Note: "its passphrase was set with composed letters (Unicode NFC); what keyconv writes has it as it was given", Bytes: composed},
		{Note: "its passphrase was set with letters taken apart (Unicode NFD); what keyconv writes has it as it was given", Bytes: norm.NFD.Bytes(p)},
	}
	return slices.Concat(found, paged(composed, pages), []Spelling{bytewise(p)})
}

// bytewise takes each byte for a letter, as OpenSSL before 1.1.0 did for PKCS#12
// (OpenSSL's manual passphrase-encoding).
func bytewise(p []byte) Spelling {
	out := make([]byte, 0, 2*len(p))
	for _, b := range p {
		out = utf8.AppendRune(out, rune(b))
	}
	return Spelling{Note: "its passphrase was set in UTF-8 read byte by byte, as old OpenSSL does; what keyconv writes has it in UTF-8", Bytes: out}
}

// IsPath reports whether the passphrase is the path of a file that exists, as in a
// variable of GitLab of the type File. A plain word can be the name of one by chance.
func (t Text) IsPath() bool {
	if !bytes.ContainsAny(t.Bytes, `./`+string(os.PathSeparator)) {
		return false
	}
	info, err := os.Stat(string(t.Bytes))
	return err == nil && !info.IsDir()
}

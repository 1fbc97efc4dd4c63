package passphrase

import (
	"bytes"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/codepage"
)

// Text is a passphrase as it was given.
type Text struct {
	Bytes   []byte // without its line end
	LineEnd string // what ended it, if no text follows it in its source: LF, CRLF, CR or ""
}

// Spelling is a passphrase in the bytes that another program made of what was given.
type Spelling struct {
	Note    string // a sentence for people about what differs
	Written string // how an output has the passphrase, after "has it"; "" for the same way
	Bytes   []byte
	// Meant says that what was given is another form of the passphrase, such as one in quotes:
	// everything that the same passphrase protects has these bytes.
	Meant bool
}

// maxSpellings is how many spellings are worth a try: each costs a key derivation.
const maxSpellings = 10

// Wipe clears the spellings that are not a part of what was given.
func Wipe(spellings []Spelling) {
	for _, s := range spellings {
		clear(s.Bytes)
	}
}

// Spellings returns the passphrases that a key may have if t does not open it, the
// likeliest first and without duplicates. The caller wipes them.
func (t Text) Spellings() []Spelling { return t.spellings(append(systemPages(), codepage.World()...)) }

func (t Text) spellings(pages []codepage.Page) []Spelling {
	candidates := append(t.withOtherEdges(), letters(t.Bytes, pages)...)
	found := slices.DeleteFunc(candidates, func(s Spelling) bool { return bytes.Equal(s.Bytes, t.Bytes) })
	for i := 0; i < len(found); i++ {
		found = slices.Concat(found[:i+1], slices.DeleteFunc(found[i+1:], func(s Spelling) bool { return bytes.Equal(s.Bytes, found[i].Bytes) }))
	}
	return found[:min(len(found), maxSpellings)]
}

// withOtherEdges returns the spellings that differ at the edges, by what shells and
// programs add or keep there.
func (t Text) withOtherEdges() []Spelling {
	var found []Spelling
	if len(t.Bytes) == 0 {
		// cmd has no single quotes, so that ssh-keygen -N '' sets two of them there
		// (PowerShell/Win32-OpenSSH#1609).
		found = append(found,
			Spelling{Note: `its passphrase is two quotes (''): ssh-keygen -N '' sets that in cmd, where '' is not empty`, Bytes: []byte(`''`)},
			Spelling{Note: `its passphrase is two quotes (""): a shell passed them on in place of an empty one`, Bytes: []byte(`""`)})
	}
	// Some programs take the whole file (step, smallstep/cli#428), or leave a CR.
	const lineEnd = "its passphrase ends in the line end that follows it where it was read"
	ends := map[string][]string{"\n": {"\n"}, "\r": {"\r"}, "\r\n": {"\r\n", "\r"}}
	for _, end := range ends[t.LineEnd] {
		found = append(found, Spelling{Note: lineEnd, Written: "without", Bytes: append(bytes.Clone(t.Bytes), end...)})
	}
	// cmd keeps the quotes of set P="secret", and the space of echo secret | keyconv;
	// docker keeps the quotes of an --env-file.
	if p := bytes.TrimRight(t.Bytes, " \t"); len(p) > 0 {
		found = append(found, Spelling{Note: "its passphrase does not have the space at the end of what was given", Bytes: bytes.Clone(p), Meant: true})
	}
	return append(found, Spelling{Note: "its passphrase does not have the quotes around what was given", Bytes: bytes.Clone(unquoted(t.Bytes)), Meant: true})
}

// Edges says what a new passphrase has at its edges that is easily lost, or was not
// meant; "" for nothing.
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

// letters returns the spellings that have the same letters in other bytes. macOS takes
// some letters apart in names of files (NFD), and keyboards write them as one (NFC).
func letters(p []byte, pages []codepage.Page) []Spelling {
	isASCII := !slices.ContainsFunc(p, func(b byte) bool { return b >= utf8.RuneSelf })
	switch {
	case isASCII:
		return nil
	case !utf8.Valid(p):
		return unpaged(p, pages)
	}
	// OpenSSL before 1.1.0 took each byte for a letter in PKCS#12 (its manual
	// passphrase-encoding).
	bytewise := make([]byte, 0, 2*len(p))
	for _, b := range p {
		bytewise = utf8.AppendRune(bytewise, rune(b))
	}
	nfc := composed(p)
	found := []Spelling{
		{Note: "its passphrase was set with composed letters (Unicode NFC)", Written: "as it was given", Bytes: nfc},
		{Note: "its passphrase was set with letters taken apart (Unicode NFD)", Written: "as it was given", Bytes: decomposed(p)},
	}
	found = append(found, paged(nfc, pages)...)
	return append(found, Spelling{Note: "its passphrase was set in UTF-8 read byte by byte, as old OpenSSL does", Written: "in UTF-8", Bytes: bytewise})
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

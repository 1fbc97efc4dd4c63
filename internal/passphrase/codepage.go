package passphrase

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Spelling is a passphrase in the bytes that a program made of its letters which does
// not use UTF-8.
type Spelling struct {
	Encoding string // its name for people: "Windows-1252"
	Bytes    []byte
}

// maxSpellings is how many are worth a try: each costs a key derivation. No word of one
// script has more, but for Latin letters that each country put elsewhere.
const maxSpellings = 4

// encoding makes bytes of a text, and says whether it has them for all of its letters.
type encoding struct {
	name   string
	encode func(text string) ([]byte, bool)
}

// codePages are those of the world, as far as a letter is one byte, in the order in
// which a key is likely to have them: PuTTYgen's window has the ANSI code page of its
// Windows, programs in a console the OEM one, old Unix terminals Latin-1.
var codePages = []encoding{
	page("Windows-1252", charmap.Windows1252),
	page("Windows-1250", charmap.Windows1250),
	page("Windows-1251", charmap.Windows1251),
	page("Windows-1253", charmap.Windows1253),
	page("Windows-1254", charmap.Windows1254),
	page("Windows-1255", charmap.Windows1255),
	page("Windows-1256", charmap.Windows1256),
	page("Windows-1257", charmap.Windows1257),
	page("Windows-1258", charmap.Windows1258),
	page("Windows-874", charmap.Windows874),
	page("code page 850", charmap.CodePage850),
	page("code page 437", charmap.CodePage437),
	page("code page 852", charmap.CodePage852),
	page("code page 866", charmap.CodePage866),
	page("Latin-1", charmap.ISO8859_1),
}

func page(name string, set *charmap.Charmap) encoding {
	return encoding{name, func(text string) ([]byte, bool) {
		out := make([]byte, 0, len(text)) // a letter is never longer than in UTF-8
		for _, r := range text {
			b, ok := set.EncodeRune(r)
			if !ok {
				clear(out)
				return nil, false
			}
			out = append(out, b)
		}
		return out, true
	}}
}

// Spellings returns what programs that do not use UTF-8 make of the passphrase p, the
// likeliest first and none twice: nothing for one of ASCII, and for bytes that are no
// text. The caller clears them.
func Spellings(p []byte) []Spelling {
	return spellings(p, append(systemPages(), codePages...))
}

func spellings(p []byte, pages []encoding) []Spelling {
	if isASCII(p) || !utf8.Valid(p) {
		return nil
	}
	var found []Spelling
	for _, page := range pages {
		spelled, ok := page.encode(string(p))
		if !ok || bytes.Equal(spelled, p) || has(found, spelled) {
			clear(spelled)
			continue
		}
		found = append(found, Spelling{page.name, spelled})
		if len(found) == maxSpellings {
			break
		}
	}
	return found
}

func has(found []Spelling, spelled []byte) bool {
	for _, s := range found {
		if bytes.Equal(s.Bytes, spelled) {
			return true
		}
	}
	return false
}

func isASCII(p []byte) bool {
	for _, b := range p {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

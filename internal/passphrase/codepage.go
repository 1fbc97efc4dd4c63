package passphrase

import (
	"bytes"
	"slices"

	"golang.org/x/text/encoding/charmap"
)

// maxPages is how many code pages are tried. No word in one script needs more, except
// for Latin letters, which each country put elsewhere.
const maxPages = 4

// encoding turns a text into bytes, and reports whether it has all of its letters.
type encoding struct {
	name   string
	encode func(text string) ([]byte, bool)
}

// codePages lists the code pages of the world in which a letter is one byte, the
// likeliest for a key first: PuTTYgen's window has the ANSI code page of its
// Windows, programs in a console the OEM one, old Unix terminals KOI8-R or Latin-1.
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
	page("KOI8-R", charmap.KOI8R),
	page("Latin-1", charmap.ISO8859_1),
	page("Latin-2", charmap.ISO8859_2),
	page("Latin-9", charmap.ISO8859_15),
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

// paged returns the passphrase p in code pages, without duplicates.
func paged(p []byte, pages []encoding) []Spelling {
	var found []Spelling
	for _, page := range pages {
		spelled, ok := page.encode(string(p))
		if !ok || bytes.Equal(spelled, p) || slices.ContainsFunc(found, func(s Spelling) bool { return bytes.Equal(s.Bytes, spelled) }) {
			clear(spelled)
			continue
		}
		note := "its passphrase was set in " + page.name + ", not in UTF-8; what keyconv writes has it in UTF-8"
		found = append(found, Spelling{Note: note, Bytes: spelled})
		if len(found) == maxPages {
			break
		}
	}
	return found
}

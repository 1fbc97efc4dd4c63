// Package codepage writes text in the encodings that came before Unicode, for what programs
// wrote in them: passphrases and comments.
package codepage

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// Page is an encoding. Encode turns a text into bytes, and reports whether it has all of its
// letters; it leaves no copy of the text behind where it has not. Decode turns bytes into a
// text in UTF-8, and reports whether they stand for letters and signs alone.
type Page struct {
	Name   string
	Encode func(text string) ([]byte, bool)
	Decode func(b []byte) ([]byte, bool)
}

// World lists the encodings of the world, the likeliest for a key first: PuTTYgen's window has
// the ANSI code page of its Windows, programs in a console the OEM one, old Unix terminals
// KOI8-R, Latin-1 or EUC. Those of East Asia have two bytes for a letter, and are for texts
// with letters from there: they have some of other scripts too, which nobody wrote in them.
func World() []Page { return append(oneByte(), eastAsia()...) }

func oneByte() []Page {
	return []Page{
		small("Windows-1252", charmap.Windows1252),
		small("Windows-1250", charmap.Windows1250),
		small("Windows-1251", charmap.Windows1251),
		small("Windows-1253", charmap.Windows1253),
		small("Windows-1254", charmap.Windows1254),
		small("Windows-1255", charmap.Windows1255),
		small("Windows-1256", charmap.Windows1256),
		small("Windows-1257", charmap.Windows1257),
		small("Windows-1258", charmap.Windows1258),
		small("Windows-874", charmap.Windows874),
		small("code page 850", charmap.CodePage850),
		small("code page 437", charmap.CodePage437),
		small("code page 852", charmap.CodePage852),
		small("code page 866", charmap.CodePage866),
		small("KOI8-R", charmap.KOI8R),
		small("Latin-1", charmap.ISO8859_1),
		small("Latin-2", charmap.ISO8859_2),
		small("Latin-9", charmap.ISO8859_15),
		small("KOI8-U", charmap.KOI8U),
		small("Mac OS Roman", charmap.Macintosh),
		small("Mac OS Cyrillic", charmap.MacintoshCyrillic),
		small("ISO 8859-5", charmap.ISO8859_5),
		small("ISO 8859-6", charmap.ISO8859_6),
		small("code page 862", charmap.CodePage862),
	}
}

func small(name string, set *charmap.Charmap) Page {
	encode := func(text string) ([]byte, bool) {
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
	}
	return Page{name, encode, func(b []byte) ([]byte, bool) { return decoded(set, b) }}
}

// decoded returns bytes in an encoding as UTF-8. A byte without a character in it, or with a
// control character, shows that they are in another.
func decoded(set encoding.Encoding, b []byte) ([]byte, bool) {
	out := make([]byte, utf8.UTFMax*len(b)) // no byte stands for more than one character
	n, _, err := set.NewDecoder().Transform(out, b, true)
	isBad := func(r rune) bool { return r == utf8.RuneError || !unicode.IsGraphic(r) }
	if err != nil || bytes.ContainsFunc(out[:n], isBad) {
		clear(out)
		return nil, false
	}
	return out[:n], true
}

// large returns a page for texts in which are letters of a kind.
func large(name string, set encoding.Encoding, isFor func(text string) bool) Page {
	encode := func(text string) ([]byte, bool) {
		if !isFor(text) {
			return nil, false
		}
		out := make([]byte, 2*len(text)+utf8.UTFMax) // no letter of UTF-8 takes more
		n, _, err := set.NewEncoder().Transform(out, []byte(text), true)
		if err != nil {
			clear(out)
			return nil, false
		}
		return out[:n], true
	}
	return Page{name, encode, func(b []byte) ([]byte, bool) { return decoded(set, b) }}
}

// isEastAsian reports whether a text has letters or signs of Chinese, Japanese or Korean.
func isEastAsian(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x3000 && r <= 0x30ff || r >= 0xff00 && r <= 0xffef || unicode.In(r, unicode.Han, unicode.Hangul)
	})
}

// isChinese reports whether a text has Chinese characters.
func isChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

package passphrase

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/codepage"
)

// maxPages is how many code pages are tried. No word in one script needs more, except
// for Latin letters, which each country put elsewhere. Chinese characters have five.
const maxPages = 5

// paged returns the passphrase p in code pages, without duplicates.
func paged(p []byte, pages []codepage.Page) []Spelling {
	var found []Spelling
	for _, page := range pages {
		spelled, ok := page.Encode(string(p))
		if !ok || bytes.Equal(spelled, p) || slices.ContainsFunc(found, func(s Spelling) bool { return bytes.Equal(s.Bytes, spelled) }) {
			clear(spelled)
			continue
		}
		note := "its passphrase was set in " + page.Name + ", not in UTF-8"
		found = append(found, Spelling{Note: note, Written: "in UTF-8", Bytes: spelled})
		if len(found) == maxPages {
			break
		}
	}
	return found
}

// unpaged returns the passphrase p in UTF-8, where it was given in a code page: in a file from
// an editor or from cmd on another system. The pages of this Windows have been tried before.
func unpaged(p []byte, pages []codepage.Page) []Spelling {
	var found []Spelling
	for _, page := range pages {
		if page.Decode == nil {
			continue
		}
		text, ok := page.Decode(p)
		if !ok || !isWord(string(text)) || slices.ContainsFunc(found, func(s Spelling) bool { return bytes.Equal(s.Bytes, text) }) {
			clear(text)
			continue
		}
		note := "its passphrase was set in UTF-8, and what was given is in " + page.Name
		found = append(found, Spelling{Note: note, Bytes: text, Meant: true})
	}
	return found
}

// isWord reports whether the characters of a text outside ASCII are letters of one script, and
// any in ASCII: few texts are that in the wrong code page.
func isWord(text string) bool {
	script, all := -1, scripts()
	for _, r := range text {
		if !unicode.IsLetter(r) {
			if r < utf8.RuneSelf {
				continue
			}
			return false
		}
		i := slices.IndexFunc(all, func(tables []*unicode.RangeTable) bool { return unicode.In(r, tables...) })
		if i < 0 || script >= 0 && i != script && r >= utf8.RuneSelf {
			return false
		}
		if r >= utf8.RuneSelf {
			script = i
		}
	}
	return true
}

// scripts are those of passphrases in a code page. Japanese mixes three.
func scripts() [][]*unicode.RangeTable {
	return [][]*unicode.RangeTable{
		{unicode.Latin}, {unicode.Cyrillic}, {unicode.Greek}, {unicode.Hebrew}, {unicode.Arabic}, {unicode.Thai},
		{unicode.Han, unicode.Hiragana, unicode.Katakana}, {unicode.Hangul},
	}
}

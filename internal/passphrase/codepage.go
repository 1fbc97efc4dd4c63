package passphrase

import (
	"bytes"
	"slices"

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

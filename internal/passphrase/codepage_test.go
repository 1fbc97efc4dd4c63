package passphrase

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/codepage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPages has the bytes that iconv makes of the words.
func TestPages(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want map[string]string
	}{
		"German":          {"pässwörd", map[string]string{"Windows-1252": "p\xe4ssw\xf6rd", "code page 850": "p\x84ssw\x94rd", "Mac OS Roman": "p\x8assw\x9ard"}},
		"euro":            {"5€", map[string]string{"Windows-1252": "5\x80", "Windows-1251": "5\x88", "Latin-9": "5\xa4", "Mac OS Roman": "5\xdb", "Mac OS Cyrillic": "5\xff"}},
		"Polish":          {"żółć", map[string]string{"Windows-1250": "\xbf\xf3\xb3\xe6", "Windows-1257": "\xfd\xf3\xf9\xe3", "code page 852": "\xbe\xa2\x88\x86"}},
		"Russian":         {"ключ", map[string]string{"Windows-1251": "\xea\xeb\xfe\xf7", "code page 866": "\xaa\xab\xee\xe7", "KOI8-R": "\xcb\xcc\xc0\xde", "ISO 8859-5": "\xda\xdb\xee\xe7"}},
		"Greek":           {"κλειδί", map[string]string{"Windows-1253": "\xea\xeb\xe5\xe9\xe4\xdf"}},
		"two scripts":     {"äя", nil},
		"no byte has it":  {"\U0001F511", nil},
		"a control of C1": {"\u0090ä", map[string]string{"Latin-1": "\x90\xe4"}},
		"many":            {"ä" + strings.Repeat("x", maxSize), map[string]string{"Windows-1252": "\xe4" + strings.Repeat("x", maxSize), "code page 850": "\x84" + strings.Repeat("x", maxSize), "Mac OS Roman": "\x8a" + strings.Repeat("x", maxSize)}},
		"a sign of many":  {"¤", map[string]string{"Windows-1252": "\xa4", "code page 850": "\xcf", "code page 866": "\xfd"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, s := range paged([]byte(tt.text), codepage.World()) {
				_, rest, _ := strings.Cut(s.Note, "its passphrase was set in ")
				page, _, _ := strings.Cut(rest, ", not in UTF-8")
				got[page] = string(s.Bytes)
			}
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestPagesAreFew: each costs a key derivation.
func TestPagesAreFew(t *testing.T) {
	var pages []codepage.Page
	for _, suffix := range []string{"a", "b", "b", "c", "d", "e", "f"} {
		pages = append(pages, codepage.Page{Name: suffix, Encode: func(text string) ([]byte, bool) { return []byte(text + suffix), true }})
	}
	got := paged([]byte("ä"), pages)
	require.Len(t, got, maxPages)
	assert.Equal(t, "äd", string(got[3].Bytes))
}

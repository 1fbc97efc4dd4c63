package passphrase

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/codepage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSpellings has everything that is tried for what was given, in order.
func TestSpellings(t *testing.T) {
	for name, tt := range map[string]struct {
		given, lineEnd string
		want           []string
	}{
		"ASCII":           {"passw0rd", "", nil},
		"Ukrainian":       {"\u0457\u0436", "", []string{"\u0456\u0308\u0436", "\xbf\xe6", "\xf5\xa6", "\xa7\xd6", "\xbb\xe6", "\xf7\xd6", "\u00d1\u0097\u00d0\u00b6"}},
		"not text":        {"p\xffss\x81", "", nil},
		"in Latin-1":      {"p\xe4ss\xe9", "", []string{"p\u00e4ss\u00e9"}},
		"in OEM":          {"p\x84ss", "", []string{"p\u00e4ss"}},
		"in Windows-1251": {"\xea\xeb\xfe\xf7", "", []string{"\u043a\u043b\u044e\u0447"}},
		"in KOI8-R":       {"\xcb\xcc\xc0\xde", "", []string{"\u043a\u043b\u044e\u0447"}},
		"in GBK":          {"\xc3\xdc\xc2\xeb", "", []string{"\u5bc6\u7801"}},
		"in Shift-JIS":    {"\x83\x70\x83\x58", "", []string{"\u30d1\u30b9"}},
		"in EUC-KR":       {"\xba\xf1\xb9\xd0", "", []string{"\ube44\ubc00"}},
		"nothing":         {"", "", []string{`''`, `""`}},
		"an empty line":   {"", "\n", []string{`''`, `""`, "\n"}},
		"LF":              {"secret", "\n", []string{"secret\n"}},
		"CRLF":            {"secret", "\r\n", []string{"secret\r\n", "secret\r"}},
		"CR":              {"secret", "\r", []string{"secret\r"}},
		"of echo in cmd":  {"secret ", "\r\n", []string{"secret \r\n", "secret \r", "secret"}},
		"spaces alone":    {"  ", "", nil},
		"quotes":          {`"secret"`, "", []string{"secret"}},
		"single quotes":   {`'secret'`, "", []string{"secret"}},
		"unlike quotes":   {`'secret"`, "", nil},
		"two quotes":      {`''`, "", nil},
		"one quote":       {`"`, "", nil},
		"composed":        {"p\u00e4ss", "", []string{"pa\u0308ss", "p\xe4ss", "p\x84ss", "p\x8ass", "p\u00c3\u00a4ss"}},
		"taken apart":     {"pa\u0308ss", "", []string{"p\u00e4ss", "p\xe4ss", "p\x84ss", "p\x8ass", "pa\u00cc\u0088ss"}},
		"KOI8-R":          {"ключ", "", []string{"\xea\xeb\xfe\xf7", "\xaa\xab\xee\xe7", "\xcb\xcc\xc0\xde", "\xda\xdb\xee\xe7", "\u00d0\u00ba\u00d0\u00bb\u00d1\u008e\u00d1\u0087"}},
		"Chinese":         {"\u5bc6\u7801", "\n", []string{"\u5bc6\u7801\n", "\xc3\xdc\xc2\xeb", "\u00e5\u00af\u0086\u00e7\u00a0\u0081"}},
		"Japanese":        {"\u30d1\u30b9", "", []string{"\u30cf\u309a\u30b9", "\x83\x70\x83\x58", "\xa5\xd1\xa5\xb9", "\xab\xd1\xab\xb9", "\xc7\xcd\xc7\xb5", "\u00e3\u0083\u0091\u00e3\u0082\u00b9"}},
		"Korean":          {"\ube44\ubc00", "", []string{"\u1107\u1175\u1106\u1175\u11af", "\xba\xf1\xb9\xd0", "\u00eb\u00b9\u0084\u00eb\u00b0\u0080"}},
		"not in any page": {"\U0001F511", "", []string{"\u00f0\u009f\u0094\u0091"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range (Text{[]byte(tt.given), tt.lineEnd}).spellings(codepage.World()) {
				got = append(got, string(s.Bytes))
				assert.True(t, strings.HasPrefix(s.Note, "its passphrase "), s.Note)
				assert.Equal(t, s.Meant, tt.given != "" && strings.Contains(tt.given, string(s.Bytes)) || !utf8.ValidString(tt.given))
			}
			if !utf8.ValidString(tt.given) { // among those that other pages make of it
				assert.Subset(t, got, tt.want)
				return
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestSpellingsAreFew: each costs a key derivation.
func TestSpellingsAreFew(t *testing.T) {
	got := Text{[]byte("\"\u00e9\u0301\u0107\u00f3\u0142 \u00df\u20ac\" "), "\r\n"}.Spellings()
	assert.LessOrEqual(t, len(got), maxSpellings)
	assert.Greater(t, len(got), 3)
}

func TestEdges(t *testing.T) {
	for given, want := range map[string]string{
		"secret ": "ends in a space", "secret\t": "ends in a space", `"secret" `: "ends in a space",
		`"secret"`: "has quotes around it", `'secret'`: "has quotes around it",
		"": "", "secret": "", " secret": "", `""`: "", `it"s"`: "",
	} {
		assert.True(t, strings.HasPrefix(Text{Bytes: []byte(given)}.Edges(), want), given)
		assert.Equal(t, want == "", Text{Bytes: []byte(given)}.Edges() == "", given)
	}
}

func TestPathInPlaceOfAPassphrase(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	path := filepath.Join(dir, "pass.txt")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.WriteFile("secret", nil, 0o600))
	for given, want := range map[string]bool{
		path: true, "./pass.txt": true, "pass.txt": true, "./secret": true,
		"": false, dir: false, "/": false, "a/b": false, "secret": false, "a.\x00b": false,
	} {
		assert.Equal(t, want, Text{Bytes: []byte(given)}.IsPath(), given)
	}
}

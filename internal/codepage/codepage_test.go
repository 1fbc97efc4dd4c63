package codepage

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWorld has the bytes that iconv makes of the words.
func TestWorld(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"pässwörd": {"Windows-1252": "p\xe4ssw\xf6rd", "code page 850": "p\x84ssw\x94rd"},
		"密码": {
			"GBK (Windows-936)": "\xc3\xdc\xc2\xeb", "GB 18030": "\xc3\xdc\xc2\xeb",
		},
		"密碼": {
			"Big5 (Windows-950)": "\xb1\x4b\xbd\x58", "GBK (Windows-936)": "\xc3\xdc\xb4\x61", "EUC-KR (Windows-949)": "\xda\xcb\xd8\xa7",
		},
		"パスワード":      {"Shift-JIS (Windows-932)": "\x83\x70\x83\x58\x83\x8f\x81\x5b\x83\x68", "EUC-JP": "\xa5\xd1\xa5\xb9\xa5\xef\xa1\xbc\xa5\xc9"},
		"비밀번호":       {"EUC-KR (Windows-949)": "\xba\xf1\xb9\xd0\xb9\xf8\xc8\xa3"},
		"\U00020000": {"GB 18030": "\x95\x32\x82\x36"},
	} {
		got := map[string]string{}
		for _, page := range World() {
			if b, ok := page.Encode(text); ok {
				got[page.Name] = string(b)
			}
		}
		for name, bytes := range want {
			assert.Equal(t, bytes, got[name], "%s in %s", text, name)
		}
	}
}

// TestEastAsiaIsForItsLetters: the letters of other scripts that its pages have cost no try.
func TestEastAsiaIsForItsLetters(t *testing.T) {
	for _, text := range []string{"pässwörd", "ключ", "κλειδί", "plain", "\U0001F511"} {
		for _, page := range eastAsia() {
			_, ok := page.Encode(text)
			assert.False(t, ok, "%s in %s", text, page.Name)
		}
	}
}

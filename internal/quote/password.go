package quote

import (
	"slices"
	"strings"
)

// HasPassword reports whether a word is user:password@host, or a URL with that. A user may
// have "@" in it, as those of bastion hosts do, and a colon after it.
func HasPassword(word string) bool { return maskPassword(word) != word }

// WithoutPassword returns a text with "..." in place of the password in each user:password@host.
func WithoutPassword(text string) string {
	var b strings.Builder
	for text != "" {
		end := strings.IndexAny(text, " \t,\"'")
		if end < 0 {
			end = len(text)
		}
		b.WriteString(maskPassword(text[:end]))
		if end < len(text) {
			b.WriteByte(text[end])
			end++
		}
		text = text[end:]
	}
	return b.String()
}

func maskPassword(word string) string {
	start := 0
	if i := strings.Index(word, "://"); i >= 0 {
		start = i + len("://")
	}
	rest := word[start:]
	colon, at := strings.IndexByte(rest, ':'), strings.LastIndexByte(rest, '@')
	if colon <= 0 || at <= colon+1 || strings.Contains(rest[:colon], "@") {
		return word
	}
	if strings.ContainsAny(rest[colon:at], `/\`) { // a path: C:\a@b, host:folder/a@b
		return word
	}
	return word[:start] + rest[:colon+1] + "..." + rest[at:]
}

// passphraseNames are what programs call a passphrase on their command lines, in letters alone.
var passphraseNames = []string{
	"pass", "passphrase", "password", "passwd", "passin", "passout", "pw", "pwd",
	"newpassphrase", "newpassword", "oldpassphrase", "oldpassword", "changepassphrase",
}

// isPassphrase recognizes a passphrase with its name: /passphrase:TEXT and -passphrase=TEXT of
// programs for Windows, pass:TEXT of openssl.
func isPassphrase(text string) bool {
	i := strings.IndexAny(text, ":=")
	if i < 0 || i == len(text)-1 {
		return false
	}
	name := strings.ReplaceAll(strings.TrimLeft(text[:i], "/"), "-", "")
	return slices.Contains(passphraseNames, strings.ToLower(name))
}

// Package quote prepares text from a file for a message: quoted, so that it cannot
// send escapes to a terminal, and short, so that it cannot carry a key.
package quote

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxText = 40 // bytes of a text from a file
	maxBits = 15 // letters in a row that could be base64: 11 bytes
)

// Short returns s in Go's quotes, cut off if it is long. Where lines of a file changed their
// places it may be a part of a private key: it is not shown then.
func Short[T ~string | ~[]byte](s T) string {
	if KeyText(string(s)) != "" || hasRun(string(s), maxBits) {
		return hiding(likeBase64)
	}
	if len(s) > maxText {
		return strconv.Quote(string(s[:maxText])) + "..."
	}
	return strconv.Quote(string(s))
}

// Comment returns the comment of a key in Go's quotes, unless it looks like a part of a key:
// in a damaged file it may be one.
func Comment(text string) string {
	if what := KeyText(text); what != "" {
		return hiding(what)
	}
	return strconv.Quote(text)
}

// Plain is Comment without the quotes.
func Plain(text string) string {
	if what := KeyText(text); what != "" {
		return hiding(what)
	}
	return text
}

// Foreign returns the message of another library's error without the library's name in
// front, and without what cannot be printed: such a message may have text from the file
// in it, unquoted.
func Foreign(err error) string {
	text := err.Error()
	for _, prefix := range []string{"ssh: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if what := KeyText(text); what != "" {
		return hiding(what)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// OneLine returns a text as one line that can be shown: without control characters and what
// turns the direction of writing around.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}

// packageError is an error that a package returned.
type packageError struct {
	name string
	err  error
}

func (e *packageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *packageError) Unwrap() error { return e.err }

// InPackage puts the name of a package before an error that the package returns; nil
// stays nil.
func InPackage(name string, err error) error {
	if err == nil {
		return nil
	}
	return &packageError{name, err}
}

// WithoutPackages returns the text of an error without the names of packages, which mean
// nothing to a person.
func WithoutPackages(err error) string {
	text := err.Error()
	for e, ok := errors.AsType[*packageError](err); ok; e, ok = errors.AsType[*packageError](e.err) {
		text = strings.Replace(text, e.Error(), e.err.Error(), 1)
	}
	return text
}

// WithoutPath returns an error without the name of a file: the caller gives the name in
// its own words, or by mistake the name may be a secret.
func WithoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

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

// passphraseNames are what programs call a passphrase on their command lines, or the last word of it.
var passphraseNames = []string{
	"pass", "passphrase", "password", "passwd", "passin", "passout", "pw", "pwd", "psw", "pswd", "pin", "secret", "token",
	"newpassphrase", "newpassword", "oldpassphrase", "oldpassword", "changepassphrase", "keypass", "storepass", "sshpass",
}

// isPassphrase recognizes a passphrase with its name: /passphrase:TEXT and -passphrase=TEXT of
// programs for Windows, pass:TEXT of openssl, KEY_PASSWORD=TEXT of a shell.
func isPassphrase(text string) bool {
	i := strings.IndexAny(text, ":=")
	if i < 0 || i == len(text)-1 {
		return false
	}
	name := strings.ToLower(strings.TrimLeft(text[:i], "/"))
	return slices.Contains(passphraseNames, name[strings.LastIndexAny(name, "-_. ")+1:])
}

// Package quote prepares text from a file for a message: quoted, so that it cannot
// send escapes to a terminal, and short, so that it cannot carry a key.
package quote

import (
	"strconv"
	"strings"
	"unicode"
)

// maxText is so short that no useful part of a private key fits in.
const maxText = 40

// Short returns s in Go's quotes, cut off if it is long.
func Short[T ~string | ~[]byte](s T) string {
	if len(s) > maxText {
		return strconv.Quote(string(s[:maxText])) + "..."
	}
	return strconv.Quote(string(s))
}

// Foreign returns the message of another library's error without the library's name in
// front, and without what cannot be printed: such a message may have text from the file
// in it, unquoted.
func Foreign(err error) string {
	text := err.Error()
	for _, prefix := range []string{"ssh: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

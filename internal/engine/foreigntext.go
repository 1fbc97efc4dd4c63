package engine

import (
	"encoding/base64"
	"strings"
)

// is32Bytes recognises a text that is 32 bytes in base64, and nothing else.
func is32Bytes(t *foreignText) bool {
	text := strings.TrimSpace(t.text)
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	return err == nil && len(data) == 32 && len(text) == 44 // without line ends
}

// isUUEncoded recognises the first line of uuencode (POSIX): the mode of a file and its name.
func isUUEncoded(t *foreignText) bool {
	line, _, _ := strings.Cut(t.text, "\n")
	words := strings.Fields(line)
	return len(words) >= 3 && (words[0] == "begin" || words[0] == "begin-base64") &&
		len(words[1]) <= 4 && strings.Trim(words[1], "01234567") == ""
}

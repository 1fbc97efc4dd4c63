package sshkey

import (
	"bytes"
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/ssh"
)

// AuthorizedKey returns a line of an authorized_keys file, with its line end. Line ends
// and NUL bytes in the comment become spaces, since they would end the line. Nothing
// follows the key if the comment is empty.
func AuthorizedKey(pub ssh.PublicKey, comment string) []byte {
	line := pub.Type() + " " + base64.StdEncoding.EncodeToString(Blob(pub))
	if comment != "" {
		line += " " + OneLine(comment)
	}
	return []byte(line + "\n")
}

// IsAuthorizedKey reports whether the first line that is not a comment holds a public
// key.
func IsAuthorizedKey(data []byte) bool {
	_, _, ok := splitAuthorizedKey(data)
	return ok
}

// DecodeAuthorizedKey reads the first public key of an authorized_keys or .pub file,
// or a certificate, with its comment. It returns a *SyntaxError where there is none,
// and the errors of [ParsePublic].
func DecodeAuthorizedKey(data []byte) (pub ssh.PublicKey, comment string, err error) {
	blob, comment, ok := splitAuthorizedKey(data)
	if !ok {
		return nil, "", &SyntaxError{Line: 1, Msg: "this is no public key as in authorized_keys"}
	}
	pub, err = ParsePublic(blob)
	return pub, comment, err
}

// splitAuthorizedKey finds the blob and the comment on the first line that is a
// public key (sshd(8), AUTHORIZED_KEYS FILE FORMAT): options, key type, base64,
// comment.
func splitAuthorizedKey(data []byte) (blob []byte, comment string, ok bool) {
	for line := range strings.SplitSeq(strings.ReplaceAll(string(data), "\r", "\n"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		return splitAuthorizedLine(line)
	}
	return nil, "", false
}

// splitAuthorizedLine needs no parser of options: the key type is the word that is also
// the beginning of the base64 after it.
func splitAuthorizedLine(line string) (blob []byte, comment string, ok bool) {
	for line != "" {
		algorithm, rest := cutBlank(line)
		text, comment := cutBlank(rest)
		blob, err := base64.StdEncoding.DecodeString(text)
		if err == nil && namesItself(blob, algorithm) {
			return blob, strings.TrimSpace(comment), true
		}
		line = rest
	}
	return nil, "", false
}

// cutBlank cuts at the first blanks: sshd takes tabs too.
func cutBlank(s string) (before, after string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], " \t")
}

// namesItself reports whether a blob begins with the key type as a string, as every
// public key does.
func namesItself(blob []byte, algorithm string) bool {
	n := len(algorithm)
	return len(blob) > 4+n && bytes.Equal(blob[:3], []byte{0, 0, 0}) && int(blob[3]) == n &&
		string(blob[4:4+n]) == algorithm
}

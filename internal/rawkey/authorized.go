package rawkey

import (
	"bytes"

	"golang.org/x/crypto/ssh"
)

// IsAuthorizedKey reports whether a text is public keys, as authorized_keys and known_hosts
// have them: the first line that is not a comment, or at least half of these lines.
func IsAuthorizedKey(data []byte) bool {
	_, _, ok := splitAuthorizedKey(data)
	return ok
}

// DecodeAuthorizedKey reads the first public key of an authorized_keys, known_hosts or .pub
// file, or a certificate, with its comment. [PublicLines] reads all of them. It returns a
// *sshkey.SyntaxError where there is none, and the errors of [ParsePublic].
func DecodeAuthorizedKey(data []byte) (pub ssh.PublicKey, comment string, err error) {
	blob, comment, ok := splitAuthorizedKey(data)
	if !ok {
		return nil, "", NewSyntax(1, "this is not a public key as in authorized_keys")
	}
	pub, err = ParsePublic(blob)
	return pub, comment, err
}

// splitAuthorizedKey finds the blob and the comment on the first line that is a public key.
func splitAuthorizedKey(data []byte) (blob []byte, comment string, ok bool) {
	limit := bytes.Count(data, []byte(lengthInBase64)) // of lines that may be keys
	if limit == 0 {
		return nil, "", false
	}
	good, bad := 0, 0
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for bad <= limit && len(data) > 0 {
		end := bytes.IndexAny(data, "\r\n")
		if end < 0 {
			end = len(data)
		}
		line := bytes.TrimSpace(data[:end])
		data = data[min(len(data), end+1):]
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		var found []byte
		var about string
		isKey := false
		if bytes.Contains(line, []byte(lengthInBase64)) {
			_, found, about, isKey = splitAuthorizedLine(string(line))
		}
		switch {
		case isKey && bad == 0:
			return found, about, true
		case !isKey:
			bad++
		case good == 0:
			blob, comment = found, about
			good++
		default:
			good++
		}
	}
	return blob, comment, good > 0 && good >= bad
}

// lengthInBase64 is what the blob of each public key begins with in base64: the length of the
// name of its type, of which the first three bytes are 0.
const lengthInBase64 = "AAAA"

// cutBlank cuts at the first blanks: sshd takes tabs too.
func cutBlank(s string) (before, after string) {
	end := 0
	for end < len(s) && s[end] != ' ' && s[end] != '\t' {
		end++
	}
	start := end
	for start < len(s) && (s[start] == ' ' || s[start] == '\t') {
		start++
	}
	return s[:end], s[start:]
}

// namesItself reports whether a blob begins with the key type as a string, as every
// public key does.
func namesItself(blob []byte, algorithm string) bool {
	n := len(algorithm)
	return len(blob) > 4+n && bytes.Equal(blob[:3], []byte{0, 0, 0}) && int(blob[3]) == n &&
		string(blob[4:4+n]) == algorithm
}

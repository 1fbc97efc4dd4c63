package readers

import (
	"bytes"
	"encoding/base64"
)

const (
	opensshLabel = "OPENSSH PRIVATE KEY"
	opensshBegin = "-----BEGIN OPENSSH PRIVATE KEY-----"
	opensshEnd   = "-----END OPENSSH PRIVATE KEY-----"
)

// OpenSSH is sshkey_parse_private_fileblob: its own form from the first byte on, and OpenSSL
// for everything else. Its own form is read as private2_uudecode of sshkey.c does: LF ends
// the BEGIN and the END line, and blanks may be anywhere in the base64. That is for b64_pton
// of the C library: the "=" must be as many as there are to be, and the bits that are too
// many must be zero.
func OpenSSH(file []byte) [][]byte {
	rest, begins := bytes.CutPrefix(file, []byte(opensshBegin+"\n"))
	body, _, ends := bytes.Cut(rest, []byte("\n"+opensshEnd+"\n"))
	if begins && ends {
		text := bytes.Join(bytes.FieldsFunc(cString(body), isCSpace), nil)
		if data, err := base64.StdEncoding.Strict().DecodeString(string(text)); err == nil {
			return [][]byte{clean(opensshLabel, "", data)}
		}
	}
	return OpenSSL(file)
}

func isCSpace(c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' }

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

// OpenSSH is sshkey_parse_private_fileblob: its own form from the first byte on, and
// OpenSSL for everything else.
func OpenSSH(file []byte) [][]byte {
	if data, ok := opensshOwn(file); ok {
		return [][]byte{clean(opensshLabel, "", data)}
	}
	return OpenSSL(file)
}

// opensshOwn is private2_uudecode of sshkey.c: LF ends the BEGIN and the END line, and blanks
// may be anywhere in the base64. That is read by b64_pton of the C library: the "=" must be
// as many as there are to be, and the bits that are too many must be zero.
func opensshOwn(file []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(file, []byte(opensshBegin+"\n"))
	if !ok {
		return nil, false
	}
	body, _, ok := bytes.Cut(rest, []byte("\n"+opensshEnd+"\n"))
	if !ok {
		return nil, false
	}
	text := string(bytes.Join(bytes.FieldsFunc(cString(body), isCSpace), nil))
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	return data, err == nil
}

func isCSpace(c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' }

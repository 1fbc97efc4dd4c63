package readers

import (
	"bytes"
	"encoding/base64"
	"strings"
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
// may be anywhere in the base64.
func opensshOwn(file []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(file, []byte(opensshBegin+"\n"))
	if !ok {
		return nil, false
	}
	body, _, ok := bytes.Cut(rest, []byte("\n"+opensshEnd+"\n"))
	if !ok {
		return nil, false
	}
	return resolvBase64(cString(body))
}

// resolvBase64 is b64_pton of the C library: a "=" ends the text and must be right, and
// without one the text must end with a whole byte.
func resolvBase64(body []byte) ([]byte, bool) {
	text := string(bytes.Join(bytes.FieldsFunc(body, isCSpace), nil))
	data, padding, padded := strings.Cut(text, "=")
	if strings.IndexFunc(data, func(c rune) bool { return c > 0x7f || !isBase64(byte(c)) }) >= 0 {
		return nil, false
	}
	switch len(data) % 4 {
	case 0:
		padded = !padded // none may be there
	case 2:
		padded = padded && padding == "="
	case 3:
		padded = padded && padding == ""
	default:
		return nil, false
	}
	if !padded {
		return nil, false
	}
	out, err := base64.RawStdEncoding.Strict().DecodeString(data)
	return out, err == nil
}

func isCSpace(c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' }

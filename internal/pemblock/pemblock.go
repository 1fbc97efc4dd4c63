// Package pemblock has the frames of key files: the blocks of PEM (RFC 7468) and of ssh.com, and
// which label belongs to which content.
package pemblock

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/keyconv/keyconv/internal/der"
)

// Labels of the blocks of private keys (RFC 7468, OpenSSL's for those before PKCS#8,
// OpenSSH's PROTOCOL.key, and ssh.com's).
const (
	RSA            = "RSA PRIVATE KEY"
	EC             = "EC PRIVATE KEY"
	DSA            = "DSA PRIVATE KEY"
	PKCS8          = "PRIVATE KEY"
	EncryptedPKCS8 = "ENCRYPTED PRIVATE KEY"
	OpenSSH        = "OPENSSH PRIVATE KEY"
	SSHCom         = "SSH2 ENCRYPTED PRIVATE KEY"
)

// PrivateLabels are those of all blocks that package pemkey reads a private key of.
var PrivateLabels = []string{RSA, EC, DSA, PKCS8, EncryptedPKCS8, OpenSSH, SSHCom}

// What the content of two forms begins with.
const (
	OpenSSHMagic = "openssh-key-v1\x00"
	SSHComMagic  = 0x3f6ff9eb
)

// The widths of the lines.
const (
	pemWidth     = 64 // RFC 7468 section 2
	opensshWidth = 70 // OpenSSH's sshkey.c; some readers require it
	sshcomWidth  = 70
)

var styles = []struct{ begin, end, tail string }{
	{"-----BEGIN ", "-----END ", "-----"},
	{"---- BEGIN ", "---- END ", " ----"},
}

// BeginLabel returns the label of a BEGIN line, and the END line that belongs to it. A key on
// the BEGIN line must not pass for a label and be shown in a message: RFC 7468 section 3 allows
// more characters; no label in use has them.
func BeginLabel(line string) (label, end string, ok bool) {
	for _, style := range styles {
		rest, found := strings.CutPrefix(line, style.begin)
		label, closed := strings.CutSuffix(rest, style.tail)
		isOther := func(c rune) bool { return c != ' ' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') }
		if found && closed && len(label) <= 64 && !strings.ContainsFunc(label, isOther) {
			return label, style.end + label + style.tail, true
		}
	}
	return "", "", false
}

// Encode writes a block with LF line ends, in the style and line width that
// belong to the label: "-----BEGIN X-----" and 64 columns, 70 for OpenSSH, and
// "---- BEGIN X ----" and 70 for ssh.com. Headers are whole lines; in PEM an empty
// line follows them (RFC 1421 section 4.4).
func Encode(label string, headers []string, data []byte) []byte {
	style, width := styles[0], pemWidth
	switch label {
	case OpenSSH:
		width = opensshWidth
	case SSHCom:
		style, width = styles[1], sshcomWidth
	}
	var b bytes.Buffer
	b.WriteString(style.begin + label + style.tail + "\n")
	for _, header := range headers {
		b.WriteString(header + "\n")
	}
	if len(headers) > 0 && label != SSHCom {
		b.WriteByte('\n')
	}
	text := base64.StdEncoding.AppendEncode(nil, data)
	defer clear(text)
	for len(text) > 0 {
		n := min(width, len(text))
		b.Write(text[:n])
		b.WriteByte('\n')
		text = text[n:]
	}
	b.WriteString(style.end + label + style.tail + "\n")
	return b.Bytes()
}

// LabelOf returns the label that belongs to the content of a private key's PEM block,
// such as "RSA PRIVATE KEY" for PKCS#1, or "" for other content. It looks only at the
// structure: Decode may still refuse the key.
func LabelOf(data []byte) string {
	if bytes.HasPrefix(data, []byte(OpenSSHMagic)) {
		return OpenSSH
	}
	if len(data) >= 4 && binary.BigEndian.Uint32(data) == SSHComMagic {
		return SSHCom
	}
	d := der.New(data).Sequence("the private key")
	if d.Peek() == der.TagSequence {
		d.Sequence("the encryption").OID("the encryption")
		if d.Peek() == der.TagOctets {
			return EncryptedPKCS8
		}
		return ""
	}
	d.Small("the version")
	switch d.Peek() {
	case der.TagSequence:
		return PKCS8
	case der.TagOctets:
		return EC
	}
	numbers := 0
	for ; d.Peek() == der.TagInteger; numbers++ {
		d.Element(der.TagInteger, "a number")
	}
	switch { // as parseIntegers counts them
	case numbers >= 8 || numbers == 3:
		return RSA
	case numbers == 5:
		return DSA
	}
	return ""
}

package pemkey

import (
	"bytes"
	"encoding/binary"

	"github.com/keyconv/keyconv/internal/der"
)

// BeginLabel returns the label of a line that begins a block of PEM, ssh.com or RFC 4716,
// without blanks at its end, and whether [Decode] reads a private key of such a block.
func BeginLabel(line string) (label string, private, ok bool) {
	label, _, ok = beginLabel(line)
	return label, decoders[label] != nil, ok
}

// LabelOf returns the label that belongs to the content of a private key's PEM block,
// such as "RSA PRIVATE KEY" for PKCS#1, or "" for other content. It looks only at the
// structure: Decode may still refuse the key.
func LabelOf(data []byte) string {
	if bytes.HasPrefix(data, []byte(opensshMagic)) {
		return opensshLabel
	}
	if len(data) >= 4 && binary.BigEndian.Uint32(data) == sshcomMagic {
		return sshcomLabel
	}
	d := der.New(data).Sequence("the private key")
	if d.Peek() == der.TagSequence {
		d.Sequence("the encryption").OID("the encryption")
		if d.Peek() == der.TagOctets {
			return labelEncryptedPKCS8
		}
		return ""
	}
	d.Small("the version")
	switch d.Peek() {
	case der.TagSequence:
		return labelPKCS8
	case der.TagOctets:
		return labelEC
	}
	numbers := 0
	for ; d.Peek() == der.TagInteger; numbers++ {
		d.Element(der.TagInteger, "a number")
	}
	switch { // as parseIntegers counts them
	case numbers >= 8 || numbers == 3:
		return labelRSA
	case numbers == 5:
		return labelDSA
	}
	return ""
}

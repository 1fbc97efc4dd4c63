package pemkey

import (
	"bytes"
	"encoding/binary"
)

// LabelOf returns the label that belongs to the content of a private key's PEM block,
// such as "RSA PRIVATE KEY" for PKCS#1, or "" for what is none. It looks at the
// structure alone: the key may still be refused.
func LabelOf(data []byte) string {
	if bytes.HasPrefix(data, []byte(opensshMagic)) {
		return opensshLabel
	}
	if len(data) >= 4 && binary.BigEndian.Uint32(data) == sshcomMagic {
		return sshcomLabel
	}
	d := newDER(data).sequence("the private key")
	if d.peek() == tagSequence {
		return labelEncrypted(d)
	}
	d.small("the version")
	switch d.peek() {
	case tagSequence:
		return labelPKCS8
	case tagOctets:
		return labelEC
	case tagInteger:
		return labelIntegers(d)
	}
	return ""
}

func labelEncrypted(d *der) string {
	d.sequence("the encryption").oid("the encryption")
	if d.peek() == tagOctets {
		return labelEncryptedPKCS8
	}
	return ""
}

// labelIntegers counts the numbers behind the version, as parseIntegers does.
func labelIntegers(d *der) string {
	n := 0
	for ; d.peek() == tagInteger; n++ {
		d.element(tagInteger, "a number")
	}
	switch {
	case n >= 8:
		return labelRSA
	case n == 5:
		return labelDSA
	}
	return ""
}

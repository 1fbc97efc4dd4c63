package engine

import (
	"bytes"
	"encoding/asn1"
)

// isCertificateDER, isRequestDER, isPublicDER and isPKCS7DER recognise what stands in DER
// where a private key has its version (RFC 5280, RFC 2986, RFC 5652).
func isCertificateDER(t *foreignText) bool {
	inner := derInside(t.data)
	return derTag(inner) == 0x30 && (derTag(derInside(inner)) == 0xa0 || derNumberThen(derInside(inner), 0x06))
}

func isRequestDER(t *foreignText) bool {
	inner := derInside(t.data)
	return derTag(inner) == 0x30 && derNumberThen(derInside(inner), 0x31)
}

func isPublicDER(t *foreignText) bool {
	inner := derInside(t.data)
	return derTag(inner) == 0x30 && derTag(derInside(inner)) == 0x06 && derTag(derAfter(inner)) == 0x03
}

func isPKCS7DER(t *foreignText) bool {
	return bytes.HasPrefix(derInside(t.data), []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07})
}

// derTag returns the tag of an element, or 0 where there is no element.
func derTag(element []byte) byte {
	if len(element) == 0 {
		return 0
	}
	return element[0]
}

// derInside returns the content of a SEQUENCE that begins a text, and what follows it.
func derInside(data []byte) []byte {
	if derTag(data) != 0x30 {
		return nil
	}
	return afterLength(data)
}

// derAfter returns what follows the first element.
func derAfter(data []byte) []byte {
	var element asn1.RawValue
	rest, err := asn1.Unmarshal(data, &element)
	if err != nil {
		return nil
	}
	return rest
}

// derNumberThen reports whether there is a number, and then a SEQUENCE that begins with a tag.
func derNumberThen(data []byte, tag byte) bool {
	return derTag(data) == 0x02 && derTag(derInside(derAfter(data))) == tag
}

// isPGP returns a recogniser of binary files that begin with a packet of one of these types
// (RFC 4880, section 4.2), whose version is 1 to 6.
func isPGP(tags ...byte) func(*foreignText) bool {
	return func(t *foreignText) bool {
		d := t.data
		if len(d) < 16 || d[0]&0x80 == 0 {
			return false
		}
		tag, at := d[0]&0x3f, 2
		switch {
		case d[0]&0x40 == 0: // the old form, with 1, 2 or 4 bytes of length
			tag = d[0] >> 2 & 0x0f
			at = 1 + 1<<(d[0]&3)
		case d[1] >= 192 && d[1] < 224:
			at = 3
		case d[1] == 255:
			at = 6
		}
		if d[0]&0x40 == 0 && d[0]&3 == 3 || at >= len(d) {
			return false
		}
		return bytes.IndexByte(tags, tag) >= 0 && d[at] >= 1 && d[at] <= 6
	}
}

// isPGPMessage recognises encrypted messages, and those that are compressed first, as signed
// ones are: a packet of no fixed length with one of the three algorithms.
func isPGPMessage(t *foreignText) bool {
	return isPGP(1, 3, 18)(t) || magic("\xa3\x01", "\xa3\x02", "\xa3\x03")(t)
}

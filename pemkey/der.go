package pemkey

import (
	"encoding/asn1"
	"math/big"
)

// ASN.1 tags as they stand in key files (X.690 section 8.1.2).
const (
	tagInteger   = 0x02
	tagBitString = 0x03
	tagOctets    = 0x04
	tagNull      = 0x05
	tagOID       = 0x06
	tagSequence  = 0x30
	tagSet       = 0x31
	tagExplicit0 = 0xa0
	tagExplicit1 = 0xa1
	tagImplicit1 = 0x81
)

// der takes ASN.1 elements off the front of some data. Unlike encoding/asn1 it takes
// lengths and integers that are not in their shortest form: PKCS#8 is BER (RFC 5208
// section 5), and PuTTY and ssh-keygen read such integers too. Nothing is skipped: a
// reader calls end where a structure must be over, since damage turns a part that would
// have been compared into one that nobody knows. Indefinite lengths are refused. The
// first failure sticks; a caller reads all fields and asks for the error once.
type der struct {
	rest []byte
	err  error
}

func newDER(data []byte) *der { return &der{rest: data} }

// peek returns the tag of the next element, or 0 at the end or after a failure.
func (d *der) peek() byte {
	if d.err != nil || len(d.rest) == 0 {
		return 0
	}
	return d.rest[0]
}

// element takes the next element, which must have the tag.
func (d *der) element(tag byte, what string) []byte {
	if d.err != nil {
		return nil
	}
	if d.peek() != tag {
		d.err = syntaxf("ASN.1: %s is missing or of another type", what)
		return nil
	}
	n, header := derLength(d.rest[1:])
	if header == 0 || n > len(d.rest)-1-header {
		d.err = syntaxf("ASN.1: the length of %s is wrong: the data is cut off or damaged", what)
		return nil
	}
	start := 1 + header
	content := d.rest[start : start+n : start+n]
	d.rest = d.rest[start+n:]
	return content
}

// derLength reads a length of up to four bytes and says how many bytes it took, 0
// for none that can be read.
func derLength(b []byte) (n, size int) {
	if len(b) == 0 {
		return 0, 0
	}
	if b[0] < 0x80 {
		return int(b[0]), 1
	}
	size = 1 + int(b[0]&0x7f)
	if size == 1 || size > 5 || size > len(b) {
		return 0, 0
	}
	for _, x := range b[1:size] {
		n = n<<8 | int(x)
	}
	if n < 0 {
		return 0, 0 // four bytes do not fit an int of 32 bits
	}
	return n, size
}

func (d *der) inside(tag byte, what string) *der {
	content := d.element(tag, what)
	return &der{rest: content, err: d.err}
}

func (d *der) sequence(what string) *der { return d.inside(tagSequence, what) }

// integer reads a number as unsigned: some writers forget the sign byte. It never
// returns nil.
func (d *der) integer(what string) *big.Int {
	return new(big.Int).SetBytes(d.element(tagInteger, what))
}

// small is an integer that must fit an int of 31 bits, such as a version.
func (d *der) small(what string) int {
	n := d.integer(what)
	if d.err == nil && n.BitLen() > 31 {
		d.err = syntaxf("ASN.1: %s is out of range", what)
		return 0
	}
	return int(n.Int64())
}

// end makes sure that nothing is left, and returns the first failure.
func (d *der) end(what string) error {
	if d.err == nil && len(d.rest) > 0 {
		d.err = syntaxf("ASN.1: %s has a part that does not belong there", what)
	}
	return d.err
}

// null takes a NULL, where there is one: it stands for parameters that are absent.
func (d *der) null(what string) {
	if d.peek() == tagNull && len(d.element(tagNull, what)) > 0 {
		d.err = syntaxf("ASN.1: %s is a NULL that is not empty", what)
	}
}

// oid returns an object identifier in dotted form.
func (d *der) oid(what string) string {
	content := d.element(tagOID, what)
	if d.err != nil {
		return ""
	}
	var id asn1.ObjectIdentifier
	whole := append([]byte{tagOID, byte(len(content))}, content...)
	if _, err := asn1.Unmarshal(whole, &id); err != nil || len(content) > 127 {
		d.err = syntaxf("ASN.1: %s is no object identifier", what)
		return ""
	}
	return id.String()
}

// bits returns the content of a BIT STRING of whole bytes.
func (d *der) bits(tag byte, what string) []byte {
	content := d.element(tag, what)
	if d.err == nil && (len(content) == 0 || content[0] != 0) {
		d.err = syntaxf("ASN.1: %s is no string of whole bytes", what)
		return nil
	}
	if d.err != nil {
		return nil
	}
	return content[1:]
}

// explicitBits returns the content of a BIT STRING that has a tag around it.
func (d *der) explicitBits(tag byte, what string) []byte {
	inner := d.inside(tag, what)
	content := inner.bits(tagBitString, what)
	d.err = firstError(d.err, inner.end(what))
	return content
}

// mustDER encodes a value of this package's own making, which cannot fail.
func mustDER(value any) []byte {
	out, err := asn1.Marshal(value)
	if err != nil {
		panic("pemkey: " + err.Error())
	}
	return out
}

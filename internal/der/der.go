// Package der reads the ASN.1 of key files, and writes it. It is stricter than PuTTY and
// more lenient than encoding/asn1; its errors are those of package sshkey.
package der

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"

	"github.com/keyconv/keyconv/sshkey"
)

// The tags as key files have them (X.690 section 8.1.2).
const (
	TagInteger   = 0x02
	TagBitString = 0x03
	TagOctets    = 0x04
	TagNull      = 0x05
	TagOID       = 0x06
	TagSequence  = 0x30
	TagSet       = 0x31
	TagExplicit0 = 0xa0
	TagExplicit1 = 0xa1
	TagImplicit1 = 0x81

	constructed = 0x20 // the bit of a tag whose content is elements
	indefinite  = 0x80 // in place of the length of an element that ends with two zeros
)

// Reader takes ASN.1 elements off the front of some data. Unlike encoding/asn1 it takes
// lengths and integers that are not in their shortest form: PKCS#8 is BER (RFC 5208
// section 5), and PuTTY and ssh-keygen read such integers too. Nothing is skipped: a
// caller calls End where a structure must be over, since damage can turn a part that
// would have been compared into an unknown one. Indefinite lengths and strings in pieces,
// which BER has too (X.690 sections 8.1.3.6 and 8.7.3), are read. The first failure sticks;
// a caller reads all fields and asks for the error once.
type Reader struct {
	rest []byte
	err  error
	// Notes says how the data departs from its format; Readers of elements inside share it.
	Notes *[]sshkey.Deviation
}

// New returns a Reader at the front of data, which it does not copy.
func New(data []byte) *Reader { return &Reader{rest: data, Notes: new([]sshkey.Deviation)} }

// Nested returns a Reader of data that an element holds. What it notes, d notes.
func (d *Reader) Nested(data []byte) *Reader { return &Reader{rest: data, Notes: d.Notes} }

// Note notes how the data departs from its format.
func (d *Reader) Note(deviation sshkey.Deviation) {
	if !slices.Contains(*d.Notes, deviation) {
		*d.Notes = append(*d.Notes, deviation)
	}
}

// Err returns the first failure.
func (d *Reader) Err() error { return d.err }

// Fail makes err the first failure if there is none yet; nil changes nothing.
func (d *Reader) Fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// Rest returns what has not been taken yet.
func (d *Reader) Rest() []byte { return d.rest }

// More reports whether there is another element to take, and no failure yet.
func (d *Reader) More() bool { return d.err == nil && len(d.rest) > 0 }

// Peek returns the tag of the next element, or 0 at the end or after a failure.
func (d *Reader) Peek() byte {
	if d.err != nil || len(d.rest) == 0 {
		return 0
	}
	if d.rest[0] == TagOctets|constructed {
		return TagOctets
	}
	return d.rest[0]
}

// Element takes the next element, which must have the tag.
func (d *Reader) Element(tag byte, what string) []byte {
	if d.err != nil {
		return nil
	}
	if d.Peek() != tag {
		d.err = syntaxError("ASN.1: %s is missing or of another type", what)
		return nil
	}
	data := d.rest
	n, header := derLength(data[1:])
	start, end := 1+header, 1+header+n
	after, ok := end, header > 0 && n <= len(data)-start
	if !ok && len(data) >= 2 && data[1] == indefinite && data[0]&constructed != 0 {
		after, ok = endOfContents(data)
		start, end = 2, after-2
	}
	if !ok {
		d.err = syntaxError("ASN.1: the length of %s is wrong: the data is cut off or damaged", what)
		return nil
	}
	d.rest = data[after:]
	if data[0] == tag {
		return data[start:end:end]
	}
	return d.Pieces(data[start:end:end], what)
}

// maxDepth is how many elements of indefinite length may be inside each other. PKCS#12 has
// about ten.
const maxDepth = 32

// endOfContents returns where an element of indefinite length ends, with its two zeros.
func endOfContents(data []byte) (end int, ok bool) {
	depth := 0
	for at := 0; len(data)-at >= 2; {
		tag, length := data[at], data[at+1]
		if length == indefinite && tag&constructed != 0 {
			depth, at = depth+1, at+2
			if depth > maxDepth {
				return 0, false
			}
			continue
		}
		n, header := derLength(data[at+1:])
		if header == 0 || n > len(data)-at-1-header {
			return 0, false
		}
		at += 1 + header + n
		if tag == 0 && length == 0 {
			if depth--; depth == 0 {
				return at, true
			}
		}
	}
	return 0, false
}

// derLength reads a length of up to four bytes and returns how many bytes it took, or 0
// for a length that cannot be read.
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

// Pieces returns the octets of a string that is in pieces, as BER has them.
func (d *Reader) Pieces(content []byte, what string) []byte {
	var whole []byte
	for pieces := New(content); d.err == nil && len(pieces.rest) > 0; {
		if pieces.rest[0] != TagOctets { // pieces of pieces are legal, but no program writes them
			d.err = syntaxError("ASN.1: %s is in pieces of another type", what)
			return nil
		}
		whole = append(whole, pieces.Element(TagOctets, what)...)
		d.Fail(pieces.err)
	}
	return whole
}

// Inside takes the next element, which must have the tag, and reads what is in it.
func (d *Reader) Inside(tag byte, what string) *Reader {
	content := d.Element(tag, what)
	return &Reader{rest: content, err: d.err, Notes: d.Notes}
}

// Sequence is Inside for a SEQUENCE.
func (d *Reader) Sequence(what string) *Reader {
	content := d.Element(TagSequence, what)
	return &Reader{rest: content, err: d.err, Notes: d.Notes}
}

// Integer reads a number as unsigned: some writers forget the sign byte. It has a byte at
// least (X.690 section 8.3.1): one without is not 0, but damage. It never returns nil.
func (d *Reader) Integer(what string) *big.Int {
	content := d.Element(TagInteger, what)
	if d.err == nil && len(content) == 0 {
		d.err = syntaxError("ASN.1: %s is a number without bytes", what)
	}
	return new(big.Int).SetBytes(content)
}

// Small reads an integer that must fit an int of 31 bits, such as a version.
func (d *Reader) Small(what string) int {
	n := d.Integer(what)
	if d.err == nil && n.BitLen() > 31 {
		d.err = syntaxError("ASN.1: %s is out of range", what)
		return 0
	}
	return int(n.Int64())
}

// Count reads a count, such as of iterations, which is never negative and must fit 64 bits.
func (d *Reader) Count(what string) uint64 {
	content := d.Element(TagInteger, what)
	if d.err != nil {
		return 0
	}
	n := new(big.Int).SetBytes(content)
	if len(content) == 0 || content[0] >= 0x80 || !n.IsUint64() {
		d.err = syntaxError("ASN.1: %s is out of range", what)
		return 0
	}
	return n.Uint64()
}

// End makes sure that nothing is left, and returns the first failure.
func (d *Reader) End(what string) error {
	if d.err == nil && len(d.rest) > 0 {
		d.err = syntaxError("ASN.1: %s has a part that does not belong there", what)
	}
	return d.err
}

// Null takes a NULL if there is one: it means that parameters are absent.
func (d *Reader) Null(what string) {
	if d.Peek() == TagNull && len(d.Element(TagNull, what)) > 0 {
		d.err = syntaxError("ASN.1: %s is a NULL that is not empty", what)
	}
}

// Bits returns the content of a BIT STRING, which is bytes here. One that says that some of
// its last bits are unused (X.690 section 8.6.2) is taken as it is, and noted.
func (d *Reader) Bits(tag byte, what string) []byte {
	content := d.Element(tag, what)
	if d.err != nil {
		return nil
	}
	if len(content) == 0 || content[0] > 7 || content[0] > 0 && len(content) == 1 {
		d.err = syntaxError("ASN.1: %s is not a string of bits", what)
		return nil
	}
	if content[0] > 0 {
		d.Note(sshkey.DeviationUnusedBits)
	}
	return content[1:]
}

// ExplicitBits returns the content of a BIT STRING inside an explicit tag.
func (d *Reader) ExplicitBits(tag byte, what string) []byte {
	inner := d.Inside(tag, what)
	content := inner.Bits(TagBitString, what)
	d.Fail(inner.End(what))
	return content
}

// MustMarshal encodes a value that this module made, which cannot fail.
func MustMarshal(value any) []byte {
	out, err := asn1.Marshal(value)
	if err != nil {
		panic("der: " + err.Error())
	}
	return out
}

func syntaxError(format string, args ...any) error {
	return &sshkey.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

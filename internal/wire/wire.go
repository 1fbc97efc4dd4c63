// Package wire reads and writes the data types of RFC 4251 section 5 (string,
// uint32, mpint) that the blobs of SSH key files are made of.
//
// It is stricter than golang.org/x/crypto/ssh: an mpint must be in its shortest
// form and not negative, because PuTTY refuses any other, or reads it as the
// number 0.
package wire

import (
	"encoding/binary"
	"fmt"
	"math/big"
)

// Reader takes fields off the front of a blob. The first failure sticks: later
// reads return zero values, so a caller reads all fields and calls Err once.
type Reader struct {
	rest    []byte
	err     error
	lenient bool
	padded  bool
}

// NewReader returns a Reader of blob, which it does not copy or change.
func NewReader(blob []byte) *Reader { return &Reader{rest: blob} }

// NewLenientReader returns a Reader that takes needless zeros in front of an mpint, as
// OpenSSH does (sshbuf_get_bignum2_bytes_direct). Padded says whether there were any.
func NewLenientReader(blob []byte) *Reader { return &Reader{rest: blob, lenient: true} }

// Padded reports whether a number had needless zeros in front.
func (r *Reader) Padded() bool { return r.padded }

// Err returns the first failure, which names the field it was in, or nil.
func (r *Reader) Err() error { return r.err }

// End makes sure that nothing is left, and returns the first failure.
func (r *Reader) End() error {
	if r.err == nil && len(r.rest) > 0 {
		r.fail("more data follows the last field")
	}
	return r.err
}

// Rest returns what has not been read yet, and nil after a failure.
func (r *Reader) Rest() []byte {
	if r.err != nil {
		return nil
	}
	return r.rest
}

// Take returns the next n bytes, which share memory with the blob.
func (r *Reader) Take(n int, field string) []byte {
	if r.err != nil {
		return nil
	}
	if n > len(r.rest) {
		r.fail("%s: the data ends early", field)
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

// Uint32 returns the next four bytes as a number.
func (r *Reader) Uint32(field string) uint32 {
	b := r.Take(4, field)
	if b == nil {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}

// String returns the content of a length-prefixed string, which shares memory
// with the blob.
func (r *Reader) String(field string) []byte {
	const size = 4 // of the length
	if r.err != nil {
		return nil
	}
	if len(r.rest) < size || uint64(binary.BigEndian.Uint32(r.rest)) > uint64(len(r.rest)-size) {
		r.fail("%s: the data ends early", field)
		return nil
	}
	end := size + int(binary.BigEndian.Uint32(r.rest))
	taken := r.rest[size:end:end]
	r.rest = r.rest[end:]
	return taken
}

// Mpint returns a number that is not negative and, unless the Reader is lenient, written in
// its shortest form. On failure it returns 0, never nil.
func (r *Reader) Mpint(field string) *big.Int {
	b := r.String(field)
	padded := len(b) > 0 && b[0] == 0 && (len(b) == 1 || b[1]&0x80 == 0)
	switch {
	case r.err != nil:
	case len(b) > 0 && b[0]&0x80 != 0:
		r.fail("%s: the number is negative (its sign byte is missing)", field)
	case padded && !r.lenient:
		r.fail("%s: the number has leading zeros", field)
	default:
		r.padded = r.padded || padded
		return new(big.Int).SetBytes(b)
	}
	return new(big.Int)
}

func (r *Reader) fail(format string, args ...any) {
	r.err = fmt.Errorf(format, args...)
}

// AppendString appends the length of s, and s.
func AppendString[T ~[]byte | ~string](b []byte, s T) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// AppendMpint appends x, which must not be negative, in its shortest form: zero
// is the empty string, and a number whose top bit is set gets a zero byte first.
func AppendMpint(b []byte, x *big.Int) []byte {
	n := x.BitLen()/8 + 1
	if x.Sign() == 0 {
		n = 0
	}
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	start := len(b)
	b = append(b, make([]byte, n)...)
	x.FillBytes(b[start:])
	return b
}

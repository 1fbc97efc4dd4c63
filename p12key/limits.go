package p12key

import (
	"encoding/asn1"
	"math"
	"math/big"

	"github.com/keyconv/keyconv/sshkey"
)

// maxDepth is above the depth at which the library still reads anything, which is
// about 16 (RFC 7292 section 4, down to the parameters of PBKDF2).
const maxDepth = 32

// maxEncryptedKey is more than an RSA key of sshkey.MaxRSABits takes, in bytes:
// twice n, five times half of it, and a few.
const maxEncryptedKey = 16 << 10

// checkNumbers looks at every number in the clear before the library does any work
// for one. What is inside an encrypted part cannot be seen: who knows the passphrase
// of a file could still ask for more there.
func checkNumbers(data []byte, limits Limits) error {
	var w walker
	w.walk(data, 0)
	if w.bits > sshkey.MaxRSABits {
		return &LimitError{Kind: sshkey.LimitKeySize, What: "a number in bits", Value: uint64(w.bits), Max: sshkey.MaxRSABits}
	}
	return limits.CheckWork("iterations of a PKCS#12 file, in all", w.iterations, sshkey.MaxPBKDF2Iterations)
}

func checkEncryptedSize(size int) error {
	if size <= maxEncryptedKey {
		return nil
	}
	return &LimitError{Kind: sshkey.LimitKeySize, What: "the size of the encrypted key in bytes", Value: uint64(size), Max: maxEncryptedKey}
}

// walker goes through ASN.1 without knowing what it means. It splits elements with
// the parser that the library uses, so that it sees whatever the library does. The
// size of a file bounds how many there are.
type walker struct {
	iterations uint64 // the sum; the most there is where it does not fit
	bits       int    // of the largest number
}

// walk stops at what is no element: the library ignores what follows at the end of
// a SEQUENCE.
func (w *walker) walk(data []byte, depth int) {
	if depth > maxDepth {
		return
	}
	afterSalt := false
	for len(data) > 0 {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(data, &e)
		if err != nil {
			return
		}
		switch {
		case e.IsCompound:
			w.walk(e.Bytes, depth+1)
		case e.Class == asn1.ClassUniversal && e.Tag == asn1.TagInteger:
			w.number(e, afterSalt)
		case isSequence(e.Bytes):
			w.walk(e.Bytes, depth+1)
		}
		// The library takes a salt of any class.
		afterSalt = e.Tag == asn1.TagOctetString
		data = rest
	}
}

// isSequence reports whether a string holds one SEQUENCE and nothing else, as the
// contents of PKCS#12 are wrapped in an OCTET STRING.
func isSequence(content []byte) bool {
	var e asn1.RawValue
	rest, err := asn1.Unmarshal(content, &e)
	return err == nil && len(rest) == 0 && e.IsCompound && e.Tag == asn1.TagSequence
}

// number takes what follows a salt for a count of iterations: so it is in PBES1, in
// PBKDF2 and in the MAC. It is big-endian and signed (X.690 section 8.3).
func (w *walker) number(e asn1.RawValue, afterSalt bool) {
	n := new(big.Int).SetBytes(e.Bytes)
	w.bits = max(w.bits, n.BitLen())
	if !afterSalt || len(e.Bytes) == 0 || e.Bytes[0] >= 0x80 {
		return
	}
	count := uint64(math.MaxUint64)
	if n.IsUint64() {
		count = n.Uint64()
	}
	if w.iterations += count; w.iterations < count {
		w.iterations = math.MaxUint64
	}
}

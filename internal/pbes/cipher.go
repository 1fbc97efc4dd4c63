package pbes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
)

type blockCipher struct {
	name               string
	keySize, blockSize int
	newBlock           func(key []byte) (cipher.Block, error)
	gcm                bool
}

// ciphers are those of PBES2 by object identifier: NIST's for AES, RFC 8018 appendix B.2
// for the rest.
var ciphers = map[string]blockCipher{
	"2.16.840.1.101.3.4.1.2":  {"aes128-cbc", 16, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.22": {"aes192-cbc", 24, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.42": {"aes256-cbc", 32, 16, aes.NewCipher, false},
	"2.16.840.1.101.3.4.1.6":  {"aes128-gcm", 16, 16, aes.NewCipher, true},
	"2.16.840.1.101.3.4.1.26": {"aes192-gcm", 24, 16, aes.NewCipher, true},
	"2.16.840.1.101.3.4.1.46": {"aes256-gcm", 32, 16, aes.NewCipher, true},
	"1.2.840.113549.3.7":      {"3des-cbc", 24, 8, des.NewTripleDESCipher, false},
	"1.3.14.3.2.7":            desCBC,
}

// The ciphers of PBES1 and PKCS#12, whose schemes name them.
var (
	desCBC    = blockCipher{"des-cbc", 8, 8, des.NewCipher, false}
	des3CBC   = blockCipher{"3des-cbc", 24, 8, des.NewTripleDESCipher, false}
	des2CBC   = blockCipher{"2des-cbc", 16, 8, newDoubleDES, false}
	rc2128CBC = blockCipher{"rc2-128-cbc", 16, 8, newRC2, false}
	rc240CBC  = blockCipher{"rc2-40-cbc", 5, 8, newRC2, false}
)

// newDoubleDES returns triple DES whose third key is the first.
func newDoubleDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
}

// otherSchemes are schemes and ciphers that are not supported; an error names them.
var otherSchemes = map[string]string{
	"1.2.840.113549.3.2":        "RC2-CBC",
	"1.2.392.200011.61.1.1.1.2": "Camellia-128-CBC",
	"1.2.392.200011.61.1.1.1.3": "Camellia-192-CBC",
	"1.2.392.200011.61.1.1.1.4": "Camellia-256-CBC",
	"1.2.410.200046.1.1.2":      "ARIA-128-CBC",
	"1.2.410.200046.1.1.7":      "ARIA-192-CBC",
	"1.2.410.200046.1.1.12":     "ARIA-256-CBC",
	"1.2.840.113549.1.5.1":      "PBE-MD2-DES",
	"1.2.840.113549.1.5.4":      "PBE-MD2-RC2",
	"1.2.840.113549.1.5.6":      "PBE-MD5-RC2",
	"1.2.840.113549.1.5.11":     "PBE-SHA1-RC2",
	"1.2.840.113549.1.12.1.1":   "PBE-SHA1-RC4-128",
	"1.2.840.113549.1.12.1.2":   "PBE-SHA1-RC4-40",
}

func unsupportedScheme(oid, form string) error {
	if name, ok := otherSchemes[oid]; ok {
		return unsupported(codeOf(form), "the encryption %s of a %s file", name, form)
	}
	return unsupported(codeOf(form), "the encryption %s of a %s file", oid, form)
}

// The sizes of AES-GCM (RFC 5084 section 3.2).
const (
	gcmTagDefault = 12 // if the file does not name one
	gcmTagMax     = 16
	gcmNonceSize  = 12
)

// newGCM returns AES-GCM for sizes that CheckSize has accepted: Go allows an unusual size of
// the nonce or of the tag, but not of both.
func newGCM(block cipher.Block, nonceSize, tagSize int) cipher.AEAD {
	if tagSize == gcmTagMax {
		return must(cipher.NewGCMWithNonceSize(block, nonceSize))
	}
	return must(cipher.NewGCMWithTagSize(block, tagSize))
}

// Pad returns a copy that fills whole blocks (RFC 5652 section 6.3). If plain does so
// already Pad adds a block.
func Pad(plain []byte, blockSize int) []byte {
	n := blockSize - len(plain)%blockSize
	out := append(make([]byte, 0, len(plain)+n), plain...)
	for range n {
		out = append(out, byte(n))
	}
	return out
}

// Unpad takes the padding off, and returns false if it is not what Pad writes. It need not
// run in constant time: a key file on a disk is not a padding oracle.
func Unpad(padded []byte, blockSize int) ([]byte, bool) {
	if len(padded) == 0 || len(padded)%blockSize != 0 {
		return nil, false
	}
	n := int(padded[len(padded)-1])
	if n < 1 || n > blockSize {
		return nil, false
	}
	plain, padding := padded[:len(padded)-n], padded[len(padded)-n:]
	return plain, bytes.Count(padding, padding[:1]) == n
}

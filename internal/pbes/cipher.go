package pbes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
)

// cipherOf is a cipher as files of PBES2 name it.
type cipherOf struct {
	name string     // in messages and for writing: "aes256-cbc"
	of   string     // its name in package ciphers; the block cipher alone for GCM
	form cipherForm // of the parameters
}

// cipherForm is what the parameters of a cipher look like.
type cipherForm int

const (
	formIV    cipherForm = iota // an OCTET STRING with the IV
	formGCM                     // RFC 5084 section 3.2: the nonce, and the size of the tag
	formRC2                     // RFC 8018 appendix B.2.3: the effective bits, and the IV
	formCAST5                   // RFC 2984 section 2: the IV, and the bits of the key
	formNone                    // NULL, or nothing
)

// ciphersOf are those of PBES2 by object identifier, apart from those of arcs: RFC 8018 appendix
// B.2 for DES and RC2, RFC 5084 for GCM, those of OpenSSL's objects.txt for the rest.
var ciphersOf = lazy.Map[string, cipherOf]{Make: func() map[string]cipherOf {
	return map[string]cipherOf{
		"2.16.840.1.101.3.4.1.6":    {"aes128-gcm", "AES-128-CBC", formGCM},
		"2.16.840.1.101.3.4.1.26":   {"aes192-gcm", "AES-192-CBC", formGCM},
		"2.16.840.1.101.3.4.1.46":   {"aes256-gcm", "AES-256-CBC", formGCM},
		"1.2.840.113549.3.7":        {"3des-cbc", "DES-EDE3-CBC", formIV},
		"1.3.14.3.2.6":              {"des-ecb", "DES-ECB", formNone},
		"1.3.14.3.2.7":              {"des-cbc", "DES-CBC", formIV},
		"1.3.14.3.2.8":              {"des-ofb", "DES-OFB", formIV},
		"1.3.14.3.2.9":              {"des-cfb", "DES-CFB", formIV},
		"1.3.14.3.2.17":             {"2des-ecb", "DES-EDE-ECB", formNone},
		"1.3.6.1.4.1.3029.1.2":      {"blowfish-cbc", "BF-CBC", formIV},
		"1.3.6.1.4.1.188.7.1.1.2":   {"idea-cbc", "IDEA-CBC", formIV},
		"1.2.840.113533.7.66.10":    {"cast128-cbc", "CAST5-CBC", formCAST5},
		"1.2.392.200011.61.1.1.1.2": {"camellia128-cbc", "CAMELLIA-128-CBC", formIV},
		"1.2.392.200011.61.1.1.1.3": {"camellia192-cbc", "CAMELLIA-192-CBC", formIV},
		"1.2.392.200011.61.1.1.1.4": {"camellia256-cbc", "CAMELLIA-256-CBC", formIV},
		"1.2.840.113549.3.2":        {"rc2-cbc", "", formRC2},
		"1.2.840.113549.3.4":        {"rc4", "RC4", formNone},
	}
}}

// modeNumbers has modes by their number, up to the largest; "" for none.
type modeNumbers [10]string

// cipherArc is a block cipher whose modes have numbers in one arc of object identifiers.
type cipherArc struct {
	arc      string
	name, of string // what the names of cipherOf begin with
	step     int    // between keys of 128, 192 and 256 bits; 0 where there is one size
	modes    modeNumbers
}

// cipherArcs are NIST's for AES, those of RFC 5794 for ARIA and RFC 4269 for SEED, and those
// of OpenSSL's objects.txt for the rest.
var cipherArcs = []cipherArc{
	{"2.16.840.1.101.3.4.1.", "aes", "AES-", 20, modeNumbers{1: "ECB", 2: "CBC", 3: "OFB", 4: "CFB"}},
	{"1.2.410.200046.1.1.", "aria", "ARIA-", 5, modeNumbers{1: "ECB", 2: "CBC", 3: "CFB", 4: "OFB", 5: "CTR"}},
	{"0.3.4401.5.3.1.9.", "camellia", "CAMELLIA-", 20, modeNumbers{1: "ECB", 3: "OFB", 4: "CFB", 9: "CTR"}},
	{"1.2.156.10197.1.104.", "sm4", "SM4", 0, modeNumbers{1: "ECB", 2: "CBC", 3: "OFB", 4: "CFB", 7: "CTR"}},
	{"1.2.410.200004.1.", "seed", "SEED", 0, modeNumbers{3: "ECB", 4: "CBC", 5: "CFB", 6: "OFB"}},
}

// findCipher returns the cipher of an object identifier.
func findCipher(oid string) (cipherOf, bool) {
	if c, ok := ciphersOf.Get()[oid]; ok {
		return c, true
	}
	for _, a := range cipherArcs {
		last, ok := strings.CutPrefix(oid, a.arc)
		n, err := strconv.Atoi(last)
		if !ok || err != nil || n < 1 || a.step > 0 && n > 3*a.step {
			continue
		}
		size := ""
		if a.step > 0 {
			i := (n - 1) / a.step
			size, n = []string{"128", "192", "256"}[i], n-a.step*i
		}
		if n >= len(a.modes) {
			continue
		}
		mode, form := a.modes[n], formIV
		if mode == "ECB" {
			form = formNone
		}
		return cipherOf{a.name + size + "-" + strings.ToLower(mode), a.of + size + "-" + mode, form}, mode != ""
	}
	return cipherOf{}, false
}

// otherSchemes are schemes that are not supported; an error names them.
var otherSchemes = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"1.2.840.113549.1.5.1": "PBE-MD2-DES",
		"1.2.840.113549.1.5.4": "PBE-MD2-RC2",
	}
}}

// effectiveBits are the numbers that stand for the effective bits of RC2 (RFC 8018 appendix
// B.2.3). OpenSSL makes the key as long as those.
var effectiveBits = lazy.Map[int, string]{Make: func() map[int]string {
	return map[int]string{160: "RC2-40-CBC", 120: "RC2-64-CBC", 58: "RC2-CBC"}
}}

// readCipher reads the parameters of a cipher of PBES2.
func (s *Scheme) readCipher(oid string, d *der.Reader) error {
	c, ok := findCipher(oid)
	if !ok {
		return unsupportedScheme(oid, s.form)
	}
	const what = "the parameters of the cipher"
	of, inner := c.of, d
	if d.Peek() == der.TagSequence && c.form != formIV {
		inner = d.Sequence(what)
	}
	switch c.form {
	case formNone:
		s.iv = []byte{}
		if d.Null(what); d.Peek() == der.TagOctets && len(d.Element(der.TagOctets, what)) > 0 {
			return syntaxError("%s: the cipher %s has no IV", s.form, c.name)
		}
	case formRC2:
		bits := inner.Small("the effective bits of RC2")
		if of = effectiveBits.Get()[bits]; inner.Err() == nil && of == "" {
			return unsupported(codeOf(s.form, ""), "RC2 of version %d in a %s file", bits, s.form)
		}
		s.iv = inner.Element(der.TagOctets, "the IV")
	default:
		s.iv = inner.Element(der.TagOctets, "the IV")
	}
	switch {
	case c.form == formGCM:
		s.gcm = true
		if s.tagSize = gcmTagDefault; inner.Peek() == der.TagInteger {
			s.tagSize = inner.Small("the size of the authentication tag")
		}
	case c.form == formCAST5 && inner.Peek() == der.TagInteger:
		if bits := inner.Small("the bits of the key"); inner.Err() == nil && bits != 128 {
			return unsupported(codeOf(s.form, ""), "CAST-128 with a key of %d bits in a %s file", bits, s.form)
		}
	}
	s.Cipher = c.name
	s.cipher, _ = ciphers.ByName(of)
	return firstError(inner.End("the cipher"), d.End("the cipher"))
}

func unsupportedScheme(oid, form string) error {
	if name, ok := otherSchemes.Get()[oid]; ok {
		return unsupported(codeOf(form, oid), "the encryption %s of a %s file", name, form)
	}
	return unsupported(codeOf(form, oid), "the encryption %s of a %s file", oid, form)
}

// The sizes of AES-GCM (RFC 5084 section 3.2).
const (
	gcmTagDefault = 12 // if the file does not name one
	gcmTagMax     = 16
	gcmNonceSize  = 12
)

// newGCM returns AES-GCM for sizes that CheckSize has accepted: Go allows an unusual size of
// the nonce or of the tag, but not of both.
func newGCM(key []byte, nonceSize, tagSize int) cipher.AEAD {
	block := must(aes.NewCipher(key))
	if tagSize == gcmTagMax {
		return must(cipher.NewGCMWithNonceSize(block, nonceSize))
	}
	return must(cipher.NewGCMWithTagSize(block, tagSize))
}

// Pad returns a copy that fills whole blocks (RFC 5652 section 6.3). If plain does so
// already Pad adds a block. A stream cipher, with blocks of 1, needs no padding.
func Pad(plain []byte, blockSize int) []byte {
	n := blockSize - len(plain)%blockSize
	if blockSize == 1 {
		n = 0
	}
	out := append(make([]byte, 0, len(plain)+n), plain...)
	for range n {
		out = append(out, byte(n))
	}
	return out
}

// Unpad takes the padding off. It returns false, and wipes everything, if that is not what
// Pad writes. It need not run in constant time: a key file on a disk is not a padding
// oracle.
func Unpad(padded []byte, blockSize int) ([]byte, bool) {
	if blockSize == 1 {
		return padded, len(padded) > 0
	}
	if len(padded) == 0 || len(padded)%blockSize != 0 {
		return nil, false
	}
	n := int(padded[len(padded)-1])
	if n >= 1 && n <= blockSize {
		plain, padding := padded[:len(padded)-n], padded[len(padded)-n:]
		if bytes.Count(padding, padding[:1]) == n {
			return plain, true
		}
	}
	clear(padded)
	return nil, false
}

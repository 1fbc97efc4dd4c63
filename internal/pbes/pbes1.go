package pbes

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/sshkey"
)

// pbes1Scheme is a scheme of PBES1 (RFC 8018 section 6.1) or PKCS#12 (RFC 7292 appendix C),
// whose identifier names both cipher and derivation; the parameters are salt and
// iterations. OpenSSL still writes them on request.
type pbes1Scheme struct {
	name   string
	cipher string // as Scheme has it
	of     string // its name in package ciphers
	derive func(k *pbes1KDF, p Passphrase, keySize, ivSize int) []byte
	hash   func() hash.Hash
}

var pbes1Schemes = lazy.Map[string, pbes1Scheme]{Make: func() map[string]pbes1Scheme {
	return map[string]pbes1Scheme{
		"1.2.840.113549.1.5.3":    {"PBE-MD5-DES", "des-cbc", "DES-CBC", (*pbes1KDF).pbkdf1, md5.New},
		"1.2.840.113549.1.5.6":    {"PBE-MD5-RC2", "rc2-64-cbc", "RC2-64-CBC", (*pbes1KDF).pbkdf1, md5.New},
		"1.2.840.113549.1.5.10":   {"PBE-SHA1-DES", "des-cbc", "DES-CBC", (*pbes1KDF).pbkdf1, sha1.New},
		"1.2.840.113549.1.5.11":   {"PBE-SHA1-RC2", "rc2-64-cbc", "RC2-64-CBC", (*pbes1KDF).pbkdf1, sha1.New},
		"1.2.840.113549.1.12.1.1": {"PBE-SHA1-RC4-128", "rc4", "RC4", (*pbes1KDF).pkcs12, sha1.New},
		"1.2.840.113549.1.12.1.2": {"PBE-SHA1-RC4-40", "rc4-40", "RC4-40", (*pbes1KDF).pkcs12, sha1.New},
		"1.2.840.113549.1.12.1.3": {"PBE-SHA1-3DES", "3des-cbc", "DES-EDE3-CBC", (*pbes1KDF).pkcs12, sha1.New},
		"1.2.840.113549.1.12.1.4": {"PBE-SHA1-2DES", "2des-cbc", "DES-EDE-CBC", (*pbes1KDF).pkcs12, sha1.New},
		"1.2.840.113549.1.12.1.5": {"PBE-SHA1-RC2-128", "rc2-128-cbc", "RC2-CBC", (*pbes1KDF).pkcs12, sha1.New},
		"1.2.840.113549.1.12.1.6": {"PBE-SHA1-RC2-40", "rc2-40-cbc", "RC2-40-CBC", (*pbes1KDF).pkcs12, sha1.New},
	}
}}

type pbes1KDF struct {
	scheme     pbes1Scheme
	salt       []byte
	iterations uint64
}

func (s *Scheme) readPBES1(oid string, d *der.Reader) error {
	scheme, ok := pbes1Schemes.Get()[oid]
	if !ok {
		return unsupportedScheme(oid, s.form)
	}
	k := &pbes1KDF{scheme: scheme, salt: d.Element(der.TagOctets, "the salt"), iterations: d.Count("the iterations")}
	if err := d.End("the parameters of the encryption"); err != nil {
		return err
	}
	if k.iterations == 0 || len(k.salt) == 0 {
		return syntaxError("%s: the salt is empty or the iterations are 0", s.form)
	}
	s.kdf, s.Cipher = k, scheme.cipher
	s.cipher, _ = ciphers.ByName(scheme.of)
	return nil
}

func (k *pbes1KDF) describe() KDF {
	return KDF{Name: k.scheme.name, Rounds: k.iterations}
}

func (k *pbes1KDF) check(limits sshkey.Limits) error {
	return budget.CheckWork(limits, "iterations of "+k.scheme.name, k.iterations, sshkey.MaxPBKDF2Iterations)
}

func (k *pbes1KDF) derive(p Passphrase, keySize, ivSize int) []byte {
	return k.scheme.derive(k, p, keySize, ivSize)
}

// pbkdf1 derives as RFC 8018 section 5.1 has it: a hash of a hash of a hash.
func (k *pbes1KDF) pbkdf1(p Passphrase, keySize, ivSize int) []byte {
	return hashAgain(k.scheme.hash(), k.iterations, p.Bytes, k.salt)[:keySize+ivSize]
}

func (k *pbes1KDF) pkcs12(p Passphrase, keySize, ivSize int) []byte {
	key := pkcs12Bytes(k.scheme.hash, pkcs12Key, p, k.salt, k.iterations, keySize)
	if ivSize == 0 {
		return key
	}
	return append(key, pkcs12Bytes(k.scheme.hash, pkcs12IV, p, k.salt, k.iterations, ivSize)...)
}

// Purposes of a derivation (RFC 7292 appendix B.3).
const (
	pkcs12Key = 1
	pkcs12IV  = 2
	pkcs12MAC = 3
)

// pkcs12Bytes derives as RFC 7292 appendix B.2 has it.
func pkcs12Bytes(newHash func() hash.Hash, purpose byte, p Passphrase, salt []byte, iterations uint64, size int) []byte {
	h := newHash()
	v := h.BlockSize()
	diversifier := bytes.Repeat([]byte{purpose}, v)
	input := append(fillBlocks(salt, v), fillBlocks(p.BMP, v)...)
	defer clear(input)
	var out []byte
	for {
		a := hashAgain(h, iterations, diversifier, input)
		if out = append(out, a...); len(out) >= size {
			return out[:size]
		}
		b := fillBlocks(a, v)[:v]
		for i := 0; i < len(input); i += v {
			addBlock(input[i:i+v], b)
		}
	}
}

// hashAgain hashes the parts, then the result again: times hashes in all.
func hashAgain(h hash.Hash, times uint64, parts ...[]byte) []byte {
	h.Reset()
	for _, part := range parts {
		h.Write(part)
	}
	a := h.Sum(nil)
	for range times - 1 {
		h.Reset()
		h.Write(a)
		a = h.Sum(a[:0])
	}
	return a
}

// fillBlocks repeats s up to a multiple of v bytes. If s is empty it returns nil.
func fillBlocks(s []byte, v int) []byte {
	if len(s) == 0 {
		return nil
	}
	n := (len(s) + v - 1) / v * v
	return bytes.Repeat(s, (n+len(s)-1)/len(s))[:n]
}

// addBlock sets block to block + b + 1 as big-endian numbers, and drops the last carry.
func addBlock(block, b []byte) {
	carry := 1
	for i := len(block) - 1; i >= 0; i-- {
		carry += int(block[i]) + int(b[i])
		block[i], carry = byte(carry), carry>>8
	}
}

// Passphrase is a passphrase in the two spellings that derivations take. The zero value is
// the second spelling of an empty one in PKCS#12: not even the last 0.
type Passphrase struct {
	Bytes []byte // as given, usually UTF-8
	BMP   []byte // as PKCS#12 has it
}

// NewPassphrase spells a passphrase, without copying its bytes. BMP is UTF-16 with a 0 at
// the end (RFC 7292 appendix B.1). Like OpenSSL it reads bytes that are not UTF-8 as
// Latin-1.
func NewPassphrase(passphrase []byte) Passphrase {
	runes := make([]rune, 0, len(passphrase)+1)
	if utf8.Valid(passphrase) {
		runes = append(runes, []rune(string(passphrase))...)
	} else {
		for _, b := range passphrase {
			runes = append(runes, rune(b))
		}
	}
	p := Passphrase{Bytes: passphrase}
	for _, unit := range utf16.Encode(append(runes, 0)) {
		p.BMP = binary.BigEndian.AppendUint16(p.BMP, unit)
	}
	clear(runes)
	return p
}

// Clear wipes what NewPassphrase made.
func (p Passphrase) Clear() { clear(p.BMP) }

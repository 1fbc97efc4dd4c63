package pemkey

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyconv/keyconv/sshkey"
)

// PBES1 (RFC 8018 section 6.1) and the schemes of PKCS#12 (RFC 7292 appendix C)
// name cipher and derivation in one identifier; the parameters are salt and
// iterations. OpenSSL still writes them on request.
type pbes1Scheme struct {
	name   string
	cipher pbeCipher
	derive func(k *pbes1KDF, passphrase []byte, keySize, ivSize int) []byte
	hash   func() hash.Hash
}

var (
	desCBC  = pbeCipher{"des-cbc", 8, 8, des.NewCipher, false}
	des3CBC = pbeCipher{"3des-cbc", 24, 8, des.NewTripleDESCipher, false}
	des2CBC = pbeCipher{"2des-cbc", 16, 8, newDoubleDES, false}
)

var pbes1Schemes = map[string]pbes1Scheme{
	"1.2.840.113549.1.5.3":    {"PBE-MD5-DES", desCBC, (*pbes1KDF).pbkdf1, md5.New},
	"1.2.840.113549.1.5.10":   {"PBE-SHA1-DES", desCBC, (*pbes1KDF).pbkdf1, sha1.New},
	"1.2.840.113549.1.12.1.3": {"PBE-SHA1-3DES", des3CBC, (*pbes1KDF).pkcs12, sha1.New},
	"1.2.840.113549.1.12.1.4": {"PBE-SHA1-2DES", des2CBC, (*pbes1KDF).pkcs12, sha1.New},
}

type pbes1KDF struct {
	scheme     pbes1Scheme
	salt       []byte
	iterations int
}

func (f *pbesFile) readPBES1(oid string, d *der) error {
	scheme, ok := pbes1Schemes[oid]
	if !ok {
		return unsupportedPBE(oid)
	}
	k := &pbes1KDF{scheme: scheme, salt: d.element(tagOctets, "the salt"), iterations: d.small("the iterations")}
	if d.err != nil {
		return d.err
	}
	if k.iterations == 0 || len(k.salt) == 0 {
		return syntaxf("PKCS#8: the salt is empty or the iterations are 0")
	}
	f.kdf, f.cipher = k, scheme.cipher
	return nil
}

func (k *pbes1KDF) describe() KDF {
	return KDF{Name: k.scheme.name, Rounds: uint64(k.iterations)}
}

func (k *pbes1KDF) check(limits Limits) error {
	return limits.CheckWork("iterations of "+k.scheme.name, uint64(k.iterations), sshkey.MaxPBKDF2Iterations)
}

func (k *pbes1KDF) derive(passphrase []byte, keySize, ivSize int) []byte {
	return k.scheme.derive(k, passphrase, keySize, ivSize)
}

// pbkdf1 is RFC 8018 section 5.1: a hash of a hash of a hash.
func (k *pbes1KDF) pbkdf1(passphrase []byte, keySize, ivSize int) []byte {
	h := k.scheme.hash()
	h.Write(passphrase)
	h.Write(k.salt)
	t := h.Sum(nil)
	for range k.iterations - 1 {
		h.Reset()
		h.Write(t)
		t = h.Sum(t[:0])
	}
	return t[:keySize+ivSize]
}

// pkcs12 is RFC 7292 appendix B.2, for key (ID 1) and IV (ID 2).
func (k *pbes1KDF) pkcs12(passphrase []byte, keySize, ivSize int) []byte {
	password := bmpString(passphrase)
	defer clear(password)
	key := k.pkcs12Bytes(1, password, keySize)
	return append(key, k.pkcs12Bytes(2, password, ivSize)...)
}

func (k *pbes1KDF) pkcs12Bytes(id byte, password []byte, size int) []byte {
	const v = 64 // the block size of the hash, the same for all that are used here
	diversifier := bytes.Repeat([]byte{id}, v)
	input := append(fillBlocks(k.salt, v), fillBlocks(password, v)...)
	defer clear(input)
	var out []byte
	for {
		a := k.iterate(diversifier, input)
		if out = append(out, a...); len(out) >= size {
			return out[:size]
		}
		b := fillBlocks(a, v)[:v]
		for i := 0; i < len(input); i += v {
			addBlock(input[i:i+v], b)
		}
	}
}

func (k *pbes1KDF) iterate(diversifier, input []byte) []byte {
	h := k.scheme.hash()
	h.Write(diversifier)
	h.Write(input)
	a := h.Sum(nil)
	for range k.iterations - 1 {
		h.Reset()
		h.Write(a)
		a = h.Sum(a[:0])
	}
	return a
}

// fillBlocks repeats s up to a multiple of v bytes; nothing stays nothing.
func fillBlocks(s []byte, v int) []byte {
	if len(s) == 0 {
		return nil
	}
	n := (len(s) + v - 1) / v * v
	return bytes.Repeat(s, (n+len(s)-1)/len(s))[:n]
}

// addBlock is block = block + b + 1 as big-endian numbers, without the carry that
// leaves the block.
func addBlock(block, b []byte) {
	carry := uint16(1)
	for i := len(block) - 1; i >= 0; i-- {
		sum := uint16(block[i]) + uint16(b[i]) + carry
		block[i], carry = byte(sum), sum>>8
	}
}

// bmpString is the passphrase in big-endian UTF-16 with a NUL at its end. One that
// is not UTF-8 is taken as Latin-1, as OpenSSL does.
func bmpString(passphrase []byte) []byte {
	runes := make([]rune, 0, len(passphrase)+1)
	if utf8.Valid(passphrase) {
		runes = append(runes, []rune(string(passphrase))...)
	} else {
		for _, b := range passphrase {
			runes = append(runes, rune(b))
		}
	}
	var out []byte
	for _, unit := range utf16.Encode(append(runes, 0)) {
		out = binary.BigEndian.AppendUint16(out, unit)
	}
	return out
}

// newDoubleDES is triple DES whose third key is the first.
func newDoubleDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
}

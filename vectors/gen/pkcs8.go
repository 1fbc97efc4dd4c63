package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"

	"github.com/keyconv/keyconv/vectors"
)

// pbes2 is an encrypted PKCS#8 file (RFC 8018 section 6.2) of PBKDF2.
type pbes2 struct {
	prf        []byte // nil: the default, HMAC-SHA-1, is left out
	newHash    func() hash.Hash
	cipher     []byte
	keySize    int
	newBlock   func(key []byte) cipher.Block
	salt       []byte
	iterations int64
	length     bool // whether keyLength is there
}

var (
	aes128OID = oid(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02)
	aes192OID = oid(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16)
	aes256OID = oid(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a)
	des3OID   = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07)
)

func hmacOID(last byte) []byte { return oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, last) }

func pbes2Default() pbes2 {
	return pbes2{prf: hmacOID(9), newHash: sha256.New, cipher: aes256OID, keySize: 32, newBlock: aesBlock, salt: newStream("pbkdf2").take(8), iterations: 2048}
}

// encode derives with few iterations where the file says too many to run.
func (p pbes2) encode(plain []byte, passphrase string) []byte {
	run := p.iterations
	if run < 1 || run > 1<<20 {
		run = 1
	}
	key := pbkdf2.Key([]byte(passphrase), p.salt, int(run), p.keySize, p.newHash)
	block := p.newBlock(key)
	iv := newStream("pbes2 iv").take(block.BlockSize())
	padded := pkcs7(plain, block.BlockSize())
	sealed := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, padded)
	parameters := [][]byte{octets(p.salt), small(p.iterations)}
	if p.length {
		parameters = append(parameters, small(int64(p.keySize)))
	}
	if p.prf != nil {
		parameters = append(parameters, seq(p.prf, null))
	}
	return encryptedInfo(seq(oidPBKDF2, seq(parameters...)), p.cipher, iv, sealed)
}

func encryptedInfo(kdf, cipherOID, iv, sealed []byte) []byte {
	return seq(seq(oidPBES2, seq(kdf, seq(cipherOID, octets(iv)))), octets(sealed))
}

// pkcs8Encrypted has the ways to encrypt PKCS#8.
func pkcs8Encrypted() []vector {
	var list []vector
	add := func(name string, k keyType, verdict vectors.Verdict, property, wrong string, data []byte) {
		list = append(list, newVector("pkcs8", name, "pkcs8", k, verdict, property, armour("ENCRYPTED PRIVATE KEY", "", data)).locked(passphrase).wrong(wrong))
	}
	pbkdf := func(change func(p *pbes2)) []byte {
		p := pbes2Default()
		if change != nil {
			change(&p)
		}
		return p.encode(pkcs8(ed), passphrase)
	}
	for _, k := range allTypes {
		p := pbes2Default()
		add(k.name+"-encrypted", k, read, "Encrypted PKCS#8 with a key of type "+k.algorithm+".", "", p.encode(pkcs8(k), passphrase))
	}
	for _, prf := range []struct {
		name    string
		oid     byte
		newHash func() hash.Hash
	}{{"sha1", 7, sha1.New}, {"sha224", 8, sha256.New224}, {"sha256", 9, sha256.New}, {"sha384", 10, sha512.New384}, {"sha512", 11, sha512.New}} {
		for _, c := range []struct {
			name     string
			oid      []byte
			key      int
			newBlock func([]byte) cipher.Block
		}{{"aes128", aes128OID, 16, aesBlock}, {"aes192", aes192OID, 24, aesBlock}, {"aes256", aes256OID, 32, aesBlock}, {"3des", des3OID, 24, des3}} {
			add("pbkdf2-"+prf.name+"-"+c.name, ed, read, fmt.Sprintf("PBKDF2 with HMAC-%s, and %s in CBC mode.", strings.ToUpper(prf.name), c.name), "", pbkdf(func(p *pbes2) {
				p.prf, p.newHash, p.cipher, p.keySize, p.newBlock = hmacOID(prf.oid), prf.newHash, c.oid, c.key, c.newBlock
			}))
		}
	}
	add("pbkdf2-default-prf", ed, read, "The hash function of PBKDF2 is left out, so that it is SHA-1.", "takes SHA-256 for the default", pbkdf(func(p *pbes2) { p.prf, p.newHash = nil, sha1.New }))
	add("pbkdf2-key-length", ed, read, "PBKDF2 names the length of the key.", "", pbkdf(func(p *pbes2) { p.length = true }))
	for _, n := range []int{1, 16, 64} {
		add(fmt.Sprintf("pbkdf2-salt-%d", n), ed, read, fmt.Sprintf("The salt has %d bytes.", n), "", pbkdf(func(p *pbes2) { p.salt = newStream("pbkdf2").take(n) }))
	}
	for _, n := range []int64{1, 1000, 65536} {
		add(fmt.Sprintf("pbkdf2-iterations-%d", n), ed, read, fmt.Sprintf("The iterations of PBKDF2 are %d.", n), "", pbkdf(func(p *pbes2) { p.iterations = n }))
	}
	add("pbkdf2-iterations-zero", ed, refuse, "The iterations of PBKDF2 are 0.", "", pbkdf(func(p *pbes2) { p.iterations = 0 }))
	// The number of iterations is a byte, which becomes 0xff.
	negative := bytes.Replace(pbkdf(func(p *pbes2) { p.iterations = 127 }), []byte("\x02\x01\x7f"), []byte("\x02\x01\xff"), 1)
	add("pbkdf2-iterations-negative", ed, refuse, "The iterations of PBKDF2 are -1.", "", negative)
	add("pbkdf2-iterations-huge", ed, refuse, "The iterations of PBKDF2 are 2147483647.", "takes a quarter of an hour", pbkdf(func(p *pbes2) { p.iterations = 1<<31 - 1 }))
	add("pbkdf2-cipher-unknown", ed, refuse, "The cipher is one that does not exist.", "", pbkdf(func(p *pbes2) { p.cipher = oid(0x2a, 0x03, 0x04) }))
	for _, s := range []struct {
		n, r, p int
		verdict vectors.Verdict
	}{{16, 8, 1, read}, {1024, 8, 1, read}, {16384, 8, 1, read}, {1024, 8, 4, read}, {1024, 1, 1, may}, {1024, 16, 2, may}} {
		add(fmt.Sprintf("scrypt-n%d-r%d-p%d", s.n, s.r, s.p), ed, s.verdict, fmt.Sprintf("scrypt with N %d, r %d and p %d.", s.n, s.r, s.p), "", scrypted(int64(s.n), s.r, s.p, s.n, s.r, s.p))
	}
	add("scrypt-n-huge", ed, refuse, "N of scrypt is 2^40.", "allocates as much", scrypted(1<<40, 8, 1, 16, 8, 1))
	add("scrypt-n-no-power", ed, refuse, "N of scrypt is 1000, which is not a power of two.", "", scrypted(1000, 8, 1, 16, 8, 1))
	add("scrypt-p-huge", ed, refuse, "p of scrypt is 2^24.", "takes hours", scrypted(1024, 8, 1<<24, 16, 8, 1))
	list = append(list, newVector("pkcs8", "passphrase-wrong", "pkcs8", ed, refuse, "The passphrase of the manifest is wrong.",
		armour("ENCRYPTED PRIVATE KEY", "", pbkdf(nil))).locked("another"))
	return list
}

// scrypted is encrypted with the last three parameters, and says the first three.
func scrypted(n int64, r, p, useN, useR, useP int) []byte {
	salt := newStream("scrypt").take(16)
	key, err := scrypt.Key([]byte(passphrase), salt, useN, useR, useP, 32)
	check(err)
	block, err := aes.NewCipher(key)
	check(err)
	iv, padded := newStream("scrypt iv").take(16), pkcs7(pkcs8(ed), 16)
	sealed := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, padded)
	parameters := seq(octets(salt), small(n), small(int64(r)), small(int64(p)))
	return encryptedInfo(seq(oidScrypt, parameters), aes256OID, iv, sealed)
}

// Package ciphers has the symmetric ciphers that key files are encrypted with, by the names
// of OpenSSL, which PEM files have in their headers: a block cipher in a mode, or a stream
// cipher. It is for reading old files; the defaults for writing are elsewhere.
package ciphers

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 OpenSSL encrypts files with it on request.
	"golang.org/x/crypto/cast5"    //lint:ignore SA1019 OpenSSL encrypts files with it on request.
	"golang.org/x/crypto/chacha20"
)

// Cipher is a cipher with its mode.
type Cipher struct {
	Name    string // as OpenSSL has it: "AES-256-CBC"
	KeySize int    // in bytes
	IVSize  int    // in bytes; 0 for RC4 and ECB
	// BlockSize is what the encrypted data is a multiple of: 1 where there is no padding.
	BlockSize int

	open, seal func(key, iv, data []byte) []byte
}

// Open decrypts data whose size is a multiple of BlockSize, and leaves the padding on. Key
// and IV must be of the sizes of the cipher.
func (c Cipher) Open(key, iv, encrypted []byte) []byte { return c.open(key, iv, encrypted) }

// Seal encrypts data whose size is a multiple of BlockSize.
func (c Cipher) Seal(key, iv, plain []byte) []byte { return c.seal(key, iv, plain) }

// blockCipher is a block cipher, with the modes in which OpenSSL has it.
type blockCipher struct {
	keySize, blockSize int
	newBlock           func(key []byte) (cipher.Block, error)
	modes              string
}

const (
	oldModes = "CBC CFB OFB"
	desModes = "CBC CFB CFB1 CFB8 OFB ECB"
	allModes = "CBC CFB CFB1 CFB8 OFB CTR ECB"
)

// blockCiphers are those that OpenSSL encrypts keys with, by the name before the mode. In PEM
// files it has none in ECB mode, which has no IV.
var blockCiphers = lazy.Map[string, blockCipher]{Make: func() map[string]blockCipher {
	return map[string]blockCipher{
		"AES-128":  {16, 16, aes.NewCipher, allModes},
		"AES-192":  {24, 16, aes.NewCipher, allModes},
		"AES-256":  {32, 16, aes.NewCipher, allModes},
		"DES":      {8, 8, des.NewCipher, desModes},
		"DES-EDE":  {16, 8, newDoubleDES, oldModes + " ECB"},
		"DES-EDE3": {24, 8, des.NewTripleDESCipher, desModes},
		"DESX":     {24, 8, newDESX, "CBC"},
		"BF":       {16, 8, newBlowfish, oldModes},
		"CAST5":    {16, 8, newCAST5, oldModes},
		"RC2":      {16, 8, newRC2, oldModes},
		"RC2-64":   {8, 8, newRC2, "CBC"},
		"RC2-40":   {5, 8, newRC2, "CBC"},

		"CAMELLIA-128": {16, 16, newCamellia, allModes},
		"CAMELLIA-192": {24, 16, newCamellia, allModes},
		"CAMELLIA-256": {32, 16, newCamellia, allModes},
		"ARIA-128":     {16, 16, newARIA, allModes},
		"ARIA-192":     {24, 16, newARIA, allModes},
		"ARIA-256":     {32, 16, newARIA, allModes},
		"SM4":          {16, 16, newSM4, oldModes + " CTR ECB"},
		"SEED":         {16, 16, newSEED, oldModes + " ECB"},
		"IDEA":         {16, 8, newIDEA, oldModes},
	}
}}

// streamCiphers have no mode.
var streamCiphers = lazy.Map[string, Cipher]{Make: func() map[string]Cipher {
	return map[string]Cipher{
		"RC4":      {KeySize: 16, BlockSize: 1, open: xorRC4, seal: xorRC4},
		"RC4-40":   {KeySize: 5, BlockSize: 1, open: xorRC4, seal: xorRC4},
		"CHACHA20": {KeySize: 32, IVSize: 16, BlockSize: 1, open: xorChaCha20, seal: xorChaCha20},
	}
}}

// ByName returns the cipher of a name, in capital letters.
func ByName(name string) (Cipher, bool) {
	if c, ok := streamCiphers.Get()[name]; ok {
		c.Name = name
		return c, true
	}
	i := max(0, strings.LastIndexByte(name, '-'))
	b, ok := blockCiphers.Get()[name[:i]]
	if !ok || !slices.Contains(strings.Fields(b.modes), name[i+1:]) {
		return Cipher{}, false
	}
	c := Cipher{Name: name, KeySize: b.keySize, IVSize: b.blockSize, BlockSize: 1}
	switch name[i+1:] {
	case "CBC":
		c.BlockSize = b.blockSize
	case "ECB":
		c.BlockSize, c.IVSize = b.blockSize, 0
	}
	mode := modes.Get()[name[i+1:]]
	c.open = func(key, iv, data []byte) []byte { return mode.open(must(b.newBlock(key)), iv, data) }
	c.seal = func(key, iv, data []byte) []byte { return mode.seal(must(b.newBlock(key)), iv, data) }
	return c, true
}

// newDoubleDES returns triple DES whose third key is the first.
func newDoubleDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
}

func newBlowfish(key []byte) (cipher.Block, error) { return blowfish.NewCipher(key) }

func newCAST5(key []byte) (cipher.Block, error) { return cast5.NewCipher(key) }

func xorRC4(key, _, data []byte) []byte {
	out := make([]byte, len(data))
	must(rc4.NewCipher(key)).XORKeyStream(out, data)
	return out
}

// xorChaCha20 takes OpenSSL's IV: a counter of four bytes, and the nonce.
func xorChaCha20(key, iv, data []byte) []byte {
	out := make([]byte, len(data))
	c := must(chacha20.NewUnauthenticatedCipher(key, iv[4:]))
	if counter := binary.LittleEndian.Uint32(iv); uint64(counter)+uint64(len(data)/64) < 1<<32 {
		c.SetCounter(counter)
		c.XORKeyStream(out, data)
	}
	return out
}

// desX is DES with another key before and after it, as RSA Security made it up.
type desX struct {
	cipher.Block
	before, after []byte
}

func newDESX(key []byte) (cipher.Block, error) {
	block, err := des.NewCipher(key[:8])
	return desX{block, key[8:16], key[16:]}, err
}

func (c desX) Encrypt(dst, src []byte) { c.whiten(dst, src, c.before, c.Block.Encrypt, c.after) }
func (c desX) Decrypt(dst, src []byte) { c.whiten(dst, src, c.after, c.Block.Decrypt, c.before) }

func (c desX) whiten(dst, src, first []byte, crypt func(dst, src []byte), last []byte) {
	var b [8]byte
	for i := range b {
		b[i] = src[i] ^ first[i]
	}
	crypt(b[:], b[:])
	for i := range b {
		dst[i] = b[i] ^ last[i]
	}
}

// must returns the value. It is for keys whose size the tables give.
func must[T any](value T, err error) T {
	if err != nil {
		panic("ciphers: " + err.Error())
	}
	return value
}

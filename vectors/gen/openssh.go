package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha512"
	"encoding/binary"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 bcrypt is made of it.
	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/poly1305" //lint:ignore SA1019 chacha20-poly1305@openssh.com is not the AEAD of RFC 8439.
)

// opensshFile is an openssh-key-v1 file with everything that a vector may change.
type opensshFile struct {
	magic      string
	cipher     string
	kdf        string
	salt       []byte
	rounds     uint32
	options    []byte // instead of salt and rounds
	count      uint32
	publics    [][]byte
	checkints  [2]uint32
	private    []byte // the keys with their comments
	padding    func(n int) []byte
	rest       []byte // after the private section
	passphrase string
	width      int
}

func opensshOf(k keyType) opensshFile {
	return opensshFile{magic: "openssh-key-v1\x00", cipher: "none", kdf: "none", count: 1, publics: [][]byte{k.public},
		checkints: [2]uint32{0x12345678, 0x12345678}, private: privateOf(k, k.name+"-key"), padding: counting, width: 70}
}

func privateOf(k keyType, comment string) []byte {
	return concat(str(k.algorithm), k.openssh, str(comment))
}

func counting(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i + 1)
	}
	return b
}

// opensshCipher is a cipher of OpenSSH's cipher.c.
type opensshCipher struct {
	key, iv, block int
	seal           func(key, iv, plain []byte) (sealed, tag []byte)
}

var aesBlock, des3, des1 = checked(aes.NewCipher), checked(des.NewTripleDESCipher), checked(des.NewCipher)

// checked makes a constructor of ciphers that only gets keys of the right size.
func checked(newBlock func(key []byte) (cipher.Block, error)) func(key []byte) cipher.Block {
	return func(key []byte) cipher.Block {
		b, err := newBlock(key)
		check(err)
		return b
	}
}

func cbc(newBlock func(key []byte) cipher.Block) func(key, iv, plain []byte) (sealed, tag []byte) {
	return func(key, iv, plain []byte) ([]byte, []byte) {
		out := make([]byte, len(plain))
		cipher.NewCBCEncrypter(newBlock(key), iv).CryptBlocks(out, plain)
		return out, nil
	}
}

func ctr(key, iv, plain []byte) ([]byte, []byte) {
	out := make([]byte, len(plain))
	cipher.NewCTR(aesBlock(key), iv).XORKeyStream(out, plain)
	return out, nil
}

func gcm(key, iv, plain []byte) ([]byte, []byte) {
	aead, err := cipher.NewGCM(aesBlock(key))
	check(err)
	sealed := aead.Seal(nil, iv, plain, nil)
	return sealed[:len(plain)], sealed[len(plain):]
}

// chachaPoly is PROTOCOL.chacha20poly1305 without a length field, with the nonce 0.
func chachaPoly(key, _, plain []byte) ([]byte, []byte) {
	stream, err := chacha20.NewUnauthenticatedCipher(key[:32], make([]byte, chacha20.NonceSize))
	check(err)
	var polyKey [32]byte
	stream.XORKeyStream(polyKey[:], polyKey[:])
	stream.SetCounter(1)
	out := make([]byte, len(plain))
	stream.XORKeyStream(out, plain)
	var tag [16]byte
	poly1305.Sum(&tag, out, &polyKey)
	return out, tag[:]
}

var opensshCiphers = map[string]opensshCipher{
	"none":                          {0, 0, 8, func(_, _, plain []byte) ([]byte, []byte) { return plain, nil }},
	"3des-cbc":                      {24, 8, 8, cbc(des3)},
	"aes128-cbc":                    {16, 16, 16, cbc(aesBlock)},
	"aes192-cbc":                    {24, 16, 16, cbc(aesBlock)},
	"aes256-cbc":                    {32, 16, 16, cbc(aesBlock)},
	"aes128-ctr":                    {16, 16, 16, ctr},
	"aes192-ctr":                    {24, 16, 16, ctr},
	"aes256-ctr":                    {32, 16, 16, ctr},
	"aes128-gcm@openssh.com":        {16, 12, 16, gcm},
	"aes256-gcm@openssh.com":        {32, 12, 16, gcm},
	"chacha20-poly1305@openssh.com": {64, 0, 8, chachaPoly},
}

func (f opensshFile) encode() []byte {
	c := opensshCiphers[f.cipher]
	if c.seal == nil {
		c = opensshCiphers["none"]
	}
	options := f.options
	if f.kdf == "bcrypt" && options == nil {
		options = concat(str(string(f.salt)), uint32Bytes(f.rounds))
	}
	plain := concat(uint32Bytes(f.checkints[0]), uint32Bytes(f.checkints[1]), f.private)
	plain = concat(plain, f.padding((c.block-len(plain)%c.block)%c.block))
	var derived []byte
	if f.passphrase != "" && f.rounds > 0 && f.rounds < 1000 {
		derived = bcryptPBKDF([]byte(f.passphrase), f.salt, int(f.rounds), c.key+c.iv)
	} else {
		derived = make([]byte, c.key+c.iv)
	}
	sealed, tag := c.seal(derived[:c.key], derived[c.key:], plain)
	data := concat([]byte(f.magic), str(f.cipher), str(f.kdf), str(string(options)), uint32Bytes(f.count))
	for _, p := range f.publics {
		data = concat(data, str(string(p)))
	}
	data = concat(data, str(string(sealed)), tag, f.rest)
	return []byte("-----BEGIN OPENSSH PRIVATE KEY-----\n" + wrapped(base64Of(data), f.width) + "-----END OPENSSH PRIVATE KEY-----\n")
}

// bcryptPBKDF is bcrypt_pbkdf(3) of OpenBSD.
func bcryptPBKDF(passphrase, salt []byte, rounds, size int) []byte {
	const blockSize = 32
	hashed := sha512.Sum512(passphrase)
	blocks := (size + blockSize - 1) / blockSize
	out := make([]byte, blocks*blockSize)
	for block := 1; block <= blocks; block++ {
		salted := sha512.Sum512(binary.BigEndian.AppendUint32(append([]byte{}, salt...), uint32(block)))
		last := bcryptHash(hashed[:], salted[:])
		sum := append([]byte{}, last...)
		for range rounds - 1 {
			salted = sha512.Sum512(last)
			last = bcryptHash(hashed[:], salted[:])
			for i := range sum {
				sum[i] ^= last[i]
			}
		}
		// The bytes of the blocks are spread over the output.
		for i, x := range sum {
			if at := i*blocks + block - 1; at < len(out) {
				out[at] = x
			}
		}
	}
	return out[:size]
}

func bcryptHash(key, salt []byte) []byte {
	c, err := blowfish.NewSaltedCipher(key, salt)
	check(err)
	for range 64 {
		blowfish.ExpandKey(salt, c)
		blowfish.ExpandKey(key, c)
	}
	text := []byte("OxychromaticBlowfishSwatDynamite")
	for i := 0; i < len(text); i += 8 {
		for range 64 {
			c.Encrypt(text[i:], text[i:])
		}
	}
	for i := 0; i < len(text); i += 4 { // little endian in the original
		text[i], text[i+1], text[i+2], text[i+3] = text[i+3], text[i+2], text[i+1], text[i]
	}
	return text
}

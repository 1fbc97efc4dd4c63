package pemkey

import (
	"crypto/sha512"
	"encoding/binary"

	//lint:ignore SA1019 bcrypt_pbkdf is made of Blowfish.
	"golang.org/x/crypto/blowfish"
)

// bcryptPBKDF derives the key of openssh-key-v1, as OpenBSD's bcrypt_pbkdf(3) does: PBKDF2
// with a hash made of bcrypt, and the bytes of the blocks interleaved.
// golang.org/x/crypto has it in an internal package.
func bcryptPBKDF(passphrase, salt []byte, rounds uint32, size int) []byte {
	const blockSize = 32
	blocks := (size + blockSize - 1) / blockSize
	key := make([]byte, blocks*blockSize)
	pass := sha512.Sum512(passphrase)
	defer clear(pass[:])
	for i := range blocks {
		out := bcryptBlock(pass[:], salt, rounds, uint32(i+1))
		for j, x := range out {
			key[j*blocks+i] = x
		}
		clear(out)
	}
	return key[:size]
}

// bcryptBlock returns one block of PBKDF2 (RFC 8018 section 5.2).
func bcryptBlock(pass, salt []byte, rounds, number uint32) []byte {
	h := sha512.New()
	h.Write(salt)
	h.Write(binary.BigEndian.AppendUint32(nil, number))
	u := bcryptHash(pass, h.Sum(nil))
	out := append([]byte(nil), u...)
	for range rounds - 1 {
		sum := sha512.Sum512(u)
		u = bcryptHash(pass, sum[:])
		for i := range out {
			out[i] ^= u[i]
		}
	}
	return out
}

// bcryptHash encrypts a fixed text 64 times, under a key schedule that was expanded 64
// times with both hashes.
func bcryptHash(pass, salt []byte) []byte {
	c, err := blowfish.NewSaltedCipher(pass, salt)
	if err != nil {
		panic("pemkey: " + err.Error()) // only for an empty key, and it has 64 bytes
	}
	for range 64 {
		blowfish.ExpandKey(salt, c)
		blowfish.ExpandKey(pass, c)
	}
	out := []byte("OxychromaticBlowfishSwatDynamite")
	for i := 0; i < len(out); i += blowfish.BlockSize {
		for range 64 {
			c.Encrypt(out[i:], out[i:])
		}
	}
	// Blowfish works on big-endian words, bcrypt_pbkdf puts them out little-endian.
	for i := 0; i < len(out); i += 4 {
		binary.LittleEndian.PutUint32(out[i:], binary.BigEndian.Uint32(out[i:]))
	}
	return out
}

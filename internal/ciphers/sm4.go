package ciphers

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
	"slices"
)

// sm4 is GB/T 32907, also ISO/IEC 18033-3.
type sm4 struct{ encrypt, decrypt [32]uint32 }

func newSM4(key []byte) (cipher.Block, error) {
	k := [4]uint32{0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc} // the system parameter FK
	for i := range k {
		k[i] ^= binary.BigEndian.Uint32(key[4*i:])
	}
	c := &sm4{}
	for i := range c.encrypt {
		var constant uint32 // CK: its bytes are multiples of 7
		for j := range 4 {
			constant = constant<<8 | uint32(byte((4*i+j)*7))
		}
		t := sm4Substitute(k[1] ^ k[2] ^ k[3] ^ constant)
		c.encrypt[i] = k[0] ^ t ^ bits.RotateLeft32(t, 13) ^ bits.RotateLeft32(t, 23)
		k = [4]uint32{k[1], k[2], k[3], c.encrypt[i]}
	}
	c.decrypt = c.encrypt
	slices.Reverse(c.decrypt[:])
	return c, nil
}

func (c *sm4) BlockSize() int { return 16 }

func (c *sm4) Encrypt(dst, src []byte) { sm4Crypt(dst, src, &c.encrypt) }

func (c *sm4) Decrypt(dst, src []byte) { sm4Crypt(dst, src, &c.decrypt) }

func sm4Crypt(dst, src []byte, keys *[32]uint32) {
	var x [4]uint32
	for i := range x {
		x[i] = binary.BigEndian.Uint32(src[4*i:])
	}
	for _, key := range keys {
		t := sm4Substitute(x[1] ^ x[2] ^ x[3] ^ key)
		t ^= bits.RotateLeft32(t, 2) ^ bits.RotateLeft32(t, 10) ^ bits.RotateLeft32(t, 18) ^ bits.RotateLeft32(t, 24)
		x = [4]uint32{x[1], x[2], x[3], x[0] ^ t}
	}
	for i := range x {
		binary.BigEndian.PutUint32(dst[4*i:], x[3-i])
	}
}

func sm4Substitute(x uint32) (y uint32) {
	s := sm4Box.Get()
	for i := 24; i >= 0; i -= 8 {
		y = y<<8 | uint32(s[byte(x>>i)])
	}
	return y
}

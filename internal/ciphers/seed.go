package ciphers

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
)

// seed is RFC 4269, which Korea made its standard.
type seed struct{ keys [16][2]uint32 }

// newSEED does RFC 4269 section 2.2. The constants are the golden ratio, turned.
func newSEED(key []byte) (cipher.Block, error) {
	front, back := binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
	c := &seed{}
	for i := range c.keys {
		constant := bits.RotateLeft32(0x9e3779b9, i)
		c.keys[i] = [2]uint32{
			seedG(uint32(front>>32) + uint32(back>>32) - constant),
			seedG(uint32(front) - uint32(back) + constant),
		}
		if i%2 == 0 {
			front = bits.RotateLeft64(front, -8)
		} else {
			back = bits.RotateLeft64(back, 8)
		}
	}
	return c, nil
}

func (c *seed) BlockSize() int { return 16 }

func (c *seed) Encrypt(dst, src []byte) { c.crypt(dst, src, 0) }

func (c *seed) Decrypt(dst, src []byte) { c.crypt(dst, src, 15) }

// crypt does the rounds of a Feistel cipher with the keys in their order, or backwards from the
// last one.
func (c *seed) crypt(dst, src []byte, first int) {
	left, right := binary.BigEndian.Uint64(src), binary.BigEndian.Uint64(src[8:])
	for i := range c.keys {
		left, right = right, left^seedF(right, c.keys[i^first])
	}
	binary.BigEndian.PutUint64(dst, right)
	binary.BigEndian.PutUint64(dst[8:], left)
}

// seedF is the function F of RFC 4269 section 2.1.
func seedF(half uint64, key [2]uint32) uint64 {
	c, d := uint32(half>>32)^key[0], uint32(half)^key[1]
	d = seedG(c ^ d)
	c = seedG(c + d)
	d = seedG(c + d)
	return uint64(c+d)<<32 | uint64(d)
}

// seedG is the function G of RFC 4269 section 2.1: each byte of the result has two bits of each
// byte that an S-box gives, as the masks say.
func seedG(x uint32) (y uint32) {
	boxes := seedBoxes.Get()
	for i := range 4 {
		z := uint32(boxes[i&1][byte(x>>(8*i))]) * 0x01010101
		y ^= z & bits.RotateLeft32(0x3fcff3fc, -8*i)
	}
	return y
}

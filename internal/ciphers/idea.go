package ciphers

import (
	"crypto/cipher"
	"encoding/binary"
	"slices"
)

// idea is the cipher of Lai and Massey (1992), which OpenSSL calls IDEA. Its operations are
// additions modulo 2^16, and multiplications modulo 2^16 + 1 in which 0 stands for 2^16.
type idea struct{ encrypt, decrypt ideaKeys }

// ideaKeys has six keys for each of eight rounds, and four for the end.
type ideaKeys [52]uint16

// newIDEA cuts the keys out of the key, which it turns by 25 bits after each eight of them.
func newIDEA(key []byte) (cipher.Block, error) {
	c := &idea{}
	high, low := binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
	for i := range c.encrypt {
		if i%8 == 0 && i > 0 {
			high, low = high<<25|low>>39, low<<25|high>>39
		}
		half := high
		if i%8 >= 4 {
			half = low
		}
		c.encrypt[i] = uint16(half >> (48 - 16*(i%4)))
	}
	c.decrypt = c.encrypt.inverted()
	return c, nil
}

// inverted returns the keys that undo a block: in the opposite order, with the inverses of
// those that are multiplied or added. In the rounds between, the two added change places.
func (k ideaKeys) inverted() (out ideaKeys) {
	for i := 0; i <= 48; i += 6 {
		from := 48 - i
		first, second := from+1, from+2
		if i > 0 && i < 48 {
			first, second = second, first
		}
		copy(out[i:], []uint16{ideaInverse(k[from]), -k[first], -k[second], ideaInverse(k[from+3])})
		if i < 48 {
			copy(out[i+4:], k[from-2:from])
		}
	}
	return out
}

// ideaInverse returns the inverse of a number, which is its power of 2^16 - 1 as 2^16 + 1 is
// a prime.
func ideaInverse(x uint16) uint16 {
	y := x
	for range 15 {
		y = ideaMultiply(ideaMultiply(y, y), x)
	}
	return y
}

func ideaMultiply(a, b uint16) uint16 {
	x, y := uint64(a), uint64(b)
	if x == 0 {
		x = 1 << 16
	}
	if y == 0 {
		y = 1 << 16
	}
	return uint16(x * y % (1<<16 + 1))
}

func (c *idea) BlockSize() int { return 8 }

func (c *idea) Encrypt(dst, src []byte) { c.encrypt.crypt(dst, src) }

func (c *idea) Decrypt(dst, src []byte) { c.decrypt.crypt(dst, src) }

func (k *ideaKeys) crypt(dst, src []byte) {
	var x [4]uint16
	for i := range x {
		x[i] = binary.BigEndian.Uint16(src[2*i:])
	}
	for round := range slices.Chunk(k[:48], 6) {
		x = mixIDEA(x, round)
		a := ideaMultiply(x[0]^x[2], round[4])
		b := ideaMultiply(a+(x[1]^x[3]), round[5])
		a += b
		x = [4]uint16{x[0] ^ b, x[2] ^ b, x[1] ^ a, x[3] ^ a}
	}
	x = mixIDEA([4]uint16{x[0], x[2], x[1], x[3]}, k[48:])
	for i, word := range x {
		binary.BigEndian.PutUint16(dst[2*i:], word)
	}
}

// mixIDEA is what each round begins with, and the last one is.
func mixIDEA(x [4]uint16, k []uint16) [4]uint16 {
	return [4]uint16{ideaMultiply(x[0], k[0]), x[1] + k[1], x[2] + k[2], ideaMultiply(x[3], k[3])}
}

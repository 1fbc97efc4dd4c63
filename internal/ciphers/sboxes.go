package ciphers

import (
	"github.com/keyconv/keyconv/internal/lazy"
)

// The S-boxes here are computed as their designers define them: each is an inversion, or
// another power, in a field of 256 elements, with linear maps around it.

type sbox [256]byte

// multiply multiplies in the field that a polynomial makes, whose lowest 9 bits it has.
func multiply(a, b, polynomial int) (product int) {
	for ; b > 0; b >>= 1 {
		if b&1 > 0 {
			product ^= a
		}
		if a <<= 1; a > 0xff {
			a ^= polynomial
		}
	}
	return product
}

func power(x, n, polynomial int) int {
	result := 1
	for range n {
		result = multiply(result, x, polynomial)
	}
	return result
}

// inverse returns the inverse of an element, and 0 for 0.
func inverse(x, polynomial int) int { return power(x, 254, polynomial) }

// apply multiplies a vector by a matrix, given as the images of the bits, the lowest first.
func apply(images [8]byte, x int) (y byte) {
	for i, image := range images {
		if x>>i&1 > 0 {
			y ^= image
		}
	}
	return y
}

// rotate returns x turned left by n bits.
func rotate(x byte, n int) byte { return x<<(n&7) | x>>(8-n&7) }

func (s *sbox) inverted() *sbox {
	var out sbox
	for x, y := range s {
		out[y] = byte(x)
	}
	return &out
}

// ariaBoxes are S1 and S2 of RFC 5794 section 2.4.2 and their inverses. S1 is that of AES;
// S2 is the power 247 in the same field.
var ariaBoxes = lazy.Value[[4]*sbox]{Make: func() [4]*sbox {
	const polynomial = 0x11b // x^8 + x^4 + x^3 + x + 1
	var s1, s2 sbox
	for x := range 256 {
		inv := byte(inverse(x, polynomial))
		s1[x] = inv ^ rotate(inv, 1) ^ rotate(inv, 2) ^ rotate(inv, 3) ^ rotate(inv, 4) ^ 0x63
		s2[x] = apply([8]byte{0xac, 0xc5, 0x12, 0xcf, 0x5b, 0x5f, 0x85, 0xee}, power(x, 247, polynomial)) ^ 0xe2
	}
	return [4]*sbox{&s1, &s2, s1.inverted(), s2.inverted()}
}}

// seedBoxes are S1 and S2 of RFC 4269 appendix A, powers with an affine map each.
var seedBoxes = lazy.Value[[2]*sbox]{Make: func() [2]*sbox {
	const polynomial = 0x163 // x^8 + x^6 + x^5 + x + 1
	var s1, s2 sbox
	for x := range 256 {
		s1[x] = apply([8]byte{0x2c, 0xd0, 0x69, 0xc2, 0x41, 0x44, 0x58, 0xe2}, power(x, 247, polynomial)) ^ 169
		s2[x] = apply([8]byte{0xd0, 0x2a, 0xe1, 0x2c, 0x21, 0x30, 0xa2, 0x6c}, power(x, 251, polynomial)) ^ 56
	}
	return [2]*sbox{&s1, &s2}
}}

// sm4Box is that of GB/T 32907: an inversion between two times the same affine map.
var sm4Box = lazy.Value[*sbox]{Make: func() *sbox {
	const polynomial = 0x1f5
	var images [8]byte
	for i := range images { // of the circulant matrix whose first row is 0xa7
		for row := range 8 {
			images[i] |= rotate(0xa7, row) >> i & 1 << row
		}
	}
	var s sbox
	for x := range 256 {
		s[x] = apply(images, inverse(int(apply(images, x)^0xd3), polynomial)) ^ 0xd3
	}
	return &s
}}

// camelliaBox is SBOX1 of RFC 3713: an inversion between two linear maps, in a field that
// is written as pairs of elements of a smaller one.
var camelliaBox = lazy.Value[*sbox]{Make: func() *sbox {
	const polynomial = 0x169 // x^8 + x^6 + x^5 + x^3 + 1, of which beta is a root
	const beta = 2
	alpha := power(beta, 238, polynomial)
	var fromPair [256]int
	var toPair sbox
	for x := range 256 {
		for i := range 8 { // the highest four bits belong to 1, those below to beta
			if x>>(7-i)&1 > 0 {
				element := power(alpha, 3-i&3, polynomial)
				if i < 4 {
					element = multiply(element, beta, polynomial)
				}
				fromPair[x] ^= element
			}
		}
	}
	for x, element := range fromPair {
		toPair[element] = byte(x)
	}
	// The bits of the result, the highest first, as sums of bits that count from 1 so.
	before := [8][]int{{6, 2}, {7, 1}, {8, 5, 3}, {8, 3}, {7, 4}, {5, 2}, {8, 1}, {6, 4}}
	after := [8][]int{{5, 6, 2}, {6, 2}, {7, 4}, {8, 2}, {7, 3}, {8, 1}, {5, 1}, {6, 3}}
	var s sbox
	for x := range 256 {
		middle := fromPair[sums(before, byte(x)^0xc5)]
		s[x] = sums(after, toPair[inverse(middle, polynomial)]) ^ 0x6e
	}
	return &s
}}

func sums(bits [8][]int, x byte) (y byte) {
	for i, sum := range bits {
		var bit byte
		for _, n := range sum {
			bit ^= x >> (8 - n) & 1
		}
		y |= bit << (7 - i)
	}
	return y
}

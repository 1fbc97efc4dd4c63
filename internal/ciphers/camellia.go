package ciphers

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
)

// camellia is RFC 3713. Its keys are in the order of encryption.
type camellia struct {
	whitening [4]uint64
	rounds    []uint64
	layers    []uint64 // of FL and its inverse, after every six rounds
}

// camelliaConstants are the Sigma of RFC 3713 section 2.2.
var camelliaConstants = [6]uint64{
	0xa09e667f3bcc908b, 0xb67ae8584caa73b2, 0xc6ef372fe94f82be, 0x54ff53a5f1d36f1c, 0x10e527fade682d1d, 0xb05688c2b3e6c1fd,
}

// block128 is a number of 128 bits, the highest first.
type block128 struct{ high, low uint64 }

func load128(b []byte) block128 {
	return block128{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (b block128) store(dst []byte) {
	binary.BigEndian.PutUint64(dst, b.high)
	binary.BigEndian.PutUint64(dst[8:], b.low)
}

func (b block128) xor(o block128) block128 { return block128{b.high ^ o.high, b.low ^ o.low} }

// rotated returns the number turned left by 0 to 127 bits.
func (b block128) rotated(n int) block128 {
	if n >= 64 {
		b, n = block128{b.low, b.high}, n-64
	}
	return block128{b.high<<n | b.low>>(64-n), b.low<<n | b.high>>(64-n)}
}

// part is a piece of the key schedule: which key, turned by how much, and which halves.
type part struct {
	key    byte // of L, R, A, B
	turn   int
	halves string
}

// The schedules of RFC 3713 section 2.2 for 128 bits, and for more.
var (
	camelliaShort = []part{
		{'A', 0, "hl"}, {'L', 15, "hl"}, {'A', 15, "hl"}, {'L', 45, "hl"}, {'A', 45, "h"}, {'L', 60, "l"}, {'A', 60, "hl"},
		{'L', 94, "hl"}, {'A', 94, "hl"}, {'L', 111, "hl"},
	}
	camelliaLong = []part{
		{'B', 0, "hl"}, {'R', 15, "hl"}, {'A', 15, "hl"}, {'B', 30, "hl"}, {'L', 45, "hl"}, {'A', 45, "hl"},
		{'R', 60, "hl"}, {'B', 60, "hl"}, {'L', 77, "hl"}, {'R', 94, "hl"}, {'A', 94, "hl"}, {'L', 111, "hl"},
	}
	camelliaShortLayers = []part{{'A', 30, "hl"}, {'L', 77, "hl"}}
	camelliaLongLayers  = []part{{'R', 30, "hl"}, {'L', 60, "hl"}, {'A', 77, "hl"}}
)

func newCamellia(key []byte) (cipher.Block, error) {
	keys := map[byte]block128{'L': load128(key)}
	switch len(key) {
	case 24:
		half := binary.BigEndian.Uint64(key[16:])
		keys['R'] = block128{half, ^half}
	case 32:
		keys['R'] = load128(key[16:])
	}
	mix := func(d block128, i int) block128 {
		d.low ^= camelliaF(d.high, camelliaConstants[i])
		d.high ^= camelliaF(d.low, camelliaConstants[i+1])
		return d
	}
	keys['A'] = mix(mix(keys['L'].xor(keys['R']), 0).xor(keys['L']), 2)
	keys['B'] = mix(keys['A'].xor(keys['R']), 4)
	take := func(parts []part) (out []uint64) {
		for _, p := range parts {
			turned := keys[p.key].rotated(p.turn)
			for _, half := range p.halves {
				if half == 'h' {
					out = append(out, turned.high)
				} else {
					out = append(out, turned.low)
				}
			}
		}
		return out
	}
	rounds, layers, last := camelliaShort, camelliaShortLayers, keys['A'].rotated(111)
	if len(key) > 16 {
		rounds, layers, last = camelliaLong, camelliaLongLayers, keys['B'].rotated(111)
	}
	first := keys['L']
	return &camellia{[4]uint64{first.high, first.low, last.high, last.low}, take(rounds), take(layers)}, nil
}

func (c *camellia) BlockSize() int { return 16 }

func (c *camellia) Encrypt(dst, src []byte) {
	c.crypt(dst, src, c.whitening, func(keys []uint64, i int) uint64 { return keys[i] })
}

// Decrypt takes the keys backwards.
func (c *camellia) Decrypt(dst, src []byte) {
	w := c.whitening
	c.crypt(dst, src, [4]uint64{w[2], w[3], w[0], w[1]}, func(keys []uint64, i int) uint64 { return keys[len(keys)-1-i] })
}

func (c *camellia) crypt(dst, src []byte, w [4]uint64, key func(keys []uint64, i int) uint64) {
	d := load128(src).xor(block128{w[0], w[1]})
	for i := 0; i < len(c.rounds); i += 2 {
		if i > 0 && i%6 == 0 {
			layer := i/3 - 2
			d.high = camelliaFL(d.high, key(c.layers, layer))
			d.low = camelliaFLInverse(d.low, key(c.layers, layer+1))
		}
		d.low ^= camelliaF(d.high, key(c.rounds, i))
		d.high ^= camelliaF(d.low, key(c.rounds, i+1))
	}
	block128{d.low ^ w[2], d.high ^ w[3]}.store(dst)
}

func camelliaF(x, key uint64) uint64 {
	s := camelliaBox.Get()
	x ^= key
	var t [9]byte // counts from 1, as the RFC does
	for i := range 8 {
		b := byte(x >> (56 - 8*i))
		switch i {
		case 0, 7:
			t[i+1] = s[b]
		case 1, 4:
			t[i+1] = rotate(s[b], 1)
		case 2, 5:
			t[i+1] = rotate(s[b], 7)
		default:
			t[i+1] = s[rotate(b, 1)]
		}
	}
	all := t[1] ^ t[2] ^ t[3] ^ t[4] ^ t[5] ^ t[6] ^ t[7] ^ t[8]
	return binary.BigEndian.Uint64([]byte{
		all ^ t[2] ^ t[5], all ^ t[3] ^ t[6], all ^ t[4] ^ t[7], all ^ t[1] ^ t[8],
		all ^ t[3] ^ t[4] ^ t[5], all ^ t[1] ^ t[4] ^ t[6], all ^ t[1] ^ t[2] ^ t[7], all ^ t[2] ^ t[3] ^ t[8],
	})
}

func camelliaFL(x, key uint64) uint64 {
	high, low := uint32(x>>32), uint32(x)
	low ^= bits.RotateLeft32(high&uint32(key>>32), 1)
	high ^= low | uint32(key)
	return uint64(high)<<32 | uint64(low)
}

func camelliaFLInverse(y, key uint64) uint64 {
	high, low := uint32(y>>32), uint32(y)
	high ^= low | uint32(key)
	low ^= bits.RotateLeft32(high&uint32(key>>32), 1)
	return uint64(high)<<32 | uint64(low)
}

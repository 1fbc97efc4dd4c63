package ciphers

import "crypto/cipher"

// aria is RFC 5794.
type aria struct{ encrypt, decrypt []block128 }

// ariaConstants are those of RFC 5794 section 2.2.
var ariaConstants = [3]block128{
	{0x517cc1b727220a94, 0xfe13abe8fa9a6ee0}, {0x6db14acc9e21c820, 0xff28b1d5ef5de2b0}, {0xdb92371d2126e970, 0x0324977504e8c90e},
}

// ariaTurns are how much the words are turned left for each four round keys.
var ariaTurns = [5]int{128 - 19, 128 - 31, 61, 31, 19}

func newARIA(key []byte) (cipher.Block, error) {
	size := len(key)/8 - 2 // 0, 1, 2
	var padded [32]byte
	copy(padded[:], key)
	w := [4]block128{load128(padded[:])}
	w[1] = ariaRound(w[0], ariaConstants[size], 0).xor(load128(padded[16:]))
	w[2] = ariaRound(w[1], ariaConstants[(size+1)%3], 2).xor(w[0])
	w[3] = ariaRound(w[2], ariaConstants[(size+2)%3], 0).xor(w[1])
	rounds := 12 + 2*size
	c := &aria{}
	for i := range rounds + 1 {
		c.encrypt = append(c.encrypt, w[i%4].xor(w[(i+1)%4].rotated(ariaTurns[i/4])))
		if i%4 == 3 {
			c.encrypt[i] = w[3].xor(w[0].rotated(ariaTurns[i/4]))
		}
	}
	for i := range rounds + 1 {
		k := c.encrypt[rounds-i]
		if i > 0 && i < rounds {
			k = ariaDiffuse(k)
		}
		c.decrypt = append(c.decrypt, k)
	}
	return c, nil
}

func (c *aria) BlockSize() int { return 16 }

func (c *aria) Encrypt(dst, src []byte) { ariaCrypt(dst, src, c.encrypt) }

func (c *aria) Decrypt(dst, src []byte) { ariaCrypt(dst, src, c.decrypt) }

func ariaCrypt(dst, src []byte, keys []block128) {
	b := load128(src)
	last := len(keys) - 2
	for i := range last {
		b = ariaRound(b, keys[i], i%2*2)
	}
	ariaSubstitute(b.xor(keys[last]), 2).xor(keys[last+1]).store(dst)
}

func ariaRound(b, key block128, first int) block128 {
	return ariaDiffuse(ariaSubstitute(b.xor(key), first))
}

// ariaSubstitute takes the S-boxes in turn: first is 0 for odd rounds, 2 for even ones.
func ariaSubstitute(b block128, first int) block128 {
	boxes := ariaBoxes.Get()
	var x [16]byte
	b.store(x[:])
	for i := range x {
		x[i] = boxes[(first+i)%4][x[i]]
	}
	return load128(x[:])
}

// ariaSums are the bytes that each byte of the result is the sum of (RFC 5794 section
// 2.4.3).
var ariaSums = [16][7]byte{
	{3, 4, 6, 8, 9, 13, 14}, {2, 5, 7, 8, 9, 12, 15}, {1, 4, 6, 10, 11, 12, 15}, {0, 5, 7, 10, 11, 13, 14},
	{0, 2, 5, 8, 11, 14, 15}, {1, 3, 4, 9, 10, 14, 15}, {0, 2, 7, 9, 10, 12, 13}, {1, 3, 6, 8, 11, 12, 13},
	{0, 1, 4, 7, 10, 13, 15}, {0, 1, 5, 6, 11, 12, 14}, {2, 3, 5, 6, 8, 13, 15}, {2, 3, 4, 7, 9, 12, 14},
	{1, 2, 6, 7, 9, 11, 12}, {0, 3, 6, 7, 8, 10, 13}, {0, 3, 4, 5, 9, 11, 14}, {1, 2, 4, 5, 8, 10, 15},
}

func ariaDiffuse(b block128) block128 {
	var x, y [16]byte
	b.store(x[:])
	for i, sum := range ariaSums {
		for _, j := range sum {
			y[i] ^= x[j]
		}
	}
	return load128(y[:])
}

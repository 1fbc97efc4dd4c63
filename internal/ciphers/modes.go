package ciphers

import (
	"crypto/cipher"

	"github.com/keyconv/keyconv/internal/lazy"
)

// mode is a mode of operation of NIST SP 800-38A.
type mode struct {
	open, seal func(block cipher.Block, iv, data []byte) []byte
}

// modes has CFB and OFB too, since crypto/cipher calls its own deprecated, and lacks the
// variants of CFB.
var modes = lazy.Map[string, mode]{Make: func() map[string]mode {
	return map[string]mode{
		"CBC":  {openCBC, sealCBC},
		"CFB":  {cfb(opening, wholeBlocks), cfb(sealing, wholeBlocks)},
		"CFB8": {cfb(opening, wholeBytes), cfb(sealing, wholeBytes)},
		"CFB1": {cfb(opening, singleBits), cfb(sealing, singleBits)},
		"OFB":  {xorOFB, xorOFB},
		"CTR":  {xorCTR, xorCTR},
		"ECB":  {ecb(cipher.Block.Decrypt), ecb(cipher.Block.Encrypt)},
	}
}}

// ecb returns a mode that does each block for itself.
func ecb(crypt func(b cipher.Block, dst, src []byte)) func(cipher.Block, []byte, []byte) []byte {
	return func(b cipher.Block, _, data []byte) []byte {
		out := make([]byte, len(data))
		for i := 0; i < len(data); i += b.BlockSize() {
			crypt(b, out[i:], data[i:])
		}
		return out
	}
}

func openCBC(b cipher.Block, iv, data []byte) []byte {
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, data)
	return out
}

func sealCBC(b cipher.Block, iv, data []byte) []byte {
	out := make([]byte, len(data))
	cipher.NewCBCEncrypter(b, iv).CryptBlocks(out, data)
	return out
}

func xorCTR(b cipher.Block, iv, data []byte) []byte {
	out := make([]byte, len(data))
	cipher.NewCTR(b, iv).XORKeyStream(out, data)
	return out
}

func xorOFB(b cipher.Block, iv, data []byte) []byte {
	out := make([]byte, len(data))
	register := append([]byte(nil), iv...)
	for i := range data {
		at := i % len(register)
		if at == 0 {
			b.Encrypt(register, register)
		}
		out[i] = data[i] ^ register[at]
	}
	return out
}

const (
	opening = true
	sealing = false
)

// cfb returns CFB for pieces of some size: what is encrypted goes back into the register.
func cfb(open bool, shift func(b cipher.Block, register, data, out []byte, open bool)) func(cipher.Block, []byte, []byte) []byte {
	return func(b cipher.Block, iv, data []byte) []byte {
		out := make([]byte, len(data))
		shift(b, append([]byte(nil), iv...), data, out, open)
		return out
	}
}

func wholeBlocks(b cipher.Block, register, data, out []byte, open bool) {
	for i := range data {
		at := i % len(register)
		if at == 0 {
			b.Encrypt(register, register)
		}
		out[i] = data[i] ^ register[at]
		register[at] = encrypted(data[i], out[i], open)
	}
}

func wholeBytes(b cipher.Block, register, data, out []byte, open bool) {
	stream := make([]byte, len(register))
	for i := range data {
		b.Encrypt(stream, register)
		out[i] = data[i] ^ stream[0]
		copy(register, register[1:])
		register[len(register)-1] = encrypted(data[i], out[i], open)
	}
}

// singleBits takes the bits of a byte from the highest down, as OpenSSL does.
func singleBits(b cipher.Block, register, data, out []byte, open bool) {
	stream := make([]byte, len(register))
	for i := range data {
		for n := 7; n >= 0; n-- {
			b.Encrypt(stream, register)
			in := data[i] >> n & 1
			bit := in ^ stream[0]>>7
			out[i] |= bit << n
			carry := encrypted(in, bit, open)
			for k := len(register) - 1; k >= 0; k-- {
				register[k], carry = register[k]<<1|carry, register[k]>>7
			}
		}
	}
}

// encrypted returns which of what goes in and what comes out is encrypted.
func encrypted(in, out byte, open bool) byte {
	if open {
		return in
	}
	return out
}

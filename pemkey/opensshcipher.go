package pemkey

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"

	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 OpenSSH's cipher is made of chacha20 and poly1305 in its own way.
	"golang.org/x/crypto/poly1305"
)

// opensshCipher is a cipher that `ssh-keygen -Z` offers. The key derivation returns key
// and IV in one piece.
type opensshCipher struct {
	keySize, ivSize int
	blockSize       int // the private section is padded to it
	tagSize         int // of the authentication tag after the private section
	// open returns false if the tag does not match.
	open func(key, iv, encrypted, tag []byte) ([]byte, bool)
	seal func(key, iv, plain []byte) (encrypted, tag []byte)
}

// opensshCiphers are the ciphers by name (OpenSSH's cipher.c).
var opensshCiphers = lazy.Map[string, opensshCipher]{Make: func() map[string]opensshCipher {
	return map[string]opensshCipher{
		"none": {0, 0, 8, 0,
			func(_, _, encrypted, _ []byte) ([]byte, bool) { return bytes.Clone(encrypted), true },
			func(_, _, plain []byte) ([]byte, []byte) { return bytes.Clone(plain), nil }},
		"3des-cbc":                      {24, 8, 8, 0, openCBC(des.NewTripleDESCipher), sealCBC(des.NewTripleDESCipher)},
		"aes128-cbc":                    {16, 16, 16, 0, openCBC(aes.NewCipher), sealCBC(aes.NewCipher)},
		"aes192-cbc":                    {24, 16, 16, 0, openCBC(aes.NewCipher), sealCBC(aes.NewCipher)},
		"aes256-cbc":                    {32, 16, 16, 0, openCBC(aes.NewCipher), sealCBC(aes.NewCipher)},
		"aes128-ctr":                    {16, 16, 16, 0, openCTR, sealCTR},
		"aes192-ctr":                    {24, 16, 16, 0, openCTR, sealCTR},
		"aes256-ctr":                    {32, 16, 16, 0, openCTR, sealCTR},
		"aes128-gcm@openssh.com":        {16, 12, 16, 16, openGCM, sealGCM},
		"aes256-gcm@openssh.com":        {32, 12, 16, 16, openGCM, sealGCM},
		"chacha20-poly1305@openssh.com": {64, 0, 8, 16, openChaCha, sealChaCha},
	}
}}

type blockMaker func(key []byte) (cipher.Block, error)

// must returns the value. It is for keys whose size the table above gives.
func must[T any](value T, err error) T {
	if err != nil {
		panic("pemkey: " + err.Error())
	}
	return value
}

func openCBC(newBlock blockMaker) func(key, iv, encrypted, tag []byte) ([]byte, bool) {
	return func(key, iv, encrypted, _ []byte) ([]byte, bool) {
		out := make([]byte, len(encrypted))
		cipher.NewCBCDecrypter(must(newBlock(key)), iv).CryptBlocks(out, encrypted)
		return out, true
	}
}

func sealCBC(newBlock blockMaker) func(key, iv, plain []byte) (encrypted, tag []byte) {
	return func(key, iv, plain []byte) ([]byte, []byte) {
		out := make([]byte, len(plain))
		cipher.NewCBCEncrypter(must(newBlock(key)), iv).CryptBlocks(out, plain)
		return out, nil
	}
}

func openCTR(key, iv, encrypted, _ []byte) ([]byte, bool) {
	out, _ := sealCTR(key, iv, encrypted)
	return out, true
}

func sealCTR(key, iv, plain []byte) (encrypted, tag []byte) {
	out := make([]byte, len(plain))
	cipher.NewCTR(must(aes.NewCipher(key)), iv).XORKeyStream(out, plain)
	return out, nil
}

func openGCM(key, iv, encrypted, tag []byte) ([]byte, bool) {
	gcm := must(cipher.NewGCM(must(aes.NewCipher(key))))
	sealed := append(append([]byte(nil), encrypted...), tag...)
	out, err := gcm.Open(nil, iv, sealed, nil)
	return out, err == nil
}

func sealGCM(key, iv, plain []byte) (encrypted, tag []byte) {
	gcm := must(cipher.NewGCM(must(aes.NewCipher(key))))
	out := gcm.Seal(nil, iv, plain, nil)
	return out[:len(plain)], out[len(plain):]
}

// chacha starts the stream of OpenSSH's PROTOCOL.chacha20poly1305 with sequence number 0
// and without an encrypted packet length. It uses the first half of the 64 bytes of key.
// The first block of the stream is the key of Poly1305; the data begins at the second.
func chacha(key []byte) (stream *chacha20.Cipher, macKey [32]byte) {
	stream = must(chacha20.NewUnauthenticatedCipher(key[:32], make([]byte, chacha20.NonceSize)))
	stream.XORKeyStream(macKey[:], macKey[:])
	stream.SetCounter(1)
	return stream, macKey
}

func openChaCha(key, _, encrypted, tag []byte) ([]byte, bool) {
	stream, macKey := chacha(key)
	var want [16]byte
	poly1305.Sum(&want, encrypted, &macKey)
	if subtle.ConstantTimeCompare(want[:], tag) != 1 {
		return nil, false
	}
	out := make([]byte, len(encrypted))
	stream.XORKeyStream(out, encrypted)
	return out, true
}

func sealChaCha(key, _, plain []byte) (encrypted, tag []byte) {
	stream, macKey := chacha(key)
	out := make([]byte, len(plain))
	stream.XORKeyStream(out, plain)
	var sum [16]byte
	poly1305.Sum(&sum, out, &macKey)
	return out, sum[:]
}

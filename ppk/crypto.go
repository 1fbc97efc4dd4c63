package ppk

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1" // versions 1 and 2 are made of SHA-1
	"crypto/sha256"
	"encoding/binary"

	"github.com/keyconv/keyconv/internal/wire"
)

// keys are derived from a passphrase. An unencrypted file has a MAC key too.
type keys struct {
	cipher, iv, mac []byte
}

func (k keys) clear() {
	clear(k.cipher)
	clear(k.iv)
	clear(k.mac)
}

const (
	cipherKeySize = 32
	macKeySize    = 32 // of version 3
	// macKeyPrefix is what versions 1 and 2 hash for the MAC key, before the
	// passphrase. With no passphrase it is still there; version 3 has an empty key.
	macKeyPrefix = "putty-private-key-file-mac-key"
)

// plainKeys returns the keys of an unencrypted file.
func plainKeys(version int) keys {
	if version == 3 {
		return keys{}
	}
	return keys{mac: sha1Of([]byte(macKeyPrefix))}
}

// deriveKeys runs the key derivation of the file's version, once.
func (f *File) deriveKeys(passphrase []byte, derive deriver) keys {
	if f.Version == 3 {
		k := derive(*f.Argon2, passphrase, f.salt, cipherKeySize+cipherBlockSize+macKeySize)
		return keys{cipher: k[:32], iv: k[32:48], mac: k[48:]}
	}
	// Two SHA-1 of a counter and the passphrase: 40 bytes, of which AES takes 32.
	first := sha1Of([]byte{0, 0, 0, 0}, passphrase)
	second := sha1Of([]byte{0, 0, 0, 1}, passphrase)
	return keys{
		cipher: append(first, second...)[:cipherKeySize],
		iv:     make([]byte, cipherBlockSize),
		mac:    sha1Of([]byte(macKeyPrefix), passphrase),
	}
}

func sha1Of(parts ...[]byte) []byte {
	h := sha1.New()
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

// pad fills a private blob up to a whole number of blocks with the beginning of its
// own SHA-1, as PuTTY does (its manual says random). No reader checks it.
func pad(blob []byte) []byte {
	n := -len(blob) & (cipherBlockSize - 1)
	return append(bytes.Clone(blob), sha1Of(blob)[:n]...)
}

func (k keys) encrypt(plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(k.block(), k.iv).CryptBlocks(out, plain)
	return out
}

func (k keys) decrypt(encrypted []byte) []byte {
	out := make([]byte, len(encrypted))
	cipher.NewCBCDecrypter(k.block(), k.iv).CryptBlocks(out, encrypted)
	return out
}

func (k keys) block() cipher.Block {
	block, err := aes.NewCipher(k.cipher)
	if err != nil {
		panic("ppk: the cipher key has a wrong size: " + err.Error())
	}
	return block
}

// computeMAC returns the MAC of the plaintext of the private blob, padding included, and
// from version 2 on also of everything before it.
func (f *File) computeMAC(key, plain []byte) []byte {
	if f.hashed {
		return sha1Of(plain)
	}
	newHash := sha1.New
	if f.Version == 3 {
		newHash = sha256.New
	}
	m := hmac.New(newHash, key)
	if f.Version == 1 {
		m.Write(plain)
		return m.Sum(nil)
	}
	const fields, lengthSize = 5, 4
	inClear := make([]byte, 0, fields*lengthSize+len(f.Algorithm)+len(f.Encryption)+len(f.Comment)+len(f.public))
	inClear = wire.AppendString(wire.AppendString(wire.AppendString(inClear, f.Algorithm), f.Encryption), f.Comment)
	inClear = wire.AppendString(inClear, f.public)
	m.Write(binary.BigEndian.AppendUint32(inClear, uint32(len(plain)))) // what follows is not copied: it is secret
	m.Write(plain)
	return m.Sum(nil)
}

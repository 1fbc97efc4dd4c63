package ppk

import (
	"crypto"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// eddsa returns the type of ssh-ed25519 or ssh-ed448. The private blob is a string with
// the seed (32 or 57 bytes), without a public copy. The manual calls it an mpint; it never
// was one, and writers that believed it wrote keys that PuTTY cannot use where the first bit
// is 1 or the first byte is 0. Such a number is read; the public half proves it.
func eddsa[Public, Private ~[]byte](seedSize int, newKey func(public, seed []byte) (Private, error)) keyType {
	return keyType{
		parse: func(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
			public, err := cryptoPublic[Public](pub)
			if err != nil {
				return nil, err
			}
			seed := r.String("private key")
			if err := r.Err(); err != nil {
				return nil, privateError(err)
			}
			return newKey(public, asSeed(seed, seedSize))
		},
		marshal: func(private crypto.PrivateKey) []byte {
			return wire.AppendString(nil, private.(Private)[:seedSize])
		},
	}
}

// deviations returns how the file departs from the format, when its key has been read.
func (f *File) deviations(plain []byte) []sshkey.Deviation {
	var found []sshkey.Deviation
	if rawkey.HasUnsortedOptions(f.PublicKey) {
		found = append(found, sshkey.DeviationCertificateOrder)
	}
	size, eddsa := map[string]int{ssh.KeyAlgoED25519: ed25519.SeedSize, rawkey.KeyAlgoED448: ed448.SeedSize}[rawkey.WithoutCertificate(f.PublicKey).Type()]
	if eddsa && len(wire.NewReader(plain).String("private key")) != size {
		found = append(found, sshkey.DeviationSeedNumber)
	}
	return found
}

// asSeed returns the seed in full length where it was written as a number: with a zero in
// front of a first bit of 1, or without the zeros that it began with.
func asSeed(number []byte, size int) []byte {
	if len(number) == size+1 && number[0] == 0 && number[1]&0x80 != 0 {
		return number[1:]
	}
	if len(number) > 0 && len(number) < size && number[0]&0x80 == 0 {
		return append(make([]byte, size-len(number)), number...)
	}
	return number
}

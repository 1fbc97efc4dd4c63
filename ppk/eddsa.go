package ppk

import (
	"crypto"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// eddsa returns the type of ssh-ed25519 or ssh-ed448. The private blob is a string with
// the seed (32 or 57 bytes), without a public copy. The manual calls it an mpint; it never
// was one, and writers that believed it lost keys whose first bit is 1 or first byte is 0.
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
			return newKey(public, seed)
		},
		marshal: func(private crypto.PrivateKey) []byte {
			return wire.AppendString(nil, private.(Private)[:seedSize])
		},
	}
}

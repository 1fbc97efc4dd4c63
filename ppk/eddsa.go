package ppk

import (
	"crypto"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// The private blob of ssh-ed25519 and ssh-ed448 is a string with the seed (32 or 57
// bytes), without a public copy. The manual calls it an mpint; it never was one, and
// writers that believed it lost keys whose first bit is 1 or first byte is 0.

func parseEd25519(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[ed25519.PublicKey](pub)
	if err != nil {
		return nil, err
	}
	seed := r.String("private key")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	return sshkey.NewEd25519(public, seed)
}

func marshalEd25519(private crypto.PrivateKey) []byte {
	return wire.AppendString(nil, private.(ed25519.PrivateKey)[:ed25519.SeedSize])
}

func parseEd448(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[ed448.PublicKey](pub)
	if err != nil {
		return nil, err
	}
	seed := r.String("private key")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	return sshkey.NewEd448(public, seed)
}

func marshalEd448(private crypto.PrivateKey) []byte {
	return wire.AppendString(nil, private.(ed448.PrivateKey)[:ed448.SeedSize])
}

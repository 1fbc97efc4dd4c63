package sshkey

import (
	"crypto/ed25519"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

type ed25519Key ed25519.PrivateKey

// NewEd25519 makes an Ed25519 private key of its 32-byte seed. A nil public half
// is computed; any other must match the seed. It returns an *InvalidKeyError.
func NewEd25519(public, seed []byte) (ed25519.PrivateKey, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, invalid("Ed25519: the private half has %d bytes, not %d", len(seed), ed25519.SeedSize)
	}
	key := ed25519.NewKeyFromSeed(seed)
	if public != nil && !constantTimeEqual(public, key[ed25519.SeedSize:]) {
		return nil, errEd25519Halves
	}
	return key, nil
}

var errEd25519Halves = invalid("Ed25519: the private half does not match the public half")

func (k ed25519Key) check() error {
	if len(k) != ed25519.PrivateKeySize {
		return invalid("Ed25519: the private key has %d bytes, not %d", len(k), ed25519.PrivateKeySize)
	}
	_, err := NewEd25519(k[ed25519.SeedSize:], k[:ed25519.SeedSize])
	return err
}

// validate has nothing to add: every seed is a good key.
func (ed25519Key) validate() error { return nil }

func (k ed25519Key) public() (ssh.PublicKey, error) {
	return ssh.NewPublicKey(ed25519.PublicKey(k[ed25519.SeedSize:]))
}

func (k ed25519Key) secret() []byte {
	return wire.AppendString(wire.AppendString(nil, ssh.KeyAlgoED25519), k)
}

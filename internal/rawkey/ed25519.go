package rawkey

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

var ed25519Type = Type{
	Name: "ed25519", Title: "Ed25519", Algorithms: []string{ssh.KeyAlgoED25519},
	PKCS8: true, Certificates: true, JWK: true, Dropbear: true,
	PuTTY: "0.68", OpenSSH: "6.5",
	Sizes:       Sizes{Default: 256, Only: []int{256}},
	size:        256,
	parsePublic: parsePublicEd25519,
	material: func(private crypto.PrivateKey) material {
		if key, ok := private.(ed25519.PrivateKey); ok {
			return ed25519Key(key)
		}
		return nil
	},
	generate: func(int) (crypto.PrivateKey, error) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	},
	checkSteps: func(uint64) uint64 { return 30_000 },
	publicParts: func(key any) []Part {
		if key, ok := key.(ed25519.PublicKey); ok {
			return curve25519().publicParts(key)
		}
		return nil
	},
	privateParts: func(key any) []Part {
		if key, ok := key.(ed25519.PrivateKey); ok {
			return []Part{{"private_exponent", littleEndian(key[:ed25519.SeedSize])}}
		}
		return nil
	},
}

type ed25519Key ed25519.PrivateKey

// NewEd25519 makes an Ed25519 private key from its 32-byte seed. A nil public half is
// computed; any other must match the seed. It returns an *sshkey.InvalidKeyError.
func NewEd25519(public, seed []byte) (ed25519.PrivateKey, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, invalid("Ed25519: the private half has %d bytes, not %d", len(seed), ed25519.SeedSize)
	}
	testOnlyProof()
	key := ed25519.NewKeyFromSeed(seed)
	if public != nil && subtle.ConstantTimeCompare(public, key[ed25519.SeedSize:]) != 1 {
		return nil, errEd25519Halves()
	}
	return key, nil
}

func errEd25519Halves() error {
	return invalid("Ed25519: the private half does not match the public half")
}

func (k ed25519Key) complete() error {
	if len(k) != ed25519.PrivateKeySize {
		return invalid("Ed25519: the private key has %d bytes, not %d", len(k), ed25519.PrivateKeySize)
	}
	return nil
}

func (k ed25519Key) check() error {
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

func parsePublicEd25519(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := r.String("public key")
	if err := r.End(); err != nil {
		return nil, invalid("Ed25519 public key: %v", err)
	}
	if len(key) != ed25519.PublicKeySize {
		return nil, invalid("Ed25519 public key: it has %d bytes, not %d", len(key), ed25519.PublicKeySize)
	}
	return ssh.NewPublicKey(ed25519.PublicKey(bytes.Clone(key)))
}

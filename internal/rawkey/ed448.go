package rawkey

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// KeyAlgoED448 is the algorithm name of Ed448 keys and signatures (RFC 8709).
const KeyAlgoED448 = "ssh-ed448"

// Ed448PublicKey is an ssh.PublicKey, which golang.org/x/crypto/ssh does not have:
// RFC 8709 defines it, PuTTY uses it, OpenSSH does not.
type Ed448PublicKey ed448.PublicKey

var (
	_ ssh.PublicKey       = Ed448PublicKey{}
	_ ssh.CryptoPublicKey = Ed448PublicKey{}
)

// Type returns "ssh-ed448".
func (Ed448PublicKey) Type() string { return KeyAlgoED448 }

// Marshal returns the public blob of RFC 8709 section 4.
func (k Ed448PublicKey) Marshal() []byte {
	return wire.AppendString(wire.AppendString(nil, KeyAlgoED448), []byte(k))
}

// Verify checks a signature of RFC 8709 section 6.
func (k Ed448PublicKey) Verify(data []byte, sig *ssh.Signature) error {
	if sig.Format != KeyAlgoED448 {
		return fmt.Errorf("sshkey: signature type %q for key type %q", sig.Format, KeyAlgoED448)
	}
	if len(k) != ed448.PublicKeySize || !ed448.Verify(ed448.PublicKey(k), data, sig.Blob, "") {
		return errors.New("sshkey: signature did not verify")
	}
	return nil
}

// CryptoPublicKey returns an ed448.PublicKey of circl.
func (k Ed448PublicKey) CryptoPublicKey() crypto.PublicKey { return ed448.PublicKey(k) }

var ed448Type = Type{
	Name: "ed448", Title: "Ed448", Algorithms: []string{KeyAlgoED448},
	PKCS8: true, JWK: true,
	PuTTY: "0.75", OpenSSH: Never,
	Sizes:       Sizes{Default: 448, Only: []int{448}},
	CommentName: "eddsa",
	size:        448,
	parsePublic: parsePublicEd448,
	material: func(private crypto.PrivateKey) material {
		if key, ok := private.(ed448.PrivateKey); ok {
			return ed448Key(key)
		}
		return nil
	},
	generate: func(int) (crypto.PrivateKey, error) {
		_, key, err := ed448.GenerateKey(rand.Reader)
		return key, err
	},
	checkSteps: func(uint64) uint64 { return 100_000 },
	publicParts: func(key any) []Part {
		if key, ok := key.(ed448.PublicKey); ok {
			return curve448().publicParts(key)
		}
		return nil
	},
	privateParts: func(key any) []Part {
		if key, ok := key.(ed448.PrivateKey); ok {
			return []Part{{"private_exponent", littleEndian(key[:ed448.SeedSize])}}
		}
		return nil
	},
}

type ed448Key ed448.PrivateKey

// NewEd448 makes an Ed448 private key from its 57-byte seed. A nil public half is
// computed; any other must match the seed. It returns an *sshkey.InvalidKeyError.
func NewEd448(public, seed []byte) (ed448.PrivateKey, error) {
	if len(seed) != ed448.SeedSize {
		return nil, invalid("Ed448: the private half has %d bytes, not %d", len(seed), ed448.SeedSize)
	}
	testOnlyProof()
	key := ed448.NewKeyFromSeed(seed)
	if public != nil && subtle.ConstantTimeCompare(public, key[ed448.SeedSize:]) != 1 {
		return nil, errEd448Halves()
	}
	return key, nil
}

func errEd448Halves() error {
	return invalid("Ed448: the private half does not match the public half")
}

func (k ed448Key) complete() error {
	if len(k) != ed448.PrivateKeySize {
		return invalid("Ed448: the private key has %d bytes, not %d", len(k), ed448.PrivateKeySize)
	}
	return nil
}

func (k ed448Key) check() error {
	_, err := NewEd448(k[ed448.SeedSize:], k[:ed448.SeedSize])
	return err
}

// validate has nothing to add: every seed is a good key.
func (ed448Key) validate() error { return nil }

func (k ed448Key) public() (ssh.PublicKey, error) {
	return Ed448PublicKey(k[ed448.SeedSize:]), nil
}

func (k ed448Key) secret() []byte {
	return wire.AppendString(wire.AppendString(nil, KeyAlgoED448), k)
}

func parsePublicEd448(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := r.String("public key")
	if err := r.End(); err != nil {
		return nil, invalid("Ed448 public key: %v", err)
	}
	if len(key) != ed448.PublicKeySize {
		return nil, invalid("Ed448 public key: it has %d bytes, not %d", len(key), ed448.PublicKeySize)
	}
	return Ed448PublicKey(bytes.Clone(key)), nil
}

package rawkey

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

const (
	// KeyAlgoMLDSA44Ed25519 is the algorithm name of keys of ML-DSA-44 together with Ed25519
	// (draft-ietf-sshm-composite-sigs), which OpenSSH has since version 10.6.
	KeyAlgoMLDSA44Ed25519 = "ssh-mldsa44-ed25519"
	// KeyAlgoMLDSA44Ed25519Experimental is the name that OpenSSH 10.4 and 10.5 have for them.
	// Later versions want such a key to be generated again.
	KeyAlgoMLDSA44Ed25519Experimental = "ssh-mldsa44-ed25519@openssh.com"
)

var mldsa44Ed25519Type = Type{
	Name: "mldsa44-ed25519", Title: "ML-DSA-44 with Ed25519", Algorithms: []string{KeyAlgoMLDSA44Ed25519},
	PuTTY: Never, OpenSSH: "10.6",
	Sizes:        Sizes{Default: 256, Only: []int{256}}, // as ssh-keygen shows it
	size:         256,
	checkSteps:   func(uint64) uint64 { return 250_000 },
	parsePublic:  parsePublicComposite,
	material:     func(private crypto.PrivateKey) material { return compositeOf(private, KeyAlgoMLDSA44Ed25519) },
	publicParts:  compositePublicParts,
	privateParts: compositePrivateParts,
	generate: func(int) (crypto.PrivateKey, error) {
		seeds := make([]byte, compositeSeedSize)
		if _, err := rand.Read(seeds); err != nil {
			return nil, err
		}
		return NewMLDSA44Ed25519(KeyAlgoMLDSA44Ed25519, nil, seeds)
	},
}

// mldsa44Ed25519ExperimentalType is a type of its own, since other versions of OpenSSH have
// it. It is converted but not made.
var mldsa44Ed25519ExperimentalType = Type{
	Name: "mldsa44-ed25519-experimental", Title: "experimental ML-DSA-44 with Ed25519",
	Algorithms: []string{KeyAlgoMLDSA44Ed25519Experimental}, Certificates: true, shownCertificates: true,
	PuTTY: Never, OpenSSH: "10.4", OpenSSHUntil: "10.5", OpenSSHDropped: "10.6",
	size:        256,
	checkSteps:  func(uint64) uint64 { return 250_000 },
	parsePublic: parsePublicComposite,
	material: func(private crypto.PrivateKey) material {
		return compositeOf(private, KeyAlgoMLDSA44Ed25519Experimental)
	},
	publicParts:  compositePublicParts,
	privateParts: compositePrivateParts,
	findings: func(crypto.PublicKey, crypto.PrivateKey) []Finding {
		return []Finding{{
			Code:    "mldsa44-experimental",
			Message: "the key has the experimental type of OpenSSH 10.4 and 10.5, and OpenSSH 10.6 and later does not take it",
			Advice:  Advice{Action: ReplaceKey, Text: "generate it again, with the final type ssh-mldsa44-ed25519, and replace this one"},
			Source:  "https://www.openssh.com/releasenotes.html",
		}}
	},
}

const (
	compositePublicSize    = mldsa44.PublicKeySize + ed25519.PublicKeySize
	compositeSeedSize      = mldsa44.SeedSize + ed25519.SeedSize
	compositeSignatureSize = mldsa44.SignatureSize + ed25519.SignatureSize
)

// MLDSA44Ed25519PublicKey is the public half of a key of ML-DSA-44 together with Ed25519.
// One of the two alone is not a key: both signatures have to verify.
type MLDSA44Ed25519PublicKey struct {
	// Algorithm is KeyAlgoMLDSA44Ed25519 or KeyAlgoMLDSA44Ed25519Experimental.
	Algorithm string
	// Public is the public key of ML-DSA-44 (1312 bytes), followed by that of Ed25519 (32).
	Public []byte
}

var (
	_ ssh.PublicKey       = MLDSA44Ed25519PublicKey{}
	_ ssh.CryptoPublicKey = MLDSA44Ed25519PublicKey{}
)

// Type returns the algorithm name.
func (k MLDSA44Ed25519PublicKey) Type() string { return k.Algorithm }

// Marshal returns the public blob.
func (k MLDSA44Ed25519PublicKey) Marshal() []byte {
	return wire.AppendString(wire.AppendString(nil, k.Algorithm), k.Public)
}

// CryptoPublicKey returns the key itself, as no package of Go has the type.
func (k MLDSA44Ed25519PublicKey) CryptoPublicKey() crypto.PublicKey { return k }

// compositeLabel separates the signatures from those of other uses of the same keys
// (draft-ietf-lamps-pq-composite-sigs, section on id-MLDSA44-Ed25519-SHA512).
const compositeLabel = "COMPSIG-MLDSA44-Ed25519-SHA512"

// compositeMessage returns what both keys sign in place of the data: prefix, label, an empty
// context with its length, and the hash.
func compositeMessage(data []byte) []byte {
	hash := sha512.Sum512(data)
	return append([]byte("CompositeAlgorithmSignatures2025"+compositeLabel+"\x00"), hash[:]...)
}

// Verify checks a signature, which is that of ML-DSA-44 followed by that of Ed25519.
func (k MLDSA44Ed25519PublicKey) Verify(data []byte, sig *ssh.Signature) error {
	if sig.Format != k.Algorithm {
		return fmt.Errorf("sshkey: signature type %q for key type %q", sig.Format, k.Algorithm)
	}
	failed := errors.New("sshkey: signature did not verify")
	if len(k.Public) != compositePublicSize || len(sig.Blob) != compositeSignatureSize {
		return failed
	}
	var lattice mldsa44.PublicKey
	if lattice.UnmarshalBinary(k.Public[:mldsa44.PublicKeySize]) != nil {
		return failed
	}
	message := compositeMessage(data)
	first, second := sig.Blob[:mldsa44.SignatureSize], sig.Blob[mldsa44.SignatureSize:]
	if !mldsa44.Verify(&lattice, message, []byte(compositeLabel), first) ||
		!ed25519.Verify(k.Public[mldsa44.PublicKeySize:], message, second) {
		return failed
	}
	return nil
}

// MLDSA44Ed25519PrivateKey is a private key of ML-DSA-44 together with Ed25519.
type MLDSA44Ed25519PrivateKey struct {
	// Algorithm is KeyAlgoMLDSA44Ed25519 or KeyAlgoMLDSA44Ed25519Experimental.
	Algorithm string
	// Seeds is the seed of ML-DSA-44 (FIPS 204, 32 bytes), followed by that of Ed25519 (32).
	Seeds []byte
	// Public is as in the public half. It must be the one of the seeds.
	Public []byte
}

// NewMLDSA44Ed25519 makes a private key from its two seeds. A nil public half is computed;
// any other must match the seeds. It returns an *sshkey.InvalidKeyError.
func NewMLDSA44Ed25519(algorithm string, public, seeds []byte) (*MLDSA44Ed25519PrivateKey, error) {
	if algorithm != KeyAlgoMLDSA44Ed25519 && algorithm != KeyAlgoMLDSA44Ed25519Experimental {
		return nil, invalid("ML-DSA-44 with Ed25519: the type is %s", quote.Short(algorithm))
	}
	if len(seeds) != compositeSeedSize {
		return nil, invalid("ML-DSA-44 with Ed25519: the private half has %d bytes, not %d", len(seeds), compositeSeedSize)
	}
	testOnlyProof()
	lattice, _ := mldsa44.NewKeyFromSeed((*[mldsa44.SeedSize]byte)(seeds))
	derived := lattice.Bytes()
	edwards := ed25519.NewKeyFromSeed(seeds[mldsa44.SeedSize:])
	defer clear(edwards)
	derived = append(derived, edwards[ed25519.SeedSize:]...)
	if public != nil && subtle.ConstantTimeCompare(public, derived) != 1 {
		return nil, invalid("ML-DSA-44 with Ed25519: the private half does not match the public half")
	}
	return &MLDSA44Ed25519PrivateKey{Algorithm: algorithm, Seeds: bytes.Clone(seeds), Public: derived}, nil
}

type compositeKey struct{ *MLDSA44Ed25519PrivateKey }

// compositeOf returns the methods of a key with one of the two names.
func compositeOf(private crypto.PrivateKey, algorithm string) material {
	if key, ok := private.(*MLDSA44Ed25519PrivateKey); ok && key != nil && key.Algorithm == algorithm {
		return compositeKey{key}
	}
	return nil
}

func (k compositeKey) complete() error {
	if len(k.Public) != compositePublicSize {
		return invalid("ML-DSA-44 with Ed25519: the public half has %d bytes, not %d", len(k.Public), compositePublicSize)
	}
	if len(k.Seeds) != compositeSeedSize {
		return invalid("ML-DSA-44 with Ed25519: the private half has %d bytes, not %d", len(k.Seeds), compositeSeedSize)
	}
	return nil
}

func (k compositeKey) check() error {
	_, err := NewMLDSA44Ed25519(k.Algorithm, k.Public, k.Seeds)
	return err
}

// validate has nothing to add: every seed is a good key.
func (compositeKey) validate() error { return nil }

func (k compositeKey) public() (ssh.PublicKey, error) {
	return MLDSA44Ed25519PublicKey{k.Algorithm, bytes.Clone(k.Public)}, nil
}

func (k compositeKey) secret() []byte {
	return wire.AppendString(wire.AppendString(wire.AppendString(nil, k.Algorithm), k.Public), k.Seeds)
}

func parsePublicComposite(algorithm string, r *wire.Reader) (ssh.PublicKey, error) {
	key := r.String("public key")
	if err := r.End(); err != nil {
		return nil, invalid("ML-DSA-44 with Ed25519 public key: %v", err)
	}
	if len(key) != compositePublicSize {
		return nil, invalid("ML-DSA-44 with Ed25519 public key: it has %d bytes, not %d", len(key), compositePublicSize)
	}
	return MLDSA44Ed25519PublicKey{algorithm, bytes.Clone(key)}, nil
}

func compositePublicParts(public any) []Part {
	key, ok := public.(MLDSA44Ed25519PublicKey)
	if !ok {
		return nil
	}
	return []Part{
		{"key_type", "MLDSA44-Ed25519"},
		{"public_mldsa44", key.Public[:mldsa44.PublicKeySize]},
		{"public_ed25519", key.Public[mldsa44.PublicKeySize:]},
	}
}

func compositePrivateParts(private any) []Part {
	key, ok := private.(*MLDSA44Ed25519PrivateKey)
	if !ok {
		return nil
	}
	return []Part{
		{"private_mldsa44_seed", key.Seeds[:mldsa44.SeedSize]},
		{"private_ed25519_seed", key.Seeds[mldsa44.SeedSize:]},
	}
}

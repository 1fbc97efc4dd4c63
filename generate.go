package keyconv

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 PuTTYgen makes DSA keys, and some old machines take nothing else.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"slices"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/sshkey"
)

// generators are the types that Generate makes, the default first.
var generators = []struct {
	name      string
	bits      func(bits int) bool // whether the type has the size
	byDefault int
	generate  func(bits int) (crypto.PrivateKey, error)
}{
	{"ed25519", oneOf(256), 256, generateEd25519},
	{"ed448", oneOf(448), 448, generateEd448},
	{"ecdsa", oneOf(256, 384, 521), 256, generateECDSA},
	{"rsa", rsaBits, 3072, generateRSA},
	{"dsa", oneOf(1024, 2048, 3072), 1024, generateDSA},
}

func oneOf(sizes ...int) func(int) bool {
	return func(bits int) bool { return slices.Contains(sizes, bits) }
}

// rsaBits are from what servers still accept to what is bearably slow.
func rsaBits(bits int) bool { return bits >= 2048 && bits <= 8192 }

// KeyTypes returns the types that [Generate] makes, the default first.
func KeyTypes() []string {
	var names []string
	for _, g := range generators {
		names = append(names, g.name)
	}
	return names
}

// Generate makes a new private key of the system's random numbers: "ed25519",
// "ed448", "ecdsa" (256, 384 or 521 bits), "rsa" (2048 to 8192 bits; a large one
// takes seconds) or "dsa" (1024, 2048 or 3072 bits; for very old servers: OpenSSH 10
// has no DSA). 0 bits mean the default of the type: 256 for ecdsa, 3072 for rsa, 1024
// for dsa, since OpenSSH never took more.
// The comment is empty. It returns an *UnsupportedError for another type or size.
func Generate(keyType string, bits int) (*sshkey.Key, error) {
	for _, g := range generators {
		if g.name != keyType {
			continue
		}
		if bits == 0 {
			bits = g.byDefault
		}
		if !g.bits(bits) {
			return nil, prefixed(&UnsupportedError{What: fmt.Sprintf("the type %s with %d bits", keyType, bits)})
		}
		private, err := g.generate(bits)
		if err != nil {
			return nil, prefixed(err)
		}
		return &sshkey.Key{Private: private}, nil
	}
	return nil, prefixed(&UnsupportedError{What: fmt.Sprintf("the key type %q", keyType)})
}

func generateEd25519(int) (crypto.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

func generateEd448(int) (crypto.PrivateKey, error) {
	_, key, err := ed448.GenerateKey(rand.Reader)
	return key, err
}

func generateECDSA(bits int) (crypto.PrivateKey, error) {
	for _, c := range sshkey.Curves() {
		if c.Elliptic.Params().BitSize == bits {
			return ecdsa.GenerateKey(c.Elliptic, rand.Reader)
		}
	}
	return nil, &UnsupportedError{What: fmt.Sprintf("a curve of %d bits", bits)}
}

// generateRSA puts the larger prime first, as PuTTY's files need it: so the key comes
// back byte for byte from there.
func generateRSA(bits int) (crypto.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, err
	}
	p, q := key.Primes[0], key.Primes[1]
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	return sshkey.NewRSA(key.N, big.NewInt(int64(key.E)), key.D, p, q)
}

// generateDSA takes the sizes of FIPS 186-3 section 4.2.
func generateDSA(bits int) (crypto.PrivateKey, error) {
	sizes := map[int]dsa.ParameterSizes{1024: dsa.L1024N160, 2048: dsa.L2048N256, 3072: dsa.L3072N256}
	key := &dsa.PrivateKey{}
	if err := dsa.GenerateParameters(&key.Parameters, rand.Reader, sizes[bits]); err != nil {
		return nil, err
	}
	if err := dsa.GenerateKey(key, rand.Reader); err != nil {
		return nil, err
	}
	return sshkey.NewDSA(key.P, key.Q, key.G, key.Y, key.X)
}

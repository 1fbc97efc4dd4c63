package rawkey

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rand"
	"math/big"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// KeyAlgoDSA is the algorithm name of DSA keys (RFC 4253 section 6.6). OpenSSH
// dropped them with 10.0.
const KeyAlgoDSA = "ssh-dss"

var dsaType = Type{
	Name: "dsa", Title: "DSA", Algorithms: []string{KeyAlgoDSA},
	TraditionalPEM: true, PKCS8: true, SSHCom: true, Certificates: true, Dropbear: true,
	PuTTY: "0.52", OpenSSH: Always, OpenSSHUntil: "9.9", OpenSSHDropped: "10",
	// The sizes of FIPS 186-3 section 4.2. OpenSSH never took more than the first.
	Sizes: Sizes{Default: 1024, Only: []int{1024, 2048, 3072}},
	bits: func(public crypto.PublicKey) int {
		if key, ok := public.(*dsa.PublicKey); ok {
			return key.P.BitLen()
		}
		return 0
	},
	parsePublic: parsePublicDSA,
	material: func(private crypto.PrivateKey) material {
		if key, ok := private.(*dsa.PrivateKey); ok {
			return dsaKey{key}
		}
		return nil
	},
	findings: func(crypto.PublicKey, crypto.PrivateKey) []Finding { return findDSA() },
	generate: generateDSA,

	validateSteps: primalitySteps,
	publicParts: func(key any) []Part {
		if key, ok := key.(*dsa.PublicKey); ok {
			return []Part{{"key_type", "DSA"}, {"p", key.P}, {"q", key.Q}, {"g", key.G}, {"public_y", key.Y}}
		}
		return nil
	},
	privateParts: func(key any) []Part {
		if key, ok := key.(*dsa.PrivateKey); ok {
			return []Part{{"private_x", key.X}}
		}
		return nil
	},
}

type dsaKey struct{ *dsa.PrivateKey }

// NewDSA makes a DSA private key from the numbers of a key file, which it keeps and does
// not change, and returns the errors of [Check]. x is kept as it is: PuTTY reads one
// above q too. A nil y is computed.
func NewDSA(p, q, g, y, x *big.Int) (*dsa.PrivateKey, error) {
	key := &dsa.PrivateKey{X: x}
	key.P, key.Q, key.G, key.Y = p, q, g, y
	if y == nil {
		key.Y = one
		if err := (dsaKey{key}).complete(); err != nil {
			return nil, err
		}
		if err := (dsaKey{key}).checkGroup(); err != nil {
			return nil, err
		}
		key.Y = (dsaKey{key}).power()
		return key, nil
	}
	if err := checked(dsaKey{key}); err != nil {
		return nil, err
	}
	return key, nil
}

// complete bounds the numbers before anything is computed with them.
func (k dsaKey) complete() error {
	if k.PrivateKey == nil {
		return invalid("DSA: a number is missing")
	}
	for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y, k.X} {
		if x == nil || x.Sign() <= 0 {
			return invalid("DSA: a number is missing")
		}
	}
	for _, x := range []*big.Int{k.Q, k.G, k.Y, k.X} {
		if x.Cmp(k.P) >= 0 {
			return invalid("DSA: a number is out of range")
		}
	}
	return checkDSASize(k.P, k.Q)
}

func (k dsaKey) check() error {
	if err := k.checkGroup(); err != nil {
		return err
	}
	if k.power().Cmp(k.Y) != 0 {
		return invalid("DSA: the private half does not match the public half")
	}
	return nil
}

// checkGroup makes sure that g is of order q, and not of a divisor of q. The private
// half does not depend on q, so only this check notices a damaged one.
func (k dsaKey) checkGroup() error {
	if k.G.Cmp(one) <= 0 || !k.Q.ProbablyPrime(0) || new(big.Int).Exp(k.G, k.Q, k.P).Cmp(one) != 0 {
		return invalid("DSA: g does not generate the group of order q")
	}
	return nil
}

func checkDSASize(p, q *big.Int) error {
	if bits := p.BitLen(); bits > MaxDSABits {
		return NewKeySize("DSA prime in bits", bits, MaxDSABits)
	}
	if bits := q.BitLen(); bits > MaxDSAOrderBits {
		return NewKeySize("DSA group order in bits", bits, MaxDSAOrderBits)
	}
	return nil
}

// power returns g^x mod p. An x above q is reduced first, since the time grows with its
// bits; the power is the same, as g is known to be of order q.
func (k dsaKey) power() *big.Int {
	testOnlyProof()
	x := k.X
	if x.Cmp(k.Q) >= 0 {
		x = new(big.Int).Mod(x, k.Q)
	}
	return new(big.Int).Exp(k.G, x, k.P)
}

// validate checks that p and q are prime. Then check has proved that q is the order of
// g, and so divides p-1.
func (k dsaKey) validate() error {
	if !k.P.ProbablyPrime(primalityRounds(k.P.BitLen())) || !k.Q.ProbablyPrime(20) {
		return invalid("DSA: p or q is not a prime number")
	}
	return nil
}

func (k dsaKey) public() (ssh.PublicKey, error) { return ssh.NewPublicKey(&k.PublicKey) }

func (k dsaKey) secret() []byte {
	b := wire.AppendString(nil, KeyAlgoDSA)
	for _, x := range []*big.Int{k.P, k.Q, k.G, k.Y, k.X} {
		b = wire.AppendMpint(b, x)
	}
	return b
}

func parsePublicDSA(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	key := &dsa.PublicKey{}
	key.P, key.Q, key.G, key.Y = r.Mpint("p"), r.Mpint("q"), r.Mpint("g"), r.Mpint("y")
	if err := r.End(); err != nil {
		return nil, invalid("DSA public key: %v", err)
	}
	if err := checkDSASize(key.P, key.Q); err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(key)
}

func generateDSA(bits int) (crypto.PrivateKey, error) {
	sizes := map[int]dsa.ParameterSizes{1024: dsa.L1024N160, 2048: dsa.L2048N256, 3072: dsa.L3072N256}
	key := &dsa.PrivateKey{}
	if err := dsa.GenerateParameters(&key.Parameters, rand.Reader, sizes[bits]); err != nil {
		return nil, err
	}
	if err := dsa.GenerateKey(key, rand.Reader); err != nil {
		return nil, err
	}
	return NewDSA(key.P, key.Q, key.G, key.Y, key.X)
}

func findDSA() []Finding {
	return []Finding{{
		Code:    "dsa",
		Message: "DSA keys are obsolete, and OpenSSH 10.0 and later refuses them",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key, of type Ed25519 or RSA, and replace this one"},
		Source:  "https://www.openssh.com/txt/release-10.0",
		Refuse:  true,
	}}
}

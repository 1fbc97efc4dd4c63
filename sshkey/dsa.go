package sshkey

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"math/big"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// KeyAlgoDSA is the algorithm name of DSA keys (RFC 4253 section 6.6). OpenSSH
// dropped them with 10.0.
const KeyAlgoDSA = "ssh-dss"

type dsaKey struct{ *dsa.PrivateKey }

// NewDSA makes a DSA private key of numbers from a key file, which it keeps and
// does not change, and returns the errors of [Key.Check]. x is kept as it is:
// PuTTY reads one above q too. A nil y is computed.
func NewDSA(p, q, g, y, x *big.Int) (*dsa.PrivateKey, error) {
	key := &dsa.PrivateKey{X: x}
	key.P, key.Q, key.G, key.Y = p, q, g, y
	if y == nil {
		key.Y = one
		if err := (dsaKey{key}).checkGroup(); err != nil {
			return nil, err
		}
		key.Y = (dsaKey{key}).power()
		return key, nil
	}
	if err := (dsaKey{key}).check(); err != nil {
		return nil, err
	}
	return key, nil
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

// checkGroup makes sure that g is of order q: the private half says nothing of q, so that
// damage to it is seen here alone.
func (k dsaKey) checkGroup() error {
	if err := k.checkRange(); err != nil {
		return err
	}
	if k.G.Cmp(one) <= 0 || new(big.Int).Exp(k.G, k.Q, k.P).Cmp(one) != 0 {
		return invalid("DSA: g does not generate the group of order q")
	}
	return nil
}

// checkRange bounds the numbers before anything is computed with them.
func (k dsaKey) checkRange() error {
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

func checkDSASize(p, q *big.Int) error {
	if err := checkKeySize("DSA prime in bits", p.BitLen(), MaxDSABits); err != nil {
		return err
	}
	return checkKeySize("DSA group order in bits", q.BitLen(), MaxDSAOrderBits)
}

// power is g^x mod p. An x above q would take as many times longer as it has more bits,
// and is the same power, as g is known to be of order q.
func (k dsaKey) power() *big.Int {
	x := k.X
	if x.Cmp(k.Q) >= 0 {
		x = new(big.Int).Mod(x, k.Q)
	}
	return new(big.Int).Exp(k.G, x, k.P)
}

// validate has no more to ask than this: where p and q are prime, check has proved that
// q is the order of g, and so divides p-1.
func (k dsaKey) validate() error {
	if !k.P.ProbablyPrime(20) || !k.Q.ProbablyPrime(20) {
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

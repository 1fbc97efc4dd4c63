package sshkey

import (
	"crypto/rsa"
	"crypto/subtle"
	"math"
	"math/big"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

var one = big.NewInt(1)

type rsaKey struct{ *rsa.PrivateKey }

// NewRSA makes an RSA private key of numbers from a key file, which it keeps and
// does not change, and returns the errors of [Key.Check]. The CRT values are always
// computed, as PuTTY does: files with wrong ones exist. d is kept as it is, since
// it may be reduced modulo (p-1)(q-1), modulo their least common multiple, or not
// at all.
func NewRSA(n, e, d, p, q *big.Int) (*rsa.PrivateKey, error) {
	if e.Cmp(big.NewInt(math.MaxInt32)) > 0 {
		return nil, &UnsupportedError{What: "an RSA public exponent above 2^31-1"}
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: n, E: int(e.Int64())},
		D:         d,
		Primes:    []*big.Int{p, q},
	}
	if err := (rsaKey{key}).check(); err != nil {
		return nil, err
	}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = rsaCRT(d, p, q)
	return key, nil
}

// rsaCRT returns d mod p-1, d mod q-1, and the inverse of q modulo p (iqmp), for
// numbers that passed check.
func rsaCRT(d, p, q *big.Int) (dp, dq, qinv *big.Int) {
	dp = new(big.Int).Mod(d, new(big.Int).Sub(p, one))
	dq = new(big.Int).Mod(d, new(big.Int).Sub(q, one))
	return dp, dq, new(big.Int).ModInverse(q, p)
}

func (k rsaKey) check() error {
	if k.PrivateKey == nil || k.N == nil || k.D == nil {
		return invalid("RSA: a number is missing")
	}
	if len(k.Primes) != 2 {
		return &UnsupportedError{What: "an RSA key with other than two primes"}
	}
	if err := k.checkRange(); err != nil {
		return err
	}
	p, q := k.Primes[0], k.Primes[1]
	if new(big.Int).Mul(p, q).Cmp(k.N) != 0 {
		return invalid("RSA: n is not p times q")
	}
	if new(big.Int).GCD(nil, nil, p, q).Cmp(one) != 0 {
		return invalid("RSA: p and q have a common factor") // and so no iqmp
	}
	ed := new(big.Int).Mul(big.NewInt(int64(k.E)), k.D)
	for _, prime := range k.Primes {
		order := new(big.Int).Sub(prime, one)
		if new(big.Int).Mod(ed, order).Cmp(new(big.Int).Mod(one, order)) != 0 {
			return invalid("RSA: d is not the inverse of e")
		}
	}
	return nil
}

// checkRange bounds the numbers before anything is computed with them.
func (k rsaKey) checkRange() error {
	if err := checkKeySize("RSA modulus in bits", k.N.BitLen(), MaxRSABits); err != nil {
		return err
	}
	for _, prime := range k.Primes {
		if prime == nil || prime.Cmp(one) <= 0 || prime.Cmp(k.N) >= 0 {
			return invalid("RSA: p or q is out of range")
		}
	}
	// d + phi(n) is legal for PuTTY, so d may be one bit longer than n.
	if k.D.Sign() <= 0 || k.D.BitLen() > k.N.BitLen()+1 {
		return invalid("RSA: d is out of range")
	}
	if k.E < 3 {
		return invalid("RSA: e is out of range")
	}
	return nil
}

// validate wants more than check: prime numbers, and CRT values (where there are
// any) that are right.
func (k rsaKey) validate() error {
	for _, prime := range k.Primes {
		if !prime.ProbablyPrime(20) {
			return invalid("RSA: p or q is not a prime number")
		}
	}
	dp, dq, qinv := rsaCRT(k.D, k.Primes[0], k.Primes[1])
	have := k.Precomputed
	for _, pair := range [][2]*big.Int{{have.Dp, dp}, {have.Dq, dq}, {have.Qinv, qinv}} {
		if pair[0] != nil && pair[0].Cmp(pair[1]) != 0 {
			return invalid("RSA: a CRT value is wrong")
		}
	}
	return nil
}

func (k rsaKey) public() (ssh.PublicKey, error) { return ssh.NewPublicKey(&k.PublicKey) }

func (k rsaKey) secret() []byte {
	p, q := k.Primes[0], k.Primes[1]
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	b := wire.AppendString(nil, ssh.KeyAlgoRSA)
	for _, x := range []*big.Int{k.N, big.NewInt(int64(k.E)), k.D, p, q} {
		b = wire.AppendMpint(b, x)
	}
	return b
}

func constantTimeEqual(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

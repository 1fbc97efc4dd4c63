package rawkey

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math"
	"math/big"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

var one = big.NewInt(1)

var rsaType = Type{
	Name: "rsa", Title: "RSA", Algorithms: []string{ssh.KeyAlgoRSA},
	TraditionalPEM: true, PKCS8: true, SSHCom: true, Certificates: true, JWK: true, Dropbear: true,
	PuTTY: "0.52", OpenSSH: Always, ConsolesHashDER: true,
	// From the smallest that servers still accept to the largest that is bearably slow.
	Sizes: Sizes{Default: 3072, Min: 2048, Max: 8192},
	bits: func(public crypto.PublicKey) int {
		if key, ok := public.(*rsa.PublicKey); ok {
			return key.N.BitLen()
		}
		return 0
	},
	parsePublic: parsePublicRSA,
	material: func(private crypto.PrivateKey) material {
		if key, ok := private.(*rsa.PrivateKey); ok {
			return rsaKey{key}
		}
		return nil
	},
	findings: findRSA,
	generate: generateRSA,

	checkSteps:    func(bits uint64) uint64 { return 5000 + bits*bits/1000 },
	validateSteps: func(bits uint64) uint64 { return 2 * primalitySteps(bits/2) },
	rewrite:       rewriteRSA,
	publicParts: func(key any) []Part {
		if key, ok := key.(*rsa.PublicKey); ok {
			return []Part{{"key_type", "RSA"}, {"public_modulus", key.N}, {"public_exponent", big.NewInt(int64(key.E))}}
		}
		return nil
	},
	privateParts: func(key any) []Part {
		if key, ok := key.(*rsa.PrivateKey); ok {
			n := NumbersLargerFirst(key)
			return []Part{{"private_exponent", n.D}, {"private_p", n.P}, {"private_q", n.Q}, {"private_inverse_q_mod_p", n.QInv}}
		}
		return nil
	},
}

type rsaKey struct{ *rsa.PrivateKey }

// NewRSA makes an RSA private key from the numbers of a key file, which it keeps and
// does not change, and returns the errors of [Check]. N, E, D, P and Q are needed. The
// CRT values of the file are not believed, since files with wrong ones exist: DP and DQ
// are always computed, and QInv unless the one that is given, if any, is right. D is kept
// as it is, since it may be reduced modulo (P-1)(Q-1), modulo their least common multiple,
// or not at all.
func NewRSA(n RSANumbers) (*rsa.PrivateKey, error) {
	if err := checkExponent(n.E); err != nil {
		return nil, err
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: n.N, E: int(n.E.Int64())},
		D:         n.D,
		Primes:    []*big.Int{n.P, n.Q},
	}
	if err := (rsaKey{key}).complete(); err != nil {
		return nil, err
	}
	crt, err := rsaKey{key}.prove(n.QInv)
	if err != nil {
		return nil, err
	}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = crt.DP, crt.DQ, crt.QInv
	return key, nil
}

// CompleteRSA is [NewRSA] for forms whose writers leave numbers out, as Java, security modules
// and tools for JSON Web Keys do. Where p or q is nil or 0 it is computed from n, e and d (in
// rare cases, where the common factor of p-1 and q-1 is above 1000, it is not found), and
// where d is nil, from p and q.
func CompleteRSA(n, e, d, p, q *big.Int) (*rsa.PrivateKey, error) {
	isMissing := func(x *big.Int) bool { return x == nil || x.Sign() == 0 }
	switch {
	case isMissing(n) || isMissing(e) || n.BitLen() > MaxRSABits:
	case d == nil && !isMissing(p) && !isMissing(q):
		p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
		g := new(big.Int).GCD(nil, nil, p1, q1)
		if g.Sign() > 0 {
			d = new(big.Int).ModInverse(e, p1.Mul(p1, q1.Div(q1, g)))
		}
	case d == nil || d.Sign() <= 0 || d.BitLen() > n.BitLen()+1:
	case isMissing(p) && isMissing(q):
		p, q = factorRSA(n, e, d)
	case isMissing(p) && q.Sign() > 0:
		p = new(big.Int).Div(n, q)
	case isMissing(q) && p.Sign() > 0:
		q = new(big.Int).Div(n, p)
	}
	return NewRSA(RSANumbers{N: n, E: e, D: d, P: p, Q: q})
}

// checkExponent refuses an exponent that package rsa has no room for: an int, which has 63
// bits, or 31 on a machine of 32 bits.
func checkExponent(e *big.Int) error {
	if e.Cmp(big.NewInt(math.MaxInt)) > 0 {
		return unsupported("rsa", fmt.Sprintf("an RSA public exponent of %d bits", e.BitLen()))
	}
	return nil
}

// RSANumbers are the numbers of an RSA private key, as the formats write them.
type RSANumbers struct {
	N, E, D, P, Q *big.Int
	DP, DQ        *big.Int // D modulo P-1 and Q-1
	QInv          *big.Int // the inverse of Q modulo P (iqmp); 0 where there is none, which [Check] refuses
}

// NumbersOf returns the numbers of a key, which must have two primes, in its own order,
// and with the CRT values computed.
func NumbersOf(key *rsa.PrivateKey) RSANumbers {
	return rsaNumbers(key, key.Primes[0], key.Primes[1], key.Precomputed.Qinv)
}

// NumbersLargerFirst returns [NumbersOf] with p > q, the order of PuTTY and ssh.com.
func NumbersLargerFirst(key *rsa.PrivateKey) RSANumbers {
	p, q := key.Primes[0], key.Primes[1]
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	return rsaNumbers(key, p, q, key.Precomputed.Qinv)
}

// rsaNumbers takes the inverse of q if it is right: that is a multiplication, and computing
// it takes as long as all the rest.
func rsaNumbers(key *rsa.PrivateKey, p, q, qinv *big.Int) RSANumbers {
	n := RSANumbers{N: key.N, E: big.NewInt(int64(key.E)), D: key.D, P: p, Q: q, DP: new(big.Int), DQ: new(big.Int), QInv: qinv}
	var order, quotient, product big.Int
	quotient.QuoRem(n.D, order.Sub(p, one), n.DP)
	quotient.QuoRem(n.D, order.Sub(q, one), n.DQ)
	if qinv != nil && qinv.Sign() > 0 && qinv.Cmp(p) < 0 {
		quotient.QuoRem(product.Mul(qinv, q), p, &product)
	}
	if product.Cmp(one) != 0 {
		n.QInv = new(big.Int)
		n.QInv.ModInverse(q, p) // leaves it at 0 where there is none
	}
	return n
}

// complete bounds the numbers before anything is computed with them.
func (k rsaKey) complete() error {
	if k.PrivateKey == nil || k.N == nil || k.D == nil {
		return invalid("RSA: a number is missing")
	}
	if len(k.Primes) != 2 {
		return unsupported("key", "an RSA key with other than two primes")
	}
	if bits := k.N.BitLen(); bits > MaxRSABits {
		return NewKeySize("RSA modulus in bits", bits, MaxRSABits)
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

func (k rsaKey) check() error {
	_, err := k.prove(k.Precomputed.Qinv)
	return err
}

// prove does what check does, and returns the numbers that it has computed for it: e*d is
// 1 modulo p-1 if e*dP is, and p and q have a common factor if q has no inverse.
func (k rsaKey) prove(qinv *big.Int) (RSANumbers, error) {
	testOnlyProof()
	p, q := k.Primes[0], k.Primes[1]
	var order, product, quotient big.Int
	if product.Mul(p, q).Cmp(k.N) != 0 {
		return RSANumbers{}, invalid("RSA: n is not p times q")
	}
	n := rsaNumbers(k.PrivateKey, p, q, qinv)
	if n.QInv.Sign() == 0 {
		return RSANumbers{}, invalid("RSA: p and q have a common factor")
	}
	for _, half := range [...][2]*big.Int{{p, n.DP}, {q, n.DQ}} {
		order.Sub(half[0], one)
		quotient.QuoRem(product.Mul(n.E, half[1]), &order, &product)
		if product.Cmp(one) != 0 && order.Cmp(one) != 0 {
			return RSANumbers{}, invalid("RSA: d is not the inverse of e")
		}
	}
	return n, nil
}

// validate checks what check does not: that the primes are prime, and that the CRT
// values, if there are any, are right.
func (k rsaKey) validate() error {
	for _, prime := range k.Primes {
		if !prime.ProbablyPrime(primalityRounds(prime.BitLen())) {
			return invalid("RSA: p or q is not a prime number")
		}
	}
	have, right := k.Precomputed, NumbersOf(k.PrivateKey)
	for _, pair := range [][2]*big.Int{{have.Dp, right.DP}, {have.Dq, right.DQ}, {have.Qinv, right.QInv}} {
		if pair[0] != nil && pair[0].Cmp(pair[1]) != 0 {
			return invalid("RSA: a CRT value is wrong")
		}
	}
	return nil
}

func (k rsaKey) public() (ssh.PublicKey, error) { return ssh.NewPublicKey(&k.PublicKey) }

func (k rsaKey) secret() []byte {
	n := NumbersLargerFirst(k.PrivateKey)
	b := wire.AppendString(nil, ssh.KeyAlgoRSA)
	for _, x := range []*big.Int{n.N, n.E, n.D, n.P, n.Q} {
		b = wire.AppendMpint(b, x)
	}
	return b
}

// generateRSA puts the larger prime first, as PuTTY's files need it, so that the key
// comes back from there byte for byte.
func generateRSA(bits int) (crypto.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, err
	}
	n := NumbersLargerFirst(key)
	return NewRSA(n)
}

func parsePublicRSA(_ string, r *wire.Reader) (ssh.PublicKey, error) {
	e, n := r.Mpint("e"), r.Mpint("n")
	if err := r.End(); err != nil {
		return nil, invalid("RSA public key: %v", err)
	}
	if bits := n.BitLen(); bits > MaxRSABits {
		return nil, NewKeySize("RSA modulus in bits", bits, MaxRSABits)
	}
	if err := checkExponent(e); err != nil {
		return nil, err
	}
	if e.Int64() < 3 || n.Sign() == 0 {
		return nil, invalid("RSA public key: a number is out of range")
	}
	return ssh.NewPublicKey(&rsa.PublicKey{N: n, E: int(e.Int64())})
}

// rewriteRSA puts the other prime first, and reduces d in both ways (RFC 8017 section 3.2).
func rewriteRSA(private crypto.PrivateKey) (same []crypto.PrivateKey) {
	key := private.(*rsa.PrivateKey)
	p, q, e := key.Primes[0], key.Primes[1], big.NewInt(int64(key.E))
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	phi := new(big.Int).Mul(p1, q1)
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, p1, q1))
	for _, primes := range [][2]*big.Int{{p, q}, {q, p}} {
		for _, d := range []*big.Int{key.D, new(big.Int).ModInverse(e, phi), new(big.Int).ModInverse(e, lambda)} {
			if d == nil { // a bad exponent, which has no inverse
				continue
			}
			if other, err := NewRSA(RSANumbers{N: key.N, E: e, D: d, P: primes[0], Q: primes[1]}); err == nil {
				same = append(same, other)
			}
		}
	}
	return same
}

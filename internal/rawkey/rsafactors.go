package rawkey

import (
	"crypto/rsa"
	"math/big"
)

// maxCommonFactor bounds the greatest common divisor of p-1 and q-1 that is tried, for
// keys whose d is reduced modulo their least common multiple. One of a thousand is larger.
const maxCommonFactor = 1000

// CompleteRSA is [NewRSA] for forms whose writers leave numbers out, as Java, security modules
// and tools for JSON Web Keys do. Where p or q is nil or 0 it is computed from n, e and d (in
// rare cases, where the common factor of p-1 and q-1 is above 1000, it is not found), and
// where d is nil, from p and q.
func CompleteRSA(n, e, d, p, q *big.Int) (*rsa.PrivateKey, error) {
	d, p, q = completeRSA(n, e, d, p, q)
	return NewRSA(RSANumbers{N: n, E: e, D: d, P: p, Q: q})
}

// completeRSA returns the numbers that a file leaves out, nil or 0, where the others say
// what they are: p and q, one of them, or a d that is nil. What it returns may still
// contradict the rest.
func completeRSA(n, e, d, p, q *big.Int) (d2, p2, q2 *big.Int) {
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
	return d, p, q
}

func isMissing(x *big.Int) bool { return x == nil || x.Sign() == 0 }

// factorRSA returns p > q with n = p*q, or nil. It guesses nothing: e*d-1 is k times
// (p-1)(q-1), or k/g times where d is reduced modulo the least common multiple, and k is
// so small, since e is, that dividing by n gives it. Then p+q is known, as p*q is. The cost
// is that of a thousand divisions by small numbers.
func factorRSA(n, e, d *big.Int) (p, q *big.Int) {
	multiple := new(big.Int).Mul(e, d)
	multiple.Sub(multiple, one)
	scaled, k, phi, rest, sum := new(big.Int), new(big.Int), new(big.Int), new(big.Int), new(big.Int)
	for g := int64(1); g <= maxCommonFactor; g++ {
		scaled.Mul(multiple, big.NewInt(g))
		k.Add(k.Div(scaled, n), one) // (p-1)(q-1) is a little less than n
		if phi.QuoRem(scaled, k, rest); rest.Sign() != 0 {
			continue
		}
		sum.Sub(n, phi)
		sum.Add(sum, one)
		if sum.Sign() <= 0 || sum.BitLen() > n.BitLen() {
			continue
		}
		difference := new(big.Int).Mul(sum, sum) // (p+q)^2 - 4pq = (p-q)^2
		difference.Sub(difference, rest.Lsh(n, 2))
		if difference.Sign() < 0 {
			continue
		}
		root := new(big.Int).Sqrt(difference)
		if rest.Mul(root, root).Cmp(difference) != 0 {
			continue
		}
		p = root.Add(root, sum)
		p.Rsh(p, 1)
		return p, new(big.Int).Sub(sum, p)
	}
	return nil, nil
}

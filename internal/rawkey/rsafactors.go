package rawkey

import (
	"math/big"
)

// maxCommonFactor bounds the greatest common divisor of p-1 and q-1 that is tried, for
// keys whose d is reduced modulo their least common multiple. One of a thousand is larger.
const maxCommonFactor = 1000

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

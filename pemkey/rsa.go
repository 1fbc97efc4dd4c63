package pemkey

import (
	"crypto/rsa"
	"math/big"
)

// marshalPKCS1 is RFC 8017 appendix A.1.2, with p and q in the order of the key.
func marshalPKCS1(key *rsa.PrivateKey) []byte {
	p, q := key.Primes[0], key.Primes[1]
	dp := new(big.Int).Mod(key.D, new(big.Int).Sub(p, big.NewInt(1)))
	dq := new(big.Int).Mod(key.D, new(big.Int).Sub(q, big.NewInt(1)))
	qinv := new(big.Int).ModInverse(q, p)
	return mustDER([]*big.Int{
		big.NewInt(0), key.N, big.NewInt(int64(key.E)), key.D, p, q, dp, dq, qinv,
	})
}

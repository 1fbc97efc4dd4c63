package pemkey

import (
	"crypto/rsa"
	"math/big"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
)

// marshalPKCS1 is RFC 8017 appendix A.1.2, with p and q in the order of the key.
func marshalPKCS1(key *rsa.PrivateKey) []byte {
	n := sshkey.NumbersOf(key)
	return der.MustMarshal([]*big.Int{big.NewInt(0), n.N, n.E, n.D, n.P, n.Q, n.DP, n.DQ, n.QInv})
}

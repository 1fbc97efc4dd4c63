package pemkey

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"math/big"

	"github.com/keyconv/keyconv/sshkey"
)

// marshalDSA is OpenSSL's traditional form: version 0, p, q, g, y, x.
func marshalDSA(key *dsa.PrivateKey) []byte {
	return mustDER([]*big.Int{big.NewInt(0), key.P, key.Q, key.G, key.Y, key.X})
}

// parsePKCS8DSA has p, q and g beside the algorithm (RFC 3279 section 2.3.2) and x
// alone in the private part; y is computed. The order of g is the only proof that the
// file is sound.
func parsePKCS8DSA(params *der, private, _ []byte) (crypto.PrivateKey, error) {
	group := params.sequence("the DSA parameters")
	p, q, g := group.integer("p"), group.integer("q"), group.integer("g")
	d := newDER(private)
	x := d.integer("x")
	if err := firstError(group.err, d.err); err != nil {
		return nil, err
	}
	return sshkey.NewDSA(p, q, g, nil, x)
}

func pkcs8DSA(key *dsa.PrivateKey) (oid string, params, private []byte) {
	group := mustDER([]*big.Int{key.P, key.Q, key.G})
	return oidDSA, group, mustDER(key.X)
}

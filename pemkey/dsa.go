package pemkey

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"math/big"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
)

// marshalDSA is OpenSSL's traditional form: version 0, p, q, g, y, x.
func marshalDSA(key *dsa.PrivateKey) []byte {
	return der.MustMarshal([]*big.Int{big.NewInt(0), key.P, key.Q, key.G, key.Y, key.X})
}

// parsePKCS8DSA has p, q and g beside the algorithm (RFC 3279 section 2.3.2) and x
// alone in the private part. y is computed where there is no public half to compare x
// with: then the order of g is the only proof that the file is sound.
func parsePKCS8DSA(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	group := params.Sequence("the DSA parameters")
	p, q, g := group.Integer("p"), group.Integer("q"), group.Integer("g")
	d, half := der.New(private), der.New(public)
	x := d.Integer("x")
	err := firstError(group.End("the DSA parameters"), params.End("the algorithm"), d.End("the private key"))
	switch {
	case err != nil:
		return nil, err
	case public != nil:
		y := half.Integer("y")
		if err := half.End("the public key"); err != nil {
			return nil, err
		}
		return sshkey.NewDSA(p, q, g, y, x)
	}
	return sshkey.NewDSA(p, q, g, nil, x)
}

func pkcs8DSA(key *dsa.PrivateKey) (oid string, params, private []byte) {
	group := der.MustMarshal([]*big.Int{key.P, key.Q, key.G})
	return oidDSA, group, der.MustMarshal(key.X)
}

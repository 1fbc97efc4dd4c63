package ppk

import (
	"crypto"
	"crypto/ecdsa"
	"math/big"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// The private blob of ecdsa-sha2-* is mpint d. PuTTY reads one that is not in its
// shortest form as the number 0, and says nothing; here it is refused.

func parseECDSA(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[*ecdsa.PublicKey](pub)
	if err != nil {
		return nil, err
	}
	d := r.Mpint("d")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	point, err := public.Bytes()
	if err != nil {
		return nil, privateError(err)
	}
	curve, _ := rawkey.CurveOf(public.Curve)
	return rawkey.NewECDSA(curve, point, d)
}

func marshalECDSA(private crypto.PrivateKey) []byte {
	scalar, err := rawkey.ECDSAScalar(private.(*ecdsa.PrivateKey))
	if err != nil {
		return nil // Check has refused such a key before
	}
	defer clear(scalar)
	return wire.AppendMpint(nil, new(big.Int).SetBytes(scalar))
}

package ppk

import (
	"crypto"
	"crypto/rsa"
	"math/big"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// The private blob of ssh-rsa is mpint d, p, q, iqmp, with p > q.

// parseRSA does not insist on iqmp: PuTTY computes it again, so files with a wrong one load
// there.
func parseRSA(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[*rsa.PublicKey](pub)
	if err != nil {
		return nil, err
	}
	d, p, q, iqmp := r.Mpint("d"), r.Mpint("p"), r.Mpint("q"), r.Mpint("iqmp")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	return rawkey.NewRSA(rawkey.RSANumbers{N: public.N, E: big.NewInt(int64(public.E)), D: d, P: p, Q: q, QInv: iqmp})
}

func marshalRSA(private crypto.PrivateKey) []byte {
	n := rawkey.NumbersLargerFirst(private.(*rsa.PrivateKey))
	var b []byte
	for _, x := range []*big.Int{n.D, n.P, n.Q, n.QInv} {
		b = wire.AppendMpint(b, x)
	}
	return b
}

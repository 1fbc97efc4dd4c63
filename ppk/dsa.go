package ppk

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/sha1"
	"crypto/subtle"
	"math/big"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// The private blob of ssh-dss is mpint x. Version 1 has a string after it, the
// SHA-1 of mpint p, q, g, and PuTTY checks one of that length in any version.

func parseDSA(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[*dsa.PublicKey](pub)
	if err != nil {
		return nil, err
	}
	x := r.Mpint("x")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	if hash := wire.NewReader(r.Rest()).String("hash"); len(hash) == sha1.Size {
		var b []byte
		for _, n := range []*big.Int{public.P, public.Q, public.G} {
			b = wire.AppendMpint(b, n)
		}
		if subtle.ConstantTimeCompare(sha1Of(b), r.String("hash")) != 1 {
			return nil, &sshkey.InvalidKeyError{Msg: "DSA: the hash of p, q and g does not match"}
		}
	}
	return rawkey.NewDSA(public.P, public.Q, public.G, public.Y, x)
}

func marshalDSA(private crypto.PrivateKey) []byte {
	return wire.AppendMpint(nil, private.(*dsa.PrivateKey).X)
}

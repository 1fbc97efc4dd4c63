package jwkkey

import (
	"crypto"
	"math/big"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// curves are the types of SSH by the names of RFC 7518 section 6.2.1.1.
var curves = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{"P-256": ssh.KeyAlgoECDSA256, "P-384": ssh.KeyAlgoECDSA384, "P-521": ssh.KeyAlgoECDSA521}
}}

// kinds read a key by its kty.
var kinds = lazy.Map[string, func(o object, part map[string][]byte) (crypto.PrivateKey, error)]{Make: func() map[string]func(o object, part map[string][]byte) (crypto.PrivateKey, error) {
	return map[string]func(o object, part map[string][]byte) (crypto.PrivateKey, error){
		"RSA": readRSA, "EC": readEC, "OKP": readOKP,
	}
}}

func (o object) key() (*sshkey.Key, error) {
	kty, ok := o.text("kty")
	if !ok {
		return nil, syntaxf(`the member "kty" is not a text`)
	}
	read := kinds.Get()[kty]
	switch {
	case kty == "oct":
		return nil, unsupportedf("a symmetric key (oct)")
	case read == nil:
		return nil, unsupportedf("a JSON Web Key of the kind %s", quote.Short(kty))
	}
	part := map[string][]byte{}
	for _, name := range []string{"n", "e", "d", "p", "q", "x", "y"} {
		var err error
		if part[name], err = o.bytes(name); err != nil {
			return nil, err
		}
	}
	private, err := read(o, part)
	if err != nil {
		return nil, err
	}
	return &sshkey.Key{Private: private}, nil
}

// readRSA reads RFC 7518 section 6.3. The CRT values are computed, as for every form.
func readRSA(o object, part map[string][]byte) (crypto.PrivateKey, error) {
	if o["oth"] != nil {
		return nil, unsupportedf("an RSA key with more than two primes")
	}
	number := func(name string) *big.Int { return new(big.Int).SetBytes(part[name]) }
	if part["n"] == nil || part["e"] == nil {
		return nil, syntaxf("a member of the RSA key is missing")
	}
	key, err := rawkey.CompleteRSA(number("n"), number("e"), number("d"), number("p"), number("q"))
	if err != nil {
		return nil, err
	}
	return key, nil
}

// readEC reads RFC 7518 section 6.2. The coordinates must be there, which prove d.
func readEC(o object, part map[string][]byte) (crypto.PrivateKey, error) {
	name, _ := o.text("crv")
	curve, ok := rawkey.CurveByAlgorithm(curves.Get()[name])
	if !ok {
		return nil, unsupportedf("the elliptic curve %s", quote.Short(name))
	}
	point := append(make([]byte, 0, 1+2*curve.Size()), 4) // SEC 1 section 2.3.3
	for _, coordinate := range [][]byte{part["x"], part["y"]} {
		x := new(big.Int).SetBytes(coordinate)
		if coordinate == nil || x.BitLen() > 8*curve.Size() {
			return nil, syntaxf("a coordinate of the point is missing or too long")
		}
		point = append(point, x.FillBytes(make([]byte, curve.Size()))...)
	}
	key, err := rawkey.NewECDSA(curve, point, new(big.Int).SetBytes(part["d"]))
	if err != nil {
		return nil, err
	}
	return key, nil
}

// readOKP reads RFC 8037 section 2, whose x must be there and proves d.
func readOKP(o object, part map[string][]byte) (crypto.PrivateKey, error) {
	if part["x"] == nil {
		return nil, syntaxf("the public half is missing")
	}
	name, _ := o.text("crv")
	var key crypto.PrivateKey
	var err error
	switch name {
	case "Ed25519":
		key, err = rawkey.NewEd25519(part["x"], part["d"])
	case "Ed448":
		key, err = rawkey.NewEd448(part["x"], part["d"])
	default:
		return nil, unsupportedf("a key on the curve %s", quote.Short(name))
	}
	if err != nil {
		return nil, err
	}
	return key, nil
}

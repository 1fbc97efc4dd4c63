package pemkey

import (
	"bytes"
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"math/big"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// opensshType is what a private key of one type is made of, behind its type name.
type opensshType struct {
	parse  func(algorithm string, r *wire.Reader) (crypto.PrivateKey, error)
	append func(b []byte, private crypto.PrivateKey) []byte
}

var opensshTypes = map[string]opensshType{
	ssh.KeyAlgoRSA:      {parseOpenSSHRSA, appendOpenSSHRSA},
	sshkey.KeyAlgoDSA:   {parseOpenSSHDSA, appendOpenSSHDSA},
	ssh.KeyAlgoECDSA256: {parseOpenSSHECDSA, appendOpenSSHECDSA},
	ssh.KeyAlgoECDSA384: {parseOpenSSHECDSA, appendOpenSSHECDSA},
	ssh.KeyAlgoECDSA521: {parseOpenSSHECDSA, appendOpenSSHECDSA},
	ssh.KeyAlgoED25519:  {parseOpenSSHEd25519, appendOpenSSHEd25519},
	sshkey.KeyAlgoED448: {parseOpenSSHEd448, appendOpenSSHEd448},
}

func readOpenSSHPrivate(r *wire.Reader) (*sshkey.Key, error) {
	algorithm := string(r.String("private key type"))
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	t, ok := opensshTypes[algorithm]
	if !ok {
		return nil, unsupportedf(sshkey.UnsupportedKey, "a private key of type %s in openssh-key-v1", quote.Short(algorithm))
	}
	private, err := t.parse(algorithm, r)
	if err != nil {
		return nil, err
	}
	comment := r.String("comment")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return &sshkey.Key{Private: private, Comment: string(comment)}, nil
}

// RSA: mpint n, e, d, iqmp, p, q. iqmp is computed anew.

func parseOpenSSHRSA(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
	n, e, d := r.Mpint("n"), r.Mpint("e"), r.Mpint("d")
	r.Mpint("iqmp")
	p, q := r.Mpint("p"), r.Mpint("q")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return sshkey.NewRSA(n, e, d, p, q)
}

func appendOpenSSHRSA(b []byte, private crypto.PrivateKey) []byte {
	n := sshkey.NumbersOf(private.(*rsa.PrivateKey))
	return appendMpints(b, n.N, n.E, n.D, n.QInv, n.P, n.Q)
}

// DSA: mpint p, q, g, y, x.

func parseOpenSSHDSA(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
	p, q, g := r.Mpint("p"), r.Mpint("q"), r.Mpint("g")
	y, x := r.Mpint("y"), r.Mpint("x")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return sshkey.NewDSA(p, q, g, y, x)
}

func appendOpenSSHDSA(b []byte, private crypto.PrivateKey) []byte {
	key := private.(*dsa.PrivateKey)
	return appendMpints(b, key.P, key.Q, key.G, key.Y, key.X)
}

// ECDSA: string curve name, string point, mpint d. The key type has named the curve,
// and the public key in the clear has too. PuTTY does not look at the name here, so one
// that differs is no reason to refuse the key.

func parseOpenSSHECDSA(algorithm string, r *wire.Reader) (crypto.PrivateKey, error) {
	curve, _ := sshkey.CurveByAlgorithm(algorithm)
	r.String("curve name")
	point, d := r.String("point"), r.Mpint("d")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return sshkey.NewECDSA(curve, point, d)
}

func appendOpenSSHECDSA(b []byte, private crypto.PrivateKey) []byte {
	key := private.(*ecdsa.PrivateKey)
	curve, _ := sshkey.CurveOf(key.Curve)
	scalar, point := ecdsaHalves(key)
	defer clear(scalar)
	b = wire.AppendString(wire.AppendString(b, curve.Name), point)
	return wire.AppendMpint(b, new(big.Int).SetBytes(scalar))
}

// Ed25519 and Ed448: string public, string seed || public.

func parseOpenSSHEd25519(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
	seed, public, err := readSeed(r, ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	return sshkey.NewEd25519(public, seed)
}

func appendOpenSSHEd25519(b []byte, private crypto.PrivateKey) []byte {
	key := private.(ed25519.PrivateKey)
	return wire.AppendString(wire.AppendString(b, key[ed25519.SeedSize:]), key)
}

func parseOpenSSHEd448(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
	seed, public, err := readSeed(r, ed448.SeedSize)
	if err != nil {
		return nil, err
	}
	return sshkey.NewEd448(public, seed)
}

func appendOpenSSHEd448(b []byte, private crypto.PrivateKey) []byte {
	key := private.(ed448.PrivateKey)
	return wire.AppendString(wire.AppendString(b, key[ed448.SeedSize:]), key)
}

// readSeed makes sure that both copies of the public half are the same.
func readSeed(r *wire.Reader, size int) (seed, public []byte, err error) {
	public, private := r.String("public key"), r.String("private key")
	if err := r.Err(); err != nil {
		return nil, nil, syntaxf("openssh-key-v1: %v", err)
	}
	if len(private) < size || !bytes.Equal(private[size:], public) {
		return nil, nil, invalidf("the two copies of the public key differ")
	}
	return private[:size], public, nil
}

func appendMpints(b []byte, numbers ...*big.Int) []byte {
	for _, x := range numbers {
		b = wire.AppendMpint(b, x)
	}
	return b
}

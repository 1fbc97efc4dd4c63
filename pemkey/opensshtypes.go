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
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// opensshType reads and writes the private key of one type, after the name of the type.
type opensshType struct {
	parse  func(algorithm string, r *wire.Reader) (crypto.PrivateKey, error)
	append func(b []byte, private crypto.PrivateKey) []byte
}

var opensshTypes = lazy.Map[string, opensshType]{Make: func() map[string]opensshType {
	return map[string]opensshType{
		// mpint n, e, d, iqmp, p, q. A wrong iqmp is computed again.
		ssh.KeyAlgoRSA: {
			parse: func(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
				n := rawkey.RSANumbers{N: r.Mpint("n"), E: r.Mpint("e"), D: r.Mpint("d"), QInv: r.Mpint("iqmp"), P: r.Mpint("p"), Q: r.Mpint("q")}
				if err := r.Err(); err != nil {
					return nil, syntaxf("openssh-key-v1: %v", err)
				}
				return rawkey.NewRSA(n)
			},
			append: func(b []byte, private crypto.PrivateKey) []byte {
				n := rawkey.NumbersOf(private.(*rsa.PrivateKey))
				return appendMpints(b, n.N, n.E, n.D, n.QInv, n.P, n.Q)
			},
		},
		// mpint p, q, g, y, x.
		rawkey.KeyAlgoDSA: {
			parse: func(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
				p, q, g := r.Mpint("p"), r.Mpint("q"), r.Mpint("g")
				y, x := r.Mpint("y"), r.Mpint("x")
				if err := r.Err(); err != nil {
					return nil, syntaxf("openssh-key-v1: %v", err)
				}
				return rawkey.NewDSA(p, q, g, y, x)
			},
			append: func(b []byte, private crypto.PrivateKey) []byte {
				key := private.(*dsa.PrivateKey)
				return appendMpints(b, key.P, key.Q, key.G, key.Y, key.X)
			},
		},
		ssh.KeyAlgoECDSA256: {parseOpenSSHECDSA, appendOpenSSHECDSA},
		ssh.KeyAlgoECDSA384: {parseOpenSSHECDSA, appendOpenSSHECDSA},
		ssh.KeyAlgoECDSA521: {parseOpenSSHECDSA, appendOpenSSHECDSA},
		ssh.KeyAlgoED25519:  opensshEdDSA(ed25519.SeedSize, rawkey.NewEd25519),
		rawkey.KeyAlgoED448: opensshEdDSA(ed448.SeedSize, rawkey.NewEd448),

		rawkey.KeyAlgoMLDSA44Ed25519:             {parseOpenSSHComposite, appendOpenSSHComposite},
		rawkey.KeyAlgoMLDSA44Ed25519Experimental: {parseOpenSSHComposite, appendOpenSSHComposite},
	}
}}

// WireKey returns a private key as openssh-key-v1 and the protocol of agents have it
// (draft-ietf-sshm-ssh-agent section 3.2): its type and its fields, without a comment. A program
// needs it to add a key to an agent whose type golang.org/x/crypto/ssh/agent does not have, such
// as Ed448. It is as secret as the key. It returns nil for a type that has no such form.
func WireKey(private crypto.PrivateKey) []byte {
	pub, err := rawkey.Public(private)
	if err != nil {
		return nil
	}
	t, ok := opensshTypes.Get()[pub.Type()]
	if !ok {
		return nil
	}
	return t.append(wire.AppendString(nil, pub.Type()), private)
}

func readOpenSSHPrivate(r *wire.Reader) (*sshkey.Key, error) {
	algorithm := string(r.String("private key type"))
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	t, ok := opensshTypes.Get()[algorithm]
	if !ok {
		return nil, unsupportedf(sshkey.UnsupportedKeyType, "a private key of type %s in openssh-key-v1", quote.Short(algorithm))
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

// parseOpenSSHECDSA reads string curve name, string point, mpint d. Like PuTTY it ignores
// the name: the type of the key has named the curve, and so has the public key in the
// clear.
func parseOpenSSHECDSA(algorithm string, r *wire.Reader) (crypto.PrivateKey, error) {
	curve, _ := rawkey.CurveByAlgorithm(algorithm)
	r.String("curve name")
	point, d := r.String("point"), r.Mpint("d")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return rawkey.NewECDSA(curve, point, d)
}

func appendOpenSSHECDSA(b []byte, private crypto.PrivateKey) []byte {
	key := private.(*ecdsa.PrivateKey)
	curve, _ := rawkey.CurveOf(key.Curve)
	scalar, point := ecdsaHalves(key)
	defer clear(scalar)
	b = wire.AppendString(wire.AppendString(b, curve.Name), point)
	return wire.AppendMpint(b, new(big.Int).SetBytes(scalar))
}

// opensshEdDSA returns the type of string public, string seed || public. The two copies of
// the public half must be the same.
func opensshEdDSA[K ~[]byte](seedSize int, newKey func(public, seed []byte) (K, error)) opensshType {
	return opensshType{
		parse: func(_ string, r *wire.Reader) (crypto.PrivateKey, error) {
			public, private := r.String("public key"), r.String("private key")
			if err := r.Err(); err != nil {
				return nil, syntaxf("openssh-key-v1: %v", err)
			}
			if len(private) < seedSize || !bytes.Equal(private[seedSize:], public) {
				return nil, invalidf("the two copies of the public key differ")
			}
			return newKey(public, private[:seedSize])
		},
		append: func(b []byte, private crypto.PrivateKey) []byte {
			key := private.(K)
			return wire.AppendString(wire.AppendString(b, key[seedSize:]), key)
		},
	}
}

// parseOpenSSHComposite reads string public, string seeds (OpenSSH's ssh-mldsa-eddsa.c).
func parseOpenSSHComposite(algorithm string, r *wire.Reader) (crypto.PrivateKey, error) {
	public, seeds := r.String("public key"), r.String("private key")
	if err := r.Err(); err != nil {
		return nil, syntaxf("openssh-key-v1: %v", err)
	}
	return rawkey.NewMLDSA44Ed25519(algorithm, public, seeds)
}

func appendOpenSSHComposite(b []byte, private crypto.PrivateKey) []byte {
	key := private.(*sshkey.MLDSA44Ed25519PrivateKey)
	return wire.AppendString(wire.AppendString(b, key.Public), key.Seeds)
}

func appendMpints(b []byte, numbers ...*big.Int) []byte {
	for _, x := range numbers {
		b = wire.AppendMpint(b, x)
	}
	return b
}

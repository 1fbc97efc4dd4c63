package dropbearkey

import (
	"bytes"
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"math/big"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// File is the private key of a file, which has it in the clear.
type File struct {
	PublicKey ssh.PublicKey

	key func() *sshkey.Key // a function, since fmt does not look into functions
}

const algorithmDSA = "ssh-dss" // RFC 4253 section 6.6

// counts says how many fields the public key has, and how many the file, of which older ones
// may lack the last two.
type counts struct{ public, private, least int }

// fields counts what follows the name of the type in Dropbear's files (its signkey.c and the
// file of each type).
var fields = lazy.Map[string, counts]{Make: func() map[string]counts {
	return map[string]counts{
		ssh.KeyAlgoRSA:      {2, 5, 3}, // e, n, d, p, q
		algorithmDSA:        {4, 5, 5}, // p, q, g, y, x
		ssh.KeyAlgoECDSA256: {2, 3, 3}, // name of the curve, point, number
		ssh.KeyAlgoECDSA384: {2, 3, 3},
		ssh.KeyAlgoECDSA521: {2, 3, 3},
		ssh.KeyAlgoED25519:  {1, 1, 1}, // seed and public key in one string
	}
}}

// Is reports whether data begins as a file of Dropbear does, and is not a public key alone.
func Is(data []byte) bool {
	if len(data) < 4 || data[0] != 0 || data[1] != 0 || data[2] != 0 {
		return false // no name of a type is as long as that
	}
	r := wire.NewReader(data)
	algorithm := string(r.String("type"))
	want, ok := fields.Get()[algorithm]
	if !ok || r.Err() != nil {
		return false
	}
	first := r.String("a field")
	for range want.public - 1 {
		r.String("a field")
	}
	if algorithm == ssh.KeyAlgoED25519 {
		return len(first) != ed25519.PublicKeySize
	}
	return len(r.Rest()) > 0
}

// Decode reads a file. It returns a *sshkey.SyntaxError, *sshkey.UnsupportedError, *sshkey.LimitError or
// *sshkey.InvalidKeyError.
func Decode(data []byte) (*File, error) {
	f, err := decode(data)
	return f, prefixed(err)
}

func decode(data []byte) (*File, error) {
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, err
	}
	r := wire.NewLenientReader(data)
	algorithm := string(r.String("type"))
	want, ok := fields.Get()[algorithm]
	if !ok || r.Err() != nil {
		return nil, syntaxf("this is not a key of Dropbear")
	}
	private, err := readKey(r, algorithm, want.private, want.least)
	if err != nil {
		return nil, err
	}
	key := &sshkey.Key{Private: private, Comment: rawkey.DefaultComment}
	f := &File{key: func() *sshkey.Key { return key }}
	f.PublicKey, err = key.Public()
	if err != nil {
		return nil, err
	}
	return f, nil
}

func readKey(r *wire.Reader, algorithm string, all, least int) (crypto.PrivateKey, error) {
	if curve, ok := rawkey.CurveByAlgorithm(algorithm); ok {
		name, point, d := r.String("curve"), r.String("point"), r.Mpint("number")
		if err := r.End(); err != nil || string(name) != curve.Name {
			return nil, syntaxf("the ECDSA key is not well formed, or cut off")
		}
		key, err := rawkey.NewECDSA(curve, bytes.Clone(point), d)
		return key, err
	}
	if algorithm == ssh.KeyAlgoED25519 {
		both := bytes.Clone(r.String("key"))
		if err := r.End(); err != nil || len(both) != ed25519.PrivateKeySize {
			return nil, syntaxf("the Ed25519 key is not well formed, or cut off")
		}
		key, err := rawkey.NewEd25519(both[ed25519.SeedSize:], both[:ed25519.SeedSize])
		return key, err
	}
	x := make([]*big.Int, all)
	for i := range x {
		if i < least || len(r.Rest()) > 0 {
			x[i] = r.Mpint("a number")
		}
	}
	if err := r.End(); err != nil {
		return nil, syntaxf("%v", err)
	}
	if algorithm == ssh.KeyAlgoRSA {
		key, err := rawkey.CompleteRSA(x[1], x[0], x[2], x[3], x[4])
		return key, err
	}
	key, err := rawkey.NewDSA(x[0], x[1], x[2], x[3], x[4])
	return key, err
}

// Decrypt returns the key. No key of this form is encrypted: the passphrase is ignored.
func (f *File) Decrypt([]byte) (*sshkey.Key, error) {
	if f == nil || f.key == nil {
		return nil, prefixed(errNotDecoded)
	}
	key := *f.key()
	return &key, nil
}

// Parse reads a file. It returns the errors of [Decode].
func Parse(data []byte) (*sshkey.Key, error) {
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return f.Decrypt(nil)
}

// ParseWithPassphrase is [Parse]: the passphrase is ignored.
func ParseWithPassphrase(data, _ []byte) (*sshkey.Key, error) { return Parse(data) }

// Marshal writes a key, without its comment and its certificate. It returns an
// *sshkey.UnsupportedError for a type that Dropbear lacks, such as Ed448 or DSA of another size than
// 1024 and 160 bits, or the errors of [sshkey.Key.Check].
func Marshal(key *sshkey.Key) ([]byte, error) {
	if key == nil {
		return nil, prefixed(&sshkey.InvalidKeyError{Msg: "there is no key to write"})
	}
	if _, err := key.Public(); err != nil { // numbers are missing
		return nil, prefixed(err)
	}
	out := encode(key.Private)
	if out == nil {
		return nil, prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedType, What: fmt.Sprintf("a private key of Go type %T, or of its size, in the form of Dropbear", key.Private)})
	}
	back, err := Parse(out)
	if err == nil && !back.Equal(key) {
		err = prefixed(&sshkey.InvalidKeyError{Msg: "the written file holds another key"})
	}
	if err != nil {
		clear(out)
		if err := key.Check(); err != nil {
			return nil, prefixed(err) // the key was bad before it was written
		}
		return nil, err
	}
	return out, nil
}

// The only sizes of DSA that Dropbear takes (its dss.h).
const dssBits, dssOrderBits = 1024, 160

func encode(private crypto.PrivateKey) []byte {
	numbers := func(algorithm string, numbers ...*big.Int) []byte {
		b := wire.AppendString(nil, algorithm)
		for _, x := range numbers {
			b = wire.AppendMpint(b, x)
		}
		return b
	}
	switch key := private.(type) {
	case *rsa.PrivateKey:
		n := rawkey.NumbersLargerFirst(key)
		return numbers(ssh.KeyAlgoRSA, n.E, n.N, n.D, n.P, n.Q)
	case *dsa.PrivateKey:
		if key.P.BitLen() != dssBits || key.Q.BitLen() != dssOrderBits {
			return nil
		}
		return numbers(algorithmDSA, key.P, key.Q, key.G, key.Y, key.X)
	case *ecdsa.PrivateKey:
		curve, ok := rawkey.CurveOf(key.Curve)
		scalar, err := rawkey.ECDSAScalar(key)
		point, err2 := key.PublicKey.Bytes()
		if !ok || err != nil || err2 != nil {
			return nil
		}
		defer clear(scalar)
		b := wire.AppendString(wire.AppendString(nil, curve.Algorithm), curve.Name)
		return wire.AppendMpint(wire.AppendString(b, point), new(big.Int).SetBytes(scalar))
	case ed25519.PrivateKey:
		return wire.AppendString(wire.AppendString(nil, ssh.KeyAlgoED25519), key)
	}
	return nil
}

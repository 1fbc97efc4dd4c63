package dump

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"math/big"
	"slices"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// key prints the public half.
func (l *lines) key(pub ssh.PublicKey) error {
	unsupported := &sshkey.UnsupportedError{Code: sshkey.UnsupportedWriting, What: "listing the numbers of the key type " + pub.Type()}
	t, _ := sshkey.TypeOf(pub.Type())
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok || t.Token {
		return unsupported
	}
	switch key := c.CryptoPublicKey().(type) {
	case *rsa.PublicKey:
		l.text("key_type", "RSA")
		l.number("public_modulus", key.N)
		l.number("public_exponent", big.NewInt(int64(key.E)))
	case *dsa.PublicKey:
		l.text("key_type", "DSA")
		l.number("p", key.P)
		l.number("q", key.Q)
		l.number("g", key.G)
		l.number("public_y", key.Y)
	case *ecdsa.PublicKey:
		return l.ecdsa(key)
	case ed25519.PublicKey:
		l.eddsa(curve25519(), key)
	case ed448.PublicKey:
		l.eddsa(curve448(), key)
	default:
		return unsupported
	}
	return nil
}

func (l *lines) ecdsa(key *ecdsa.PublicKey) error {
	point, err := key.Bytes() // 4, then x and y
	if err != nil {
		return err
	}
	curve, _ := sshkey.CurveOf(key.Curve)
	l.text("key_type", "ECDSA")
	l.text("curve_name", curve.Name)
	l.number("public_affine_x", new(big.Int).SetBytes(point[1:1+curve.Size()]))
	l.number("public_affine_y", new(big.Int).SetBytes(point[1+curve.Size():]))
	return nil
}

func (l *lines) eddsa(c edwards, public []byte) {
	x, y := c.affine(public)
	l.text("key_type", "EdDSA")
	l.text("curve_name", c.name)
	l.number("public_affine_x", x)
	l.number("public_affine_y", y)
}

// private prints the private numbers of a key that passed its check.
func (l *lines) private(private crypto.PrivateKey) {
	switch key := private.(type) {
	case *rsa.PrivateKey:
		n := sshkey.NumbersLargerFirst(key)
		l.number("private_exponent", n.D)
		l.number("private_p", n.P)
		l.number("private_q", n.Q)
		l.number("private_inverse_q_mod_p", n.QInv)
	case *dsa.PrivateKey:
		l.number("private_x", key.X)
	case *ecdsa.PrivateKey:
		scalar, _ := key.Bytes()
		defer clear(scalar)
		l.number("private_exponent", new(big.Int).SetBytes(scalar))
	case ed25519.PrivateKey:
		l.number("private_exponent", littleEndian(key.Seed()))
	case ed448.PrivateKey:
		l.number("private_exponent", littleEndian(key.Seed()))
	}
}

// littleEndian reads a number as RFC 8032 section 2 encodes it.
func littleEndian(b []byte) *big.Int {
	b = slices.Clone(b)
	defer clear(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// edwards is a curve a*x^2 + y^2 = 1 + d*x^2*y^2 modulo p.
type edwards struct {
	name    string
	a, d, p *big.Int
}

// curve25519 returns the curve of Ed25519 (RFC 8032 section 5.1): p is 2^255 - 19, and d
// is -121665/121666.
func curve25519() edwards {
	p := new(big.Int).Sub(power2(255), big.NewInt(19))
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	return edwards{"Ed25519", big.NewInt(-1), d.Mul(d, big.NewInt(-121665)), p}
}

// curve448 returns the curve of Ed448 (RFC 8032 section 5.2): p is 2^448 - 2^224 - 1.
func curve448() edwards {
	p := new(big.Int).Sub(power2(448), power2(224))
	return edwards{"Ed448", big.NewInt(1), big.NewInt(-39081), p.Sub(p, big.NewInt(1))}
}

func power2(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

// affine decodes a public key: y, with the lowest bit of x as the highest of the
// encoding (RFC 8032 sections 5.1.3 and 5.2.3). x is 0 for bytes that are not a point.
func (c edwards) affine(public []byte) (x, y *big.Int) {
	y = littleEndian(public)
	sign := y.Bit(8*len(public) - 1)
	y.SetBit(y, 8*len(public)-1, 0)
	one := big.NewInt(1)
	y2 := new(big.Int).Mul(y, y)
	// x^2 = (1 - y^2) / (a - d*y^2)
	under := new(big.Int).Sub(c.a, new(big.Int).Mul(c.d, y2))
	x = new(big.Int).Sub(one, y2)
	if under.ModInverse(under, c.p) == nil || x.ModSqrt(x.Mul(x, under).Mod(x, c.p), c.p) == nil {
		return new(big.Int), y
	}
	if x.Bit(0) != sign {
		x.Sub(c.p, x)
	}
	return x, y
}

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

// private prints what a key has that passed its check.
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

package ppk

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/subtle"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// keyType says what the private blob of one key type consists of.
type keyType struct {
	algorithms []string // the names of package sshkey
	// parse reads the private blob and puts it together with the public half.
	parse func(pub ssh.PublicKey, private *wire.Reader) (crypto.PrivateKey, error)
	// marshal writes the private blob.
	marshal func(private crypto.PrivateKey) []byte
	// seedSize is how long the seed is of a type that has one.
	seedSize int
}

// keyTypes are the types that PuTTY has.
var keyTypes = []keyType{
	{algorithms: []string{ssh.KeyAlgoRSA}, parse: parseRSA, marshal: marshalRSA},
	{algorithms: []string{rawkey.KeyAlgoDSA}, parse: parseDSA, marshal: marshalDSA},
	{algorithms: []string{ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521}, parse: parseECDSA, marshal: marshalECDSA},
	{
		algorithms: []string{ssh.KeyAlgoED25519},
		parse: func(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
			return parseEdDSA[ed25519.PublicKey](pub, r, ed25519.SeedSize, rawkey.NewEd25519)
		},
		marshal: func(private crypto.PrivateKey) []byte {
			return wire.AppendString(nil, private.(ed25519.PrivateKey)[:ed25519.SeedSize])
		},
		seedSize: ed25519.SeedSize,
	},
	{
		algorithms: []string{rawkey.KeyAlgoED448},
		parse: func(pub ssh.PublicKey, r *wire.Reader) (crypto.PrivateKey, error) {
			return parseEdDSA[ed448.PublicKey](pub, r, ed448.SeedSize, rawkey.NewEd448)
		},
		marshal: func(private crypto.PrivateKey) []byte {
			return wire.AppendString(nil, private.(ed448.PrivateKey)[:ed448.SeedSize])
		},
		seedSize: ed448.SeedSize,
	},
}

const certSuffix = "-cert-v01@openssh.com"

// blobAlgorithm returns the name in the public blob where the first line has algorithm.
// PuTTY lets the first line name an RSA signature algorithm.
func blobAlgorithm(algorithm string) string {
	base, isCert := strings.CutSuffix(algorithm, certSuffix)
	if base == ssh.KeyAlgoRSASHA256 || base == ssh.KeyAlgoRSASHA512 {
		base = ssh.KeyAlgoRSA
	}
	if isCert {
		return base + certSuffix
	}
	return base
}

// typeOf returns the type of a key or of a certified key, or an *sshkey.UnsupportedError. Types
// for which OpenSSH has no certificates have none in PuTTY either.
func typeOf(algorithm string) (keyType, error) {
	name := blobAlgorithm(algorithm)
	general, known := rawkey.TypeOf(name)
	for _, t := range keyTypes {
		if known && slices.Contains(t.algorithms, strings.TrimSuffix(name, certSuffix)) {
			return t, nil
		}
	}
	code := sshkey.UnsupportedKeyType
	switch {
	case general.Token:
		code = sshkey.UnsupportedToken
	case known:
		code = sshkey.UnsupportedType
	}
	return keyType{}, &sshkey.UnsupportedError{Code: code, Algorithm: algorithm, What: fmt.Sprintf("the key type %s in a PuTTY key file", quote.Short(algorithm))}
}

// cryptoPublic returns the public half as a value of type T of the crypto packages.
func cryptoPublic[T any](pub ssh.PublicKey) (T, error) {
	if c, ok := pub.(ssh.CryptoPublicKey); ok {
		if p, ok := c.CryptoPublicKey().(T); ok {
			return p, nil
		}
	}
	var none T
	return none, &sshkey.InvalidKeyError{Msg: "the public key is of another type than the first line says"}
}

func privateError(err error) error {
	return &sshkey.InvalidKeyError{Msg: "private part: " + err.Error()}
}

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

// The private blob of ssh-ed25519 and ssh-ed448 is a string with the seed (32 or 57 bytes),
// without a public copy. The manual calls it an mpint; it never was one, and writers that
// believed it wrote keys that PuTTY cannot use where the first bit is 1 or the first byte is 0.
// Such a number is read; the public half proves it.

func parseEdDSA[Public, Private ~[]byte](pub ssh.PublicKey, r *wire.Reader, seedSize int, newKey func(public, seed []byte) (Private, error)) (crypto.PrivateKey, error) {
	public, err := cryptoPublic[Public](pub)
	if err != nil {
		return nil, err
	}
	seed := r.String("private key")
	if err := r.Err(); err != nil {
		return nil, privateError(err)
	}
	return newKey(public, asSeed(seed, seedSize))
}

// asSeed returns the seed in full length where it was written as a number: with a zero in
// front of a first bit of 1, or without the zeros that it began with.
func asSeed(number []byte, size int) []byte {
	if len(number) == size+1 && number[0] == 0 && number[1]&0x80 != 0 {
		return number[1:]
	}
	if len(number) > 0 && len(number) < size && number[0]&0x80 == 0 {
		return append(make([]byte, size-len(number)), number...)
	}
	return number
}

package main

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist, and so do their vectors.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/cloudflare/circl/sign/ed448"
	"golang.org/x/crypto/ssh"
)

// stream is a source of bytes that depends on its name alone: SHA-256 of the name and a
// counter. The generators of crypto/... do not give the same key for the same source.
type stream struct {
	name    string
	counter uint64
	rest    []byte
}

func newStream(name string) *stream { return &stream{name: name} }

func (s *stream) take(n int) []byte {
	for len(s.rest) < n {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("keyconv vectors "+s.name+" "), s.counter))
		s.counter++
		s.rest = append(s.rest, block[:]...)
	}
	taken := s.rest[:n:n]
	s.rest = s.rest[n:]
	return taken
}

// prime returns a prime with its two top bits set, so that the product of two has the full
// length, and with e prime to p-1.
func (s *stream) prime(bits int, e int64) *big.Int {
	for {
		p := new(big.Int).SetBytes(s.take((bits + 7) / 8))
		p.And(p, new(big.Int).Sub(new(big.Int).Lsh(one, uint(bits)), one))
		p.SetBit(p, bits-1, 1).SetBit(p, bits-2, 1).SetBit(p, 0, 1)
		order := new(big.Int).Sub(p, one)
		if new(big.Int).GCD(nil, nil, order, big.NewInt(e)).Cmp(one) == 0 && p.ProbablyPrime(20) {
			return p
		}
	}
}

var one = big.NewInt(1)

// rsaKey returns an RSA key with p > q.
func rsaKey(name string, bits int, e int64) *rsa.PrivateKey {
	s := newStream(fmt.Sprintf("rsa %d %s", bits, name))
	p, q := s.prime(bits/2, e), s.prime(bits/2, e)
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	return &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(e)},
		D:         new(big.Int).ModInverse(big.NewInt(e), phi), Primes: []*big.Int{p, q},
	}
}

// dsaKey makes p as a multiple of 2q, plus 1, like FIPS 186-4 appendix A.1.1.2 without its
// proof of origin.
func dsaKey(name string, bits, orderBits int) keyType {
	s := newStream(fmt.Sprintf("dsa %d", bits))
	q := s.prime(orderBits, 1)
	p := new(big.Int)
	for !p.ProbablyPrime(20) || p.BitLen() != bits {
		p.SetBytes(s.take(bits / 8))
		p.SetBit(p, bits-1, 1)
		p.Sub(p, new(big.Int).Mod(p, new(big.Int).Lsh(q, 1))).Add(p, one)
	}
	cofactor := new(big.Int).Div(new(big.Int).Sub(p, one), q)
	key := &dsa.PrivateKey{}
	key.P, key.Q, key.G = p, q, new(big.Int).Exp(big.NewInt(2), cofactor, p)
	key.X = new(big.Int).Mod(new(big.Int).SetBytes(s.take(orderBits/8)), q)
	key.Y = new(big.Int).Exp(key.G, key.X, p)
	public := concat(mpint(key.P), mpint(key.Q), mpint(key.G), mpint(key.Y))
	return keyType{name, "ssh-dss", key, concat(str("ssh-dss"), public), mpint(key.X), concat(public, mpint(key.X))}
}

// ecdsaKey returns the first key of its stream that a condition takes; nil takes any.
func ecdsaKey(name string, curve elliptic.Curve, takes func(scalar []byte) bool) *ecdsa.PrivateKey {
	s := newStream("ecdsa " + curve.Params().Name + " " + name)
	size := (curve.Params().BitSize + 7) / 8
	for {
		d := new(big.Int).SetBytes(s.take(size))
		d.Mod(d, curve.Params().N)
		scalar := d.FillBytes(make([]byte, size))
		if key, err := ecdsa.ParseRawPrivateKey(curve, scalar); err == nil && (takes == nil || takes(scalar)) {
			return key
		}
	}
}

// ed25519Key returns the first key of its stream that a condition takes; nil takes any.
func ed25519Key(name string, takes func(seed []byte) bool) keyType {
	s := newStream("ed25519 " + name)
	for {
		if seed := s.take(ed25519.SeedSize); takes == nil || takes(seed) {
			return ofEdwards("ed25519", ed25519.NewKeyFromSeed(seed), len(seed))
		}
	}
}

// keyType is a type of key with the parts that its files are made of.
type keyType struct {
	name      string // in the names of files
	algorithm string
	key       any
	public    []byte // the public blob (RFC 4253 section 6.6)
	ppk       []byte // the private blob of a .ppk
	openssh   []byte // the private fields of openssh-key-v1, after the name of the type
}

var (
	rsa2048  = ofRSA("rsa2048", rsaKey("a", 2048, 65537))
	rsa3072  = ofRSA("rsa3072", rsaKey("a", 3072, 65537))
	rsa1024  = ofRSA("rsa1024", rsaKey("a", 1024, 65537))
	dsa1024  = dsaKey("dsa1024", 1024, 160)
	p256     = ofECDSA("p256", ecdsaKey("a", elliptic.P256(), nil))
	p384     = ofECDSA("p384", ecdsaKey("a", elliptic.P384(), nil))
	p521     = ofECDSA("p521", ecdsaKey("a", elliptic.P521(), nil))
	ed       = ed25519Key("a", nil)
	otherEd  = ed25519Key("b", nil)
	goldi    = ofEdwards("ed448", ed448.NewKeyFromSeed(newStream("ed448").take(ed448.SeedSize)), ed448.SeedSize)
	allTypes = []keyType{rsa2048, rsa3072, dsa1024, p256, p384, p521, ed, goldi}
)

func ofRSA(name string, key *rsa.PrivateKey) keyType {
	p, q := key.Primes[0], key.Primes[1]
	e, inverse := big.NewInt(int64(key.E)), new(big.Int).ModInverse(q, p)
	return keyType{name, ssh.KeyAlgoRSA, key,
		concat(str(ssh.KeyAlgoRSA), mpint(e), mpint(key.N)),
		concat(mpint(key.D), mpint(p), mpint(q), mpint(inverse)),
		concat(mpint(key.N), mpint(e), mpint(key.D), mpint(inverse), mpint(p), mpint(q))}
}

func ofECDSA(name string, key *ecdsa.PrivateKey) keyType {
	curve := map[int]string{256: "nistp256", 384: "nistp384", 521: "nistp521"}[key.Params().BitSize]
	public := concat(str(curve), str(string(point(key))))
	scalar := mpint(new(big.Int).SetBytes(scalarOf(key)))
	algorithm := "ecdsa-sha2-" + curve
	return keyType{name, algorithm, key, concat(str(algorithm), public), scalar, concat(public, scalar)}
}

// ofEdwards takes a key of Ed25519 or Ed448: its seed, and the public half after it.
func ofEdwards[K ~[]byte](name string, key K, seedSize int) keyType {
	algorithm, seed, public := "ssh-"+name, str(string(key[:seedSize])), str(string(key[seedSize:]))
	return keyType{name, algorithm, key, concat(str(algorithm), public), seed, concat(public, str(string(key)))}
}

func point(key *ecdsa.PrivateKey) []byte {
	b, err := key.PublicKey.Bytes()
	check(err)
	return b
}

func scalarOf(key *ecdsa.PrivateKey) []byte {
	b, err := key.Bytes()
	check(err)
	return append([]byte(nil), b...)
}

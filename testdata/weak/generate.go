//go:build ignore

// Generate makes the weak keys of this folder again, with new numbers:
//
//	go run testdata/weak/generate.go testdata/weak
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"log"
	"math/big"
	"os"
	"path/filepath"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

var one = big.NewInt(1)

func main() {
	dir := os.Args[1]
	writeKey(dir, "rsa1024.pem", 65537, randomPrime(512, 65537), randomPrime(512, 65537))
	writeKey(dir, "rsa-e3.pem", 3, randomPrime(1024, 3), randomPrime(1024, 3))
	writeKey(dir, "rsa-e37.pem", 37, randomPrime(1024, 37), randomPrime(1024, 37))
	writeKey(dir, "rsa-roca.pem", 65537, rocaPrime(1024, 126), rocaPrime(1024, 126))
	p := randomPrime(1024, 65537)
	writeKey(dir, "rsa-fermat.pem", 65537, p, primeFrom(p, 65537))
	// The first 160 of the primes' 1024 bits are the same: too many, but too few for
	// Fermat, which needs half of them.
	low := new(big.Int).Rsh(randomPrime(1024, 65537), 160)
	high := new(big.Int).Lsh(new(big.Int).Rsh(p, 864), 864)
	writeKey(dir, "rsa-close-primes.pem", 65537, p, primeFrom(high.Or(high, low), 65537))
	writeKey(dir, "rsa-unequal-primes.pem", 65537, randomPrime(1984, 65537), randomPrime(64, 65537))
	writePublic(dir, "rsa-small-factor.pub", &rsa.PublicKey{N: new(big.Int).Mul(randomPrime(2047, 65537), big.NewInt(3)), E: 65537})
	writePublic(dir, "rsa-equal-primes.pub", &rsa.PublicKey{N: new(big.Int).Mul(p, p), E: 65537})
	n := new(big.Int).Mul(randomPrime(1024, 65537), randomPrime(1024, 65537))
	writePublic(dir, "rsa-even-exponent.pub", &rsa.PublicKey{N: n, E: 65536})
}

// randomPrime has its two highest bits set, so that a product has all its bits.
func randomPrime(bits int, e int64) *big.Int {
	for {
		p, err := rand.Prime(rand.Reader, bits)
		check(err)
		if fits(p, e) {
			return p
		}
	}
}

// primeFrom is the next prime after a number.
func primeFrom(n *big.Int, e int64) *big.Int {
	p := new(big.Int).Add(n, one)
	for !fits(p, e) || !p.ProbablyPrime(20) {
		p.Add(p, one)
	}
	return p
}

// rocaPrime is k*M + (65537^a mod M), where M is the product of the first primes: 126
// of them for a prime of 1024 bits (Nemec and others, The Return of Coppersmith's
// Attack, 2017, section 2.1).
func rocaPrime(bits, primes int) *big.Int {
	m := new(big.Int).Set(one)
	for p := int64(2); primes > 0; p++ {
		if prime := big.NewInt(p); prime.ProbablyPrime(20) {
			m.Mul(m, prime)
			primes--
		}
	}
	top := new(big.Int).Lsh(big.NewInt(3), uint(bits-2)) // so that a product has all its bits
	for {
		k := random(new(big.Int).Div(new(big.Int).Lsh(one, uint(bits-2)), m))
		k.Add(k, new(big.Int).Div(top, m)).Add(k, one)
		p := new(big.Int).Exp(big.NewInt(65537), random(m), m)
		p.Add(p, k.Mul(k, m))
		if p.BitLen() == bits && fits(p, 65537) && p.ProbablyPrime(20) {
			return p
		}
	}
}

func random(below *big.Int) *big.Int {
	n, err := rand.Int(rand.Reader, below)
	check(err)
	return n
}

// fits makes sure that the exponent has an inverse.
func fits(p *big.Int, e int64) bool {
	order := new(big.Int).Sub(p, one)
	return order.GCD(nil, nil, order, big.NewInt(e)).Cmp(one) == 0
}

func writeKey(dir, name string, e int64, p, q *big.Int) {
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	exponent := big.NewInt(e)
	key, err := rawkey.NewRSA(rawkey.RSANumbers{N: new(big.Int).Mul(p, q), E: exponent, D: new(big.Int).ModInverse(exponent, phi), P: p, Q: q})
	check(err)
	data, err := pemkey.Marshal(&sshkey.Key{Private: key}, nil)
	check(err)
	check(os.WriteFile(filepath.Join(dir, name), data, 0o600))
}

func writePublic(dir, name string, pub *rsa.PublicKey) {
	key, err := ssh.NewPublicKey(pub)
	check(err)
	check(os.WriteFile(filepath.Join(dir, name), sshkey.AuthorizedKey(key, "weak"), 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

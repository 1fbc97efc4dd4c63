package rawkey

import (
	"crypto"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
)

const (
	// minRSABits is what NIST SP 800-131A Rev. 2 section 3 still allows, and what
	// OpenSSH and the clouds ask for.
	minRSABits = 2048
	// maxPortableExponent is the largest that package rsa of Go uses (rsa.checkPublicKeySize),
	// with OpenSSL's own limit far above.
	maxPortableExponent = 1<<31 - 1
	// usualRSAExponent is the smallest that FIPS 186-4 section B.3.1 allows.
	usualRSAExponent = 65537
)

// What can be wrong with the numbers of the public half.
var (
	rsaSmall = Finding{
		Code:    "rsa-small",
		Message: "the RSA key has %d bits, and fewer than 2048 are no longer safe",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key, of type Ed25519 or RSA with 3072 bits, and replace this one"},
		Source:  "https://doi.org/10.6028/NIST.SP.800-131Ar2",
		Refuse:  true,
	}
	rsaLargeExponent = Finding{
		Code:    "rsa-large-exponent",
		Message: "the RSA public exponent is above 2^31-1, which some programs refuse, such as those in Go",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key where such a program has to open it"},
		Source:  "https://pkg.go.dev/crypto/rsa#PublicKey",
	}
	// An even exponent has no inverse: no private key can belong to it.
	rsaEvenExponent = Finding{
		Code:    "rsa-even-exponent",
		Message: "the RSA public exponent is even, so that no private key can belong to it",
		Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since this one is damaged"},
		Source:  "https://www.rfc-editor.org/rfc/rfc8017#section-3.1",
		Refuse:  true,
	}
	// With 1 every message is its own signature.
	rsaExponentOne = Finding{
		Code:    "rsa-exponent-one",
		Message: "the RSA public exponent is %d, with which anybody can sign",
		Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since this one is damaged"},
		Source:  "https://www.rfc-editor.org/rfc/rfc8017#section-3.1",
		Refuse:  true,
	}
	// Any other small exponent is not a reason to refuse: signatures as SSH makes them are not
	// known to suffer, and many old keys have one (37 from PuTTYgen before 0.75, 35 from early
	// OpenSSH).
	rsaSmallExponent = Finding{
		Code:    "rsa-small-exponent",
		Message: "the RSA public exponent is only %d",
		Advice:  Advice{Text: "nothing is known to break it in SSH, but a new key should have 65537"},
		Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
	}
	rsaROCA = Finding{
		Code:    "rsa-roca",
		Message: "the RSA key comes from a chip that makes keys which others can compute (ROCA, CVE-2017-15361)",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
		Source:  "https://nvd.nist.gov/vuln/detail/CVE-2017-15361",
		Refuse:  true,
	}
)

// findRSA reports the weaknesses of an RSA key, from the public half alone where private is nil.
func findRSA(public crypto.PublicKey, private crypto.PrivateKey) (found []Finding) {
	pub, _ := public.(*rsa.PublicKey)
	key, _ := private.(*rsa.PrivateKey)
	if key != nil {
		pub = &key.PublicKey
	}
	if pub == nil || pub.N == nil || pub.N.Sign() <= 0 {
		return nil
	}
	add := func(f Finding, number ...any) {
		if len(number) > 0 {
			f.Message = fmt.Sprintf(f.Message, number...)
		}
		found = append(found, f)
	}
	if bits := pub.N.BitLen(); bits < minRSABits {
		add(rsaSmall, bits)
	}
	switch e := pub.E; {
	case e > maxPortableExponent && e%2 == 1:
		add(rsaLargeExponent)
	case e%2 == 0:
		add(rsaEvenExponent)
	case e < 3:
		add(rsaExponentOne, e)
	case e < usualRSAExponent:
		add(rsaSmallExponent, e)
	}
	if isROCA(pub.N) {
		add(rsaROCA)
	}
	if key == nil {
		return append(found, findModulus(pub.N)...)
	}
	return append(found, findPrimes(pub.N, key.Primes)...)
}

// rocaPrimes are the primes below 168 modulo which the powers of 65537 are not all of
// the numbers except 0. They are the primes of the keys of 512 to 960 bits, which all
// larger keys have too (Nemec and others, The Return of Coppersmith's Attack, 2017,
// section 2.1).
var rocaPrimes = [...]int64{11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157}

// isROCA reports whether n is a power of 65537 modulo each of the primes, as in every
// key from the chips. One in 2^27 other numbers is.
func isROCA(n *big.Int) bool {
	for _, p := range rocaPrimes {
		rest := new(big.Int).Mod(n, big.NewInt(p)).Int64()
		power := int64(1)
		for power != rest {
			power = power * usualRSAExponent % p
			if power == 1 {
				return false // all powers were tried
			}
		}
	}
	return true
}

const (
	// fermatSteps is the number that badkeys takes too, which found the keys in the
	// wild. They all fell to the first few steps (https://eprint.iacr.org/2023/026).
	fermatSteps = 100
	// minDifferentBits is how many of their high bits the primes must not share (FIPS
	// 186-4 section B.3.3, step 5.4).
	minDifferentBits = 100
	// maxUnequalBits is how much longer than the other a prime may be. FIPS 186-5
	// section A.1.1 wants one length, and OpenSSL, PuTTYgen and Go keep to it, with a
	// difference of one bit where n has an odd number of them. The rest is for a program
	// that takes two random numbers as they come: a prime that is only a little shorter
	// is as hard to find.
	maxUnequalBits = 16
	// maxFraction bounds the numbers u and v where p is about u/v of q. Lehman's method
	// finds such primes as Fermat's finds primes that are about equal
	// (https://doi.org/10.1090/S0025-5718-1974-0340163-2).
	maxFraction = 16
)

// What can be wrong with the primes. The first two can be found from the modulus, with or
// without the private half.
var (
	equalPrimes = Finding{
		Code:    "rsa-equal-primes",
		Message: "both primes of the RSA key are the same number, so that anybody can compute the private key",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
		Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
		Refuse:  true,
	}
	fermatPrimes = Finding{
		Code:    "rsa-fermat",
		Message: "the primes of the RSA key are so close together that anybody can compute the private key (CVE-2022-26320)",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
		Source:  "https://fermatattack.secvuln.info/",
		Refuse:  true,
	}
	unequalPrimes = Finding{
		Code:    "rsa-unequal-primes",
		Message: "the primes of the RSA key have %d and %d bits, which makes the key far weaker than its size",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
		Source:  "https://doi.org/10.6028/NIST.FIPS.186-5",
		Refuse:  true,
	}
	closePrimes = Finding{
		Code:    "rsa-close-primes",
		Message: "the primes of the RSA key share their first 100 bits, which no sound program lets happen",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key with another program, and replace this one"},
		Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
		Refuse:  true,
	}
	patternPrimes = Finding{
		Code:    "rsa-pattern-primes",
		Message: "a prime of the RSA key repeats the same few bits, so that others can guess it",
		Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
		Source:  "https://github.com/google/paranoid_crypto",
		Refuse:  true,
	}
	relatedPrimes = Finding{
		Code:    "rsa-related-primes",
		Message: "one prime of the RSA key is %d/%d of the other in its first 100 bits, which no sound program lets happen",
		Advice:  Advice{Action: ReplaceKey, Text: "make a new key with another program, and replace this one"},
		Source:  "https://doi.org/10.1090/S0025-5718-1974-0340163-2",
		Refuse:  true,
	}
)

// findPrimes reports the worst weakness of the primes of n: those that can be found from it, and
// those that are not independent random numbers.
func findPrimes(n *big.Int, primes []*big.Int) []Finding {
	if len(primes) != 2 || slices.ContainsFunc(primes, func(p *big.Int) bool { return p == nil || p.Sign() <= 0 }) {
		return findModulus(n)
	}
	p, q := primes[0], primes[1]
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	// Fermat's factorisation looks for (p+q)/2 from the root of n upwards.
	steps := new(big.Int).Add(p, q)
	steps.Sub(steps.Rsh(steps, 1), new(big.Int).Sqrt(n))
	u, v := fraction(p, q, n.BitLen())
	switch found := (Finding{}); {
	case p.BitLen()-q.BitLen() > maxUnequalBits:
		found = unequalPrimes
		found.Message = fmt.Sprintf(found.Message, p.BitLen(), q.BitLen())
		return []Finding{found}
	case p.Cmp(q) == 0:
		return []Finding{equalPrimes}
	case steps.CmpAbs(big.NewInt(fermatSteps)) <= 0:
		return []Finding{fermatPrimes}
	case u == 1 && v == 1:
		return []Finding{closePrimes}
	case repeats(p) || repeats(q):
		return []Finding{patternPrimes}
	case u > 0:
		found = relatedPrimes
		found.Message = fmt.Sprintf(found.Message, u, v)
		return []Finding{found}
	}
	return nil
}

// fraction returns small numbers u and v where p is u/v of q except for the bits after
// the first 100, |p-q*u/v| <= 2^(bits/2-100). It returns 0, 0 for other primes, and
// where n is too short for primes of that many bits.
func fraction(p, q *big.Int, bits int) (u, v int64) {
	if bits/2 <= minDifferentBits {
		return 0, 0
	}
	scaled, allowed, distance := new(big.Int), new(big.Int), new(big.Int)
	for v := int64(1); v <= maxFraction; v++ {
		scaled.Mul(p, big.NewInt(v))
		near := new(big.Int).Rsh(q, 1)
		near.Add(near, scaled).Div(near, q) // rounded to the next number
		allowed.Lsh(big.NewInt(v), uint(bits/2-minDifferentBits))
		distance.Sub(scaled, distance.Mul(near, q))
		if near.Cmp(big.NewInt(maxFraction)) <= 0 && distance.CmpAbs(allowed) <= 0 {
			return near.Int64(), v
		}
	}
	return 0, 0
}

// repeats reports whether 64 bits of p at a multiple of 64 continue a pattern of at most
// 64 bits from before them, as in 0xAAAA... or 2^1023 + 5. By chance this is true of one
// prime of 1024 bits in 2^54.
func repeats(p *big.Int) bool {
	all := p.FillBytes(make([]byte, (p.BitLen()+63)/64*8))
	defer clear(all)
	for b := all; len(b) >= 16; b = b[8:] {
		before, word := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
		for period := 1; period <= 64; period++ {
			if word == before<<(64-period)|word>>period {
				return true
			}
		}
	}
	return false
}

package rawkey

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"sync"
)

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
	// smallPrimes bounds the factors that n is searched for. NIST SP 800-89 section
	// 5.3.3 asks for those below 752.
	smallPrimes = 1 << 16
)

// findPrimes reports the worst weakness of the primes, which are nil where they are not
// known. For known primes their size says more than a search for small factors.
func findPrimes(n *big.Int, primes []*big.Int) []Finding {
	p, q := ordered(primes)
	known := p != nil
	switch {
	case known && p.BitLen()-q.BitLen() > maxUnequalBits:
		return []Finding{{
			Code:    "rsa-unequal-primes",
			Message: fmt.Sprintf("the primes of the RSA key have %d and %d bits, which makes the key far weaker than its size", p.BitLen(), q.BitLen()),
			Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-5",
			Refuse:  true,
		}}
	case !known && hasSmallFactor(n):
		return []Finding{{
			Code:    "rsa-small-factor",
			Message: "the RSA modulus has a factor below 65536, so that anybody can compute the private key",
			Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since it may be damaged, and replace the key at once if it is not"},
			Source:  "https://doi.org/10.6028/NIST.SP.800-89",
			Refuse:  true,
		}}
	}
	found := findDistance(n)
	if found == nil && known {
		found = findRelation(p, q, n.BitLen())
	}
	return found
}

// findDistance reports primes that can be found from n alone.
func findDistance(n *big.Int) []Finding {
	root := new(big.Int).Sqrt(n)
	switch {
	case new(big.Int).Mul(root, root).Cmp(n) == 0:
		return []Finding{{
			Code:    "rsa-equal-primes",
			Message: "both primes of the RSA key are the same number, so that anybody can compute the private key",
			Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
			Refuse:  true,
		}}
	case fallsToFermat(n, root):
		return []Finding{{
			Code:    "rsa-fermat",
			Message: "the primes of the RSA key are so close together that anybody can compute the private key (CVE-2022-26320)",
			Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
			Source:  "https://fermatattack.secvuln.info/",
			Refuse:  true,
		}}
	}
	return nil
}

// findRelation reports primes that are not independent random numbers. p is the larger
// one, and n has that many bits.
func findRelation(p, q *big.Int, bits int) []Finding {
	u, v := fraction(p, q, bits)
	switch {
	case u == 1 && v == 1:
		return []Finding{{
			Code:    "rsa-close-primes",
			Message: "the primes of the RSA key share their first 100 bits, which no sound program lets happen",
			Advice:  Advice{Action: ReplaceKey, Text: "make a new key with another program, and replace this one"},
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
			Refuse:  true,
		}}
	case repeats(p) || repeats(q):
		return []Finding{{
			Code:    "rsa-pattern-primes",
			Message: "a prime of the RSA key repeats the same few bits, so that others can guess it",
			Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
			Source:  "https://github.com/google/paranoid_crypto",
			Refuse:  true,
		}}
	case u > 0:
		return []Finding{{
			Code:    "rsa-related-primes",
			Message: fmt.Sprintf("one prime of the RSA key is %d/%d of the other in its first 100 bits, which no sound program lets happen", u, v),
			Advice:  Advice{Action: ReplaceKey, Text: "make a new key with another program, and replace this one"},
			Source:  "https://doi.org/10.1090/S0025-5718-1974-0340163-2",
			Refuse:  true,
		}}
	}
	return nil
}

// ordered returns the larger prime and the smaller, or nil unless there are two numbers
// above 0.
func ordered(primes []*big.Int) (p, q *big.Int) {
	if len(primes) != 2 {
		return nil, nil
	}
	p, q = primes[0], primes[1]
	if p == nil || q == nil || p.Sign() <= 0 || q.Sign() <= 0 {
		return nil, nil
	}
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	return p, q
}

// hasSmallFactor reports whether a small prime divides n. It costs one division of the
// product of all small primes and one greatest common divisor, whatever n is.
func hasSmallFactor(n *big.Int) bool {
	rest := new(big.Int).Mod(productOfSmallPrimes(), n)
	return rest.GCD(nil, nil, rest, n).Cmp(one) != 0
}

// productOfSmallPrimes returns a number of 94,000 bits, computed for the first public
// key of a run.
var productOfSmallPrimes = sync.OnceValue(func() *big.Int {
	var composite [smallPrimes]bool
	var factors []*big.Int
	for i := 2; i < smallPrimes; i++ {
		if composite[i] {
			continue
		}
		factors = append(factors, big.NewInt(int64(i)))
		for multiple := 2 * i; multiple < smallPrimes; multiple += i {
			composite[multiple] = true
		}
	}
	for len(factors) > 1 { // in pairs, since numbers of one length are multiplied fastest
		for i := range len(factors) / 2 {
			factors[i].Mul(factors[i], factors[len(factors)-1-i])
		}
		factors = factors[:(len(factors)+1)/2]
	}
	return factors[0]
})

// fallsToFermat reports whether some a, from the rounded root of n upwards, has a*a-n =
// b*b: then n is (a-b)(a+b).
func fallsToFermat(n, root *big.Int) bool {
	a := new(big.Int).Add(root, one)
	rest := new(big.Int).Mul(a, a)
	rest.Sub(rest, n)
	step := new(big.Int).Lsh(a, 1)
	step.Add(step, one) // (a+1)^2 - a^2
	two := big.NewInt(2)
	for range fermatSteps {
		if isSquare(rest) {
			return true
		}
		rest.Add(rest, step)
		step.Add(step, two)
	}
	return false
}

// residueModuli are small numbers without a common factor, modulo all of which few
// numbers are squares: one in eighty (H. Cohen, A Course in Computational Algebraic
// Number Theory, section 1.7.2, has the idea with other moduli).
var residueModuli = [...]int64{64, 63, 61, 59}

var (
	residueProduct = big.NewInt(64 * 63 * 61 * 59)
	residueSquares = squareResidues()
)

// squareResidues returns masks in which bit i is set where i is a square modulo
// residueModuli.
func squareResidues() (masks [len(residueModuli)]uint64) {
	for n, m := range residueModuli {
		for i := range m {
			masks[n] |= 1 << (i * i % m)
		}
	}
	return masks
}

// isSquare computes a root, which is slow, only if the residues do not rule one out.
func isSquare(x *big.Int) bool {
	residue := new(big.Int).Mod(x, residueProduct).Int64()
	for n, m := range residueModuli {
		if residueSquares[n]>>(residue%m)&1 == 0 {
			return false
		}
	}
	root := new(big.Int).Sqrt(x)
	return root.Mul(root, root).Cmp(x) == 0
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

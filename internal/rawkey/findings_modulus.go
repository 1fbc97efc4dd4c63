package rawkey

import (
	"math/big"

	"github.com/keyconv/keyconv/internal/lazy"
)

// smallPrimes bounds the factors that a modulus is searched for. NIST SP 800-89 section 5.3.3
// asks for those below 752.
const smallPrimes = 1 << 16

// findModulus reports the worst weakness of the primes that can be found from n alone.
func findModulus(n *big.Int) []Finding {
	if hasSmallFactor(n) {
		return []Finding{{
			Code:    "rsa-small-factor",
			Message: "the RSA modulus has a factor below 65536, so that anybody can compute the private key",
			Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since it may be damaged, and replace the key at once if it is not"},
			Source:  "https://doi.org/10.6028/NIST.SP.800-89",
			Refuse:  true,
		}}
	}
	root := new(big.Int).Sqrt(n)
	switch {
	case new(big.Int).Mul(root, root).Cmp(n) == 0:
		return []Finding{equalPrimes}
	case fallsToFermat(n, root):
		return []Finding{fermatPrimes}
	}
	return nil
}

// hasSmallFactor reports whether a small prime divides n. It costs one division of the
// product of all small primes and one greatest common divisor, whatever n is.
func hasSmallFactor(n *big.Int) bool {
	rest := new(big.Int).Mod(productOfSmallPrimes.Get(), n)
	return rest.GCD(nil, nil, rest, n).Cmp(one) != 0
}

// productOfSmallPrimes returns a number of 94,000 bits, computed for the first public
// key of a run.
var productOfSmallPrimes = lazy.Value[*big.Int]{Make: func() *big.Int {
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
}}

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

var residueProduct = big.NewInt(64 * 63 * 61 * 59)

// residueSquares returns masks in which bit i is set where i is a square modulo
// residueModuli.
var residueSquares = lazy.Value[[len(residueModuli)]uint64]{Make: func() (masks [len(residueModuli)]uint64) {
	for n, m := range residueModuli {
		for i := range m {
			masks[n] |= 1 << (i * i % m)
		}
	}
	return masks
}}

// isSquare computes a root, which is slow, only if the residues do not rule one out.
func isSquare(x *big.Int) bool {
	residue := new(big.Int).Mod(x, residueProduct).Int64()
	squares := residueSquares.Get()
	for n, m := range residueModuli {
		if squares[n]>>(residue%m)&1 == 0 {
			return false
		}
	}
	root := new(big.Int).Sqrt(x)
	return root.Mul(root, root).Cmp(x) == 0
}

package sshkey

import (
	"crypto/rsa"
	"fmt"
	"math/big"

	"github.com/titanous/rocacheck"
)

const (
	// minRSABits is what NIST SP 800-131A Rev. 2 section 3 still allows, and what
	// OpenSSH and the clouds ask for.
	minRSABits = 2048
	// usualRSAExponent is the smallest that FIPS 186-4 section B.3.1 allows.
	usualRSAExponent = 65537
	// fermatSteps is what badkeys, which found the keys in the wild, takes too. They all
	// fell to the first few steps (https://eprint.iacr.org/2023/026).
	fermatSteps = 100
	// minDifferentBits is how many of their high bits the primes must not share (FIPS
	// 186-4 section B.3.3, step 5.4).
	minDifferentBits = 100
)

// findRSA takes the primes where they are known.
func findRSA(pub *rsa.PublicKey, primes []*big.Int) []Finding {
	if pub == nil || pub.N == nil || pub.N.Sign() <= 0 {
		return nil
	}
	var found []Finding
	if bits := pub.N.BitLen(); bits < minRSABits {
		found = append(found, Finding{
			Code:    "rsa-small",
			Message: fmt.Sprintf("the RSA key has %d bits, and fewer than 2048 are no longer safe", bits),
			Advice:  "make a new key, of type Ed25519 or RSA with 3072 bits, and replace this one",
			Source:  "https://doi.org/10.6028/NIST.SP.800-131Ar2",
			Refuse:  true,
		})
	}
	found = append(found, findExponent(pub.E)...)
	if rocacheck.IsWeak(pub) {
		found = append(found, Finding{
			Code:    "rsa-roca",
			Message: "the RSA key comes from a chip that makes keys which others can compute (ROCA, CVE-2017-15361)",
			Advice:  "replace the key at once, everywhere it opens something",
			Source:  "https://nvd.nist.gov/vuln/detail/CVE-2017-15361",
			Refuse:  true,
		})
	}
	return append(found, findPrimes(pub.N, primes)...)
}

// findExponent refuses an even exponent, which has no inverse: such a key can neither
// sign nor be whole. A small one is no reason to refuse: signatures as SSH makes them
// are not known to suffer, and many old keys have one (37 from PuTTYgen before 0.75, 35
// from early OpenSSH).
func findExponent(e int) []Finding {
	switch {
	case e%2 == 0:
		return []Finding{{
			Code:    "rsa-even-exponent",
			Message: "the RSA public exponent is even, so that no private key can belong to it",
			Advice:  "get the public key anew, since this one is damaged",
			Source:  "https://www.rfc-editor.org/rfc/rfc8017#section-3.1",
			Refuse:  true,
		}}
	case e < usualRSAExponent:
		return []Finding{{
			Code:    "rsa-small-exponent",
			Message: fmt.Sprintf("the RSA public exponent is only %d", e),
			Advice:  "nothing is known to break it in SSH, but a new key should have 65537",
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
		}}
	}
	return nil
}

// findPrimes reports the worst of what can be wrong with the distance of the primes.
func findPrimes(n *big.Int, primes []*big.Int) []Finding {
	root := new(big.Int).Sqrt(n)
	switch {
	case new(big.Int).Mul(root, root).Cmp(n) == 0:
		return []Finding{{
			Code:    "rsa-equal-primes",
			Message: "both primes of the RSA key are the same number, so that anybody can compute the private key",
			Advice:  "replace the key at once, everywhere it opens something",
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
			Refuse:  true,
		}}
	case fallsToFermat(n, root):
		return []Finding{{
			Code:    "rsa-fermat",
			Message: "the primes of the RSA key are so close together that anybody can compute the private key (CVE-2022-26320)",
			Advice:  "replace the key at once, everywhere it opens something",
			Source:  "https://fermatattack.secvuln.info/",
			Refuse:  true,
		}}
	case shareHighBits(n, primes):
		return []Finding{{
			Code:    "rsa-close-primes",
			Message: "the primes of the RSA key share their first 100 bits, which no sound program lets happen",
			Advice:  "make a new key with another program, and replace this one",
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
			Refuse:  true,
		}}
	}
	return nil
}

// fallsToFermat looks for a with a*a-n = b*b, from the rounded root of n upwards: then
// n is (a-b)(a+b).
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

// residueModuli are small, without a common factor, and few numbers are squares modulo
// all of them: one in eighty (H. Cohen, A Course in Computational Algebraic Number
// Theory, section 1.7.2, has the idea with other moduli).
var residueModuli = [...]int64{64, 63, 61, 59}

var (
	residueProduct = big.NewInt(64 * 63 * 61 * 59)
	residueSquares = squareResidues()
)

// squareResidues has bit i set where i is a square modulo residueModuli.
func squareResidues() (masks [len(residueModuli)]uint64) {
	for n, m := range residueModuli {
		for i := range m {
			masks[n] |= 1 << (i * i % m)
		}
	}
	return masks
}

// isSquare takes a root, which is slow, only where the residues do not show that there
// is none.
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

// shareHighBits reports |p-q| <= 2^(bits/2-100). It is false where the primes are not
// known, or n is so short that they have no 100 bits to share.
func shareHighBits(n *big.Int, primes []*big.Int) bool {
	most := n.BitLen()/2 - minDifferentBits
	if len(primes) != 2 || primes[0] == nil || primes[1] == nil || most <= 0 {
		return false
	}
	distance := new(big.Int).Sub(primes[0], primes[1])
	return distance.Abs(distance).Cmp(new(big.Int).Lsh(one, uint(most))) <= 0
}

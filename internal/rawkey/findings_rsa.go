package rawkey

import (
	"crypto/rsa"
	"fmt"
	"math/big"
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

// findRSA reports the weaknesses of an RSA key; primes is nil where they are not known.
func findRSA(pub *rsa.PublicKey, primes []*big.Int) []Finding {
	if pub == nil || pub.N == nil || pub.N.Sign() <= 0 {
		return nil
	}
	var found []Finding
	if bits := pub.N.BitLen(); bits < minRSABits {
		found = append(found, Finding{
			Code:    "rsa-small",
			Message: fmt.Sprintf("the RSA key has %d bits, and fewer than 2048 are no longer safe", bits),
			Advice:  Advice{Action: ReplaceKey, Text: "make a new key, of type Ed25519 or RSA with 3072 bits, and replace this one"},
			Source:  "https://doi.org/10.6028/NIST.SP.800-131Ar2",
			Refuse:  true,
		})
	}
	found = append(found, findExponent(pub.E)...)
	if isROCA(pub.N) {
		found = append(found, Finding{
			Code:    "rsa-roca",
			Message: "the RSA key comes from a chip that makes keys which others can compute (ROCA, CVE-2017-15361)",
			Advice:  Advice{Action: ReplaceKey, Text: "replace the key at once, everywhere it opens something"},
			Source:  "https://nvd.nist.gov/vuln/detail/CVE-2017-15361",
			Refuse:  true,
		})
	}
	return append(found, findPrimes(pub.N, primes)...)
}

// findExponent refuses an even exponent, which has no inverse: no private key can belong
// to it. With 1 every message is its own signature. Any other small one is not a reason
// to refuse: signatures as SSH makes them are not known to suffer, and many old keys
// have one (37 from PuTTYgen before 0.75, 35 from early OpenSSH).
func findExponent(e int) []Finding {
	switch {
	case e > maxPortableExponent && e%2 == 1:
		return []Finding{{
			Code:    "rsa-large-exponent",
			Message: "the RSA public exponent is above 2^31-1, which some programs refuse, such as those in Go",
			Advice:  Advice{Action: ReplaceKey, Text: "make a new key where such a program has to open it"},
			Source:  "https://pkg.go.dev/crypto/rsa#PublicKey",
		}}
	case e%2 == 0:
		return []Finding{{
			Code:    "rsa-even-exponent",
			Message: "the RSA public exponent is even, so that no private key can belong to it",
			Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since this one is damaged"},
			Source:  "https://www.rfc-editor.org/rfc/rfc8017#section-3.1",
			Refuse:  true,
		}}
	case e < 3:
		return []Finding{{
			Code:    "rsa-exponent-one",
			Message: fmt.Sprintf("the RSA public exponent is %d, with which anybody can sign", e),
			Advice:  Advice{Action: FetchAgain, Text: "get the public key again, since this one is damaged"},
			Source:  "https://www.rfc-editor.org/rfc/rfc8017#section-3.1",
			Refuse:  true,
		}}
	case e < usualRSAExponent:
		return []Finding{{
			Code:    "rsa-small-exponent",
			Message: fmt.Sprintf("the RSA public exponent is only %d", e),
			Advice:  Advice{Text: "nothing is known to break it in SSH, but a new key should have 65537"},
			Source:  "https://doi.org/10.6028/NIST.FIPS.186-4",
		}}
	}
	return nil
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

package pemkey

import (
	"crypto"
	"math/big"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// parseDER reads a private key in DER of any of the four kinds, and ignores the label:
// files with a wrong label exist, and the bytes leave no doubt. All four are a SEQUENCE
// that begins with a version. params is the curve of an EC PARAMETERS block, or "".
func parseDER(data []byte, params string) (*sshkey.Key, Format, error) {
	whole := der.New(data)
	private, format, err := parsePrivate(whole, params)
	if err != nil {
		return nil, format, err
	}
	return &sshkey.Key{Private: private, Comment: rawkey.DefaultComment, Deviations: whole.Notes()}, format, nil
}

func parsePrivate(whole *der.Reader, params string) (crypto.PrivateKey, Format, error) {
	d, version, err := openKey(whole, "the private key")
	if err != nil {
		return nil, "", err
	}
	switch d.Peek() {
	case der.TagSequence:
		key, err := parsePKCS8(d, version)
		return key, FormatPKCS8, err
	case der.TagOctets:
		key, err := parseSEC1(d, version, params)
		return key, FormatSEC1, err
	case der.TagInteger:
		return parseIntegers(d, version)
	}
	return nil, "", syntaxf("ASN.1: this is not a private key of a known kind")
}

// parseIntegers reads PKCS#1 (RFC 8017 appendix A.1.2: n, e, d, p, q, dP, dQ, qInv) or
// traditional DSA (p, q, g, y, x), which OpenSSL made up. The count of the numbers decides
// which, and so does n = p*q where dP, dQ and qInv are left out, as some programs do, or
// p and q as well. Like PuTTY it reads a NULL after them, which has no meaning.
func parseIntegers(d *der.Reader, version int) (crypto.PrivateKey, Format, error) {
	var x []*big.Int
	for d.Peek() == der.TagInteger {
		x = append(x, d.Integer("a number"))
	}
	if version == 1 && len(x) == 8 && d.Peek() == der.TagSequence { // otherPrimeInfos
		return nil, "", unsupportedf(sshkey.UnsupportedKey, "an RSA key with more than two primes")
	}
	d.Null("what follows the numbers")
	switch err := d.End("the private key"); {
	case err != nil:
		return nil, "", err
	case version != 0:
		return nil, "", syntaxf("ASN.1: the version is %d, not 0", version)
	case len(x) == 8 || len(x) == 5 && x[0].Cmp(new(big.Int).Mul(x[3], x[4])) == 0:
		key, err := rawkey.CompleteRSA(x[0], x[1], x[2], x[3], x[4])
		return key, FormatPKCS1, err
	case len(x) == 3:
		key, err := rawkey.CompleteRSA(x[0], x[1], x[2], nil, nil)
		return key, FormatPKCS1, err
	case len(x) == 5:
		key, err := rawkey.NewDSA(x[0], x[1], x[2], x[3], x[4])
		return key, FormatDSA, err
	}
	return nil, "", syntaxf("ASN.1: %d numbers are neither an RSA nor a DSA key", len(x))
}

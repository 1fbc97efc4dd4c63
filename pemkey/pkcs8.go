package pemkey

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// The algorithms of PKCS#8 that SSH has keys for.
const (
	oidRSA     = "1.2.840.113549.1.1.1" // RFC 8017 appendix C
	oidDSA     = "1.2.840.10040.4.1"    // RFC 3279 section 2.3.2
	oidEC      = "1.2.840.10045.2.1"    // RFC 5480 section 2.1.1
	oidEd25519 = "1.3.101.112"          // RFC 8410 section 3
	oidEd448   = "1.3.101.113"
)

// pkcs8Parser reads the private part of a PrivateKeyInfo, with the parameters of the
// algorithm. public is the public half, or nil.
type pkcs8Parser func(params *der.Reader, private, public []byte) (crypto.PrivateKey, error)

var pkcs8Parsers = lazy.Map[string, pkcs8Parser]{Make: func() map[string]pkcs8Parser {
	return map[string]pkcs8Parser{
		oidRSA:     parsePKCS8RSA,
		oidDSA:     parsePKCS8DSA,
		oidEC:      parsePKCS8EC,
		oidEd25519: eddsaParser(ed25519.SeedSize, rawkey.NewEd25519),
		oidEd448:   eddsaParser(ed448.SeedSize, rawkey.NewEd448),
	}
}}

// parsePKCS8 reads the rest of a PrivateKeyInfo (RFC 5208 section 5; version 1 is
// the OneAsymmetricKey of RFC 5958): the algorithm, the private half, and perhaps
// attributes [0] and the public half [1]. That belongs to OneAsymmetricKey, but some
// programs write it with version 0. Each algorithm compares the halves.
func parsePKCS8(d *der.Reader, version int) (crypto.PrivateKey, error) {
	algorithm := d.Sequence("the algorithm")
	oid := algorithm.OID("the algorithm")
	private := d.Element(der.TagOctets, "the private key")
	if d.Peek() == der.TagExplicit0 {
		readAttributes(d)
	}
	var public []byte
	switch d.Peek() {
	case der.TagImplicit1:
		public = d.Bits(der.TagImplicit1, "the public key")
	case der.TagExplicit1: // the Rust library ring wrote it so (its issue 1464)
		public = d.ExplicitBits(der.TagExplicit1, "the public key")
	}
	if err := firstError(d.End("the private key"), algorithm.Err()); err != nil {
		return nil, err
	}
	if version > 1 {
		return nil, unsupportedf(sshkey.UnsupportedForm, "version %d of PKCS#8", version)
	}
	if parse, ok := pkcs8Parsers.Get()[oid]; ok {
		return parse(algorithm, private, public)
	}
	return nil, rawkey.UnsupportedAlgorithm(oid)
}

// ParsePKCS8 reads a PrivateKeyInfo in DER (RFC 5208 section 5), as keystores, security modules
// and x509.MarshalPKCS8PrivateKey have it. It checks more than x509.ParsePKCS8PrivateKey, and
// reads DSA and Ed448 too. It returns a *sshkey.SyntaxError, *sshkey.UnsupportedError,
// *sshkey.LimitError or *sshkey.InvalidKeyError.
func ParsePKCS8(data []byte) (*sshkey.Key, error) {
	key, format, err := parseDER(data, "", "")
	if err == nil && format != FormatPKCS8 {
		err = syntaxf("ASN.1: the key is in %s, not in PKCS#8", format)
	}
	if err != nil {
		return nil, prefixed(err)
	}
	return key, nil
}

// readAttributes takes a SET OF Attribute, which is an object identifier and a SET of
// values (RFC 5958 section 2). It checks the structure, so that damage does not pass for an
// attribute, and drops the content (a name, a use in certificates).
func readAttributes(d *der.Reader) {
	const what = "an attribute"
	set := d.Inside(der.TagExplicit0, "the attributes")
	for set.More() {
		attribute := set.Sequence(what)
		attribute.OID(what)
		values := attribute.Inside(der.TagSet, what)
		for values.More() {
			values.Element(values.Peek(), what)
		}
		set.Fail(firstError(attribute.End(what), values.Err()))
	}
	d.Fail(set.Err())
}

// parsePKCS8RSA reads an RSAPrivateKey. The parameters are NULL (RFC 8017 appendix A.1)
// or, from some programs, absent.
func parsePKCS8RSA(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	params.Null("the parameters")
	if err := params.End("the algorithm"); err != nil {
		return nil, err
	}
	d, version, err := openKey(params.Nested(private), "the RSA private key")
	if err != nil {
		return nil, err
	}
	parsed, format, err := parseIntegers(d, version)
	if err != nil {
		return nil, err
	}
	if format != FormatPKCS1 {
		return nil, syntaxf("ASN.1: the algorithm is RSA, but the key inside is not")
	}
	key := parsed.(*rsa.PrivateKey)
	if public != nil && !bytes.Equal(public, x509.MarshalPKCS1PublicKey(&key.PublicKey)) {
		return nil, invalidf("RSA: the private half does not match the public half")
	}
	return key, nil
}

// parsePKCS8DSA reads p, q and g beside the algorithm (RFC 3279 section 2.3.2) and x in the
// private part. If there is no public half y is computed, and only the order of g shows
// that the file is undamaged.
func parsePKCS8DSA(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	group := params.Sequence("the DSA parameters")
	p, q, g := group.Integer("p"), group.Integer("q"), group.Integer("g")
	d, half := der.New(private), der.New(public)
	x := d.Integer("x")
	err := firstError(group.End("the DSA parameters"), params.End("the algorithm"), d.End("the private key"))
	switch {
	case err != nil:
		return nil, err
	case public != nil:
		y := half.Integer("y")
		if err := half.End("the public key"); err != nil {
			return nil, err
		}
		return rawkey.NewDSA(p, q, g, y, x)
	}
	return rawkey.NewDSA(p, q, g, nil, x)
}

// eddsaParser returns a parser of the seed of an EdDSA key, an OCTET STRING inside the
// private part (RFC 8410 section 7). There should be no parameters (section 3), but Java's
// classes write a NULL. A copy of the public half after the seed is read if it is right.
func eddsaParser[K crypto.PrivateKey](size int, newKey func(public, seed []byte) (K, error)) pkcs8Parser {
	return func(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
		params.Null("the parameters")
		d := params.Nested(private)
		seed := d.Element(der.TagOctets, "the private key")
		if err := firstError(params.End("the algorithm"), d.End("the private key")); err != nil {
			return nil, err
		}
		if len(seed) != 2*size {
			return newKey(public, seed)
		}
		params.Note(sshkey.DeviationSeedPair)
		if public != nil && !bytes.Equal(public, seed[size:]) {
			return nil, invalidf("the two copies of the public key differ")
		}
		return newKey(seed[size:], seed[:size])
	}
}

// firstError returns the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

package pemkey

import (
	"bytes"
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"strconv"
	"strings"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/sshkey"

	"github.com/keyconv/keyconv/internal/der"
)

// The algorithms of PKCS#8 that SSH has keys for.
const (
	oidRSA     = "1.2.840.113549.1.1.1" // RFC 8017 appendix C
	oidDSA     = "1.2.840.10040.4.1"    // RFC 3279 section 2.3.2
	oidEC      = "1.2.840.10045.2.1"    // RFC 5480 section 2.1.1
	oidEd25519 = "1.3.101.112"          // RFC 8410 section 3
	oidEd448   = "1.3.101.113"
)

var pkcs8Parsers = map[string]func(params *der.Reader, private, public []byte) (crypto.PrivateKey, error){
	oidRSA:     parsePKCS8RSA,
	oidDSA:     parsePKCS8DSA,
	oidEC:      parsePKCS8EC,
	oidEd25519: parsePKCS8Ed25519,
	oidEd448:   parsePKCS8Ed448,
}

// otherAlgorithms have no SSH key type, so they are only named.
var otherAlgorithms = map[string]string{
	"1.2.840.113549.1.1.10": "an RSA-PSS key (restricted to a padding that SSH does not use)",
	"1.2.840.113549.1.3.1":  "a Diffie-Hellman key",
	"1.3.101.110":           "an X25519 key (for key agreement, not for signing)",
	"1.3.101.111":           "an X448 key (for key agreement, not for signing)",
}

// parsePKCS8 reads the rest of a PrivateKeyInfo (RFC 5208 section 5; version 1 is
// the OneAsymmetricKey of RFC 5958): the algorithm, the private half, and perhaps
// attributes [0] and the public half [1], which OneAsymmetricKey alone has, though some
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
	if parse, ok := pkcs8Parsers[oid]; ok {
		return parse(algorithm, private, public)
	}
	if name, ok := otherAlgorithms[oid]; ok {
		return nil, unsupportedf(sshkey.UnsupportedKey, "%s", name)
	}
	return nil, unsupportedf(sshkey.UnsupportedKey, "a PKCS#8 key of algorithm %s", oid)
}

// ParsePKCS8 reads a PrivateKeyInfo in DER (RFC 5208 section 5), as it stands in files of
// other forms. It returns a *SyntaxError, *UnsupportedError, *LimitError or
// *InvalidKeyError.
func ParsePKCS8(data []byte) (*sshkey.Key, error) {
	private, format, err := parseDER(data, "")
	if err == nil && format != FormatPKCS8 {
		err = syntaxf("ASN.1: the key is in %s, not in PKCS#8", format)
	}
	if err != nil {
		return nil, prefixed(err)
	}
	return &sshkey.Key{Private: private, Comment: sshkey.DefaultComment}, nil
}

// readAttributes takes a SET OF Attribute, which is an object identifier and a SET of
// values (RFC 5958 section 2), to tell it from noise. What they say (a name, a use in
// certificates) is of no interest to SSH.
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

// openKey opens the SEQUENCE that is all of data, and begins with a version.
func openKey(data []byte, what string) (d *der.Reader, version int, err error) {
	whole := der.New(data)
	d = whole.Sequence(what)
	if err := whole.End(what); err != nil {
		return nil, 0, err
	}
	version = d.Small("the version")
	return d, version, d.Err()
}

// parsePKCS8RSA reads an RSAPrivateKey, whose algorithm has the parameters NULL (RFC
// 8017 appendix A.1) or, of some programs, none.
func parsePKCS8RSA(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	params.Null("the parameters")
	if err := params.End("the algorithm"); err != nil {
		return nil, err
	}
	d, version, err := openKey(private, "the RSA private key")
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

type privateKeyInfo struct {
	Version   int
	Algorithm algorithmIdentifier
	Private   []byte
}

type algorithmIdentifier struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// marshalPKCS8 writes version 0, without attributes and public key, as OpenSSL does.
// It returns nil for a type that has no algorithm there.
func marshalPKCS8(private crypto.PrivateKey) []byte {
	oid, params, inner := pkcs8Parts(private)
	if oid == "" {
		return nil
	}
	defer clear(inner)
	info := privateKeyInfo{Algorithm: algorithmIdentifier{Algorithm: parseOID(oid)}, Private: inner}
	if params != nil {
		info.Algorithm.Parameters = asn1.RawValue{FullBytes: params}
	}
	return der.MustMarshal(info)
}

// pkcs8Parts returns the algorithm, its parameters in DER (nil for none) and the
// private part. The algorithm is "" for a type that has none.
func pkcs8Parts(private crypto.PrivateKey) (oid string, params, inner []byte) {
	switch key := private.(type) {
	case *rsa.PrivateKey:
		return oidRSA, der.MustMarshal(asn1.NullRawValue), marshalPKCS1(key)
	case *dsa.PrivateKey:
		return pkcs8DSA(key)
	case *ecdsa.PrivateKey:
		return pkcs8EC(key)
	case ed25519.PrivateKey:
		return pkcs8Ed25519(key)
	case ed448.PrivateKey:
		return pkcs8Ed448(key)
	}
	return "", nil, nil
}

func parseOID(dotted string) asn1.ObjectIdentifier {
	var id asn1.ObjectIdentifier
	for part := range strings.SplitSeq(dotted, ".") {
		n, _ := strconv.Atoi(part)
		id = append(id, n)
	}
	return id
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

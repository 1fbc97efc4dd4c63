package pemkey

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"math/big"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// curveOIDs are the curves of SSH (RFC 5656 section 10.1 names their identifiers).
var curveOIDs = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"nistp256": "1.2.840.10045.3.1.7",
		"nistp384": "1.3.132.0.34",
		"nistp521": "1.3.132.0.35",
	}
}}

const oidPrimeField = "1.2.840.10045.1.1" // RFC 3279 section 2.3.5

// curveNull stands in place of an object identifier where the parameters are NULL.
const curveNull = "NULL"

// curveParameters reads the curve as PKCS#8, SEC 1 and EC PARAMETERS blocks name it, and
// returns its object identifier, or curveNull. Nothing may follow it.
func curveParameters(d *der.Reader) (string, error) {
	if d.Peek() == der.TagNull {
		d.Null("the curve")
		return curveNull, d.End("the curve")
	}
	if d.Peek() == der.TagSequence {
		return explicitCurve(d)
	}
	oid := d.OID("the curve")
	return oid, d.End("the curve")
}

// explicitCurve reads SpecifiedECDomain (SEC 1 appendix C.2) and returns the curve of SSH
// that it is. Every number is compared: with another generator on the same curve anybody
// could make a private key that fits a public one.
func explicitCurve(d *der.Reader) (string, error) {
	const what = "the parameters of the curve"
	domain := d.Sequence(what)
	domain.Small(what) // the version says whether there is a seed
	field := domain.Sequence(what)
	kind, prime := field.OID(what), field.Rest()
	equation := domain.Sequence(what)
	a, b := equation.Element(der.TagOctets, what), equation.Element(der.TagOctets, what)
	if equation.Peek() == der.TagBitString { // the seed, which proves nothing of use here
		equation.Element(der.TagBitString, what)
	}
	base, order, cofactor := domain.Element(der.TagOctets, what), domain.Integer(what), big.NewInt(1)
	if domain.Peek() == der.TagInteger {
		cofactor = domain.Integer(what)
	}
	if err := firstError(d.End(what), domain.End(what), equation.End(what), field.Err()); err != nil {
		return "", err
	}
	p := new(big.Int)
	if kind == oidPrimeField {
		number := der.New(prime)
		p = number.Integer(what)
		if err := number.End(what); err != nil {
			return "", err
		}
	}
	for _, c := range rawkey.Curves() {
		known := c.Elliptic.Params()
		minus3 := new(big.Int).Sub(known.P, big.NewInt(3)) // a of all three curves
		generator := make([]byte, 1+2*c.Size())
		generator[0] = 4 // SEC 1 section 2.3.3
		known.Gx.FillBytes(generator[1 : 1+c.Size()])
		known.Gy.FillBytes(generator[1+c.Size():])
		if p.Cmp(known.P) == 0 && order.Cmp(known.N) == 0 && cofactor.IsInt64() && cofactor.Int64() == 1 &&
			new(big.Int).SetBytes(a).Cmp(minus3) == 0 && new(big.Int).SetBytes(b).Cmp(known.B) == 0 &&
			isPoint(c, base, generator) {
			return curveOIDs.Get()[c.Name], nil
		}
	}
	return "", unsupportedf(sshkey.UnsupportedKey, "an elliptic curve, given by its explicit parameters, other than P-256, P-384 and P-521")
}

// isPoint reports whether a point, compressed or not, is the one that is not.
func isPoint(c rawkey.Curve, point, uncompressed []byte) bool {
	pub, err := c.ParsePoint(point)
	if err != nil {
		return false
	}
	b, err := pub.Bytes()
	return err == nil && bytes.Equal(b, uncompressed)
}

// parseSEC1 reads the rest of an ECPrivateKey (SEC 1 appendix C.4, RFC 5915): the
// private number, then perhaps the curve [0] and the public point [1]. The number
// may be of any length: PuTTY writes it without leading zeros. oid is the curve named
// outside, or "".
func parseSEC1(d *der.Reader, version int, oid string) (crypto.PrivateKey, error) {
	private := d.Element(der.TagOctets, "the private number")
	if oid == curveNull {
		d.Note(sshkey.DeviationECNull)
		oid = ""
	}
	if d.Peek() == der.TagExplicit0 {
		inner, err := curveParameters(d.Inside(der.TagExplicit0, "the curve"))
		if err != nil {
			return nil, err
		}
		if inner == curveNull { // the curve is named outside, or the size of the point names it
			d.Note(sshkey.DeviationECNull)
		} else {
			oid = inner
		}
	}
	var point []byte
	if d.Peek() == der.TagExplicit1 {
		point = d.ExplicitBits(der.TagExplicit1, "the public point")
	}
	if err := d.End("the EC private key"); err != nil {
		return nil, err
	}
	if version != 1 {
		return nil, syntaxf("ASN.1: the version of an EC private key is %d, not 1", version)
	}
	curve, err := sec1Curve(oid, point)
	if err != nil {
		return nil, err
	}
	return rawkey.NewECDSA(curve, point, new(big.Int).SetBytes(private))
}

// sec1Curve finds the curve by its object identifier. If the key does not name one the
// size of its point decides, which is safe: the point must then be on the curve and match
// the private number.
func sec1Curve(oid string, point []byte) (rawkey.Curve, error) {
	for _, c := range rawkey.Curves() {
		fits := len(point) == 1+2*c.Size() || len(point) == 1+c.Size()
		if oid == curveOIDs.Get()[c.Name] || (oid == "" && fits) {
			return c, nil
		}
	}
	if oid == "" {
		return rawkey.Curve{}, unsupportedf(sshkey.UnsupportedKey, "an EC private key that does not name its curve")
	}
	return rawkey.Curve{}, rawkey.UnsupportedCurve(oid)
}

type ecPrivateKey struct {
	Version int
	Private []byte
	Curve   asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
	Public  asn1.BitString        `asn1:"optional,explicit,tag:1"`
}

// marshalSEC1 writes the number in fixed width (RFC 5915 section 3), without the
// curve inside PKCS#8, which names it elsewhere (as OpenSSL does).
func marshalSEC1(key *ecdsa.PrivateKey, withCurve bool) []byte {
	scalar, point := ecdsaHalves(key)
	defer clear(scalar)
	value := ecPrivateKey{Version: 1, Private: scalar, Public: asn1.BitString{Bytes: point, BitLength: 8 * len(point)}}
	if withCurve {
		value.Curve = parseOID(curveOID(key))
	}
	return der.MustMarshal(value)
}

// ecdsaHalves returns a copy of the number in fixed width, and the uncompressed point.
func ecdsaHalves(key *ecdsa.PrivateKey) (scalar, point []byte) {
	scalar, err := rawkey.ECDSAScalar(key)
	point, err2 := key.PublicKey.Bytes()
	if firstError(err, err2) != nil {
		return nil, nil // Check has refused such a key already
	}
	return scalar, point
}

func curveOID(key *ecdsa.PrivateKey) string {
	c, _ := rawkey.CurveOf(key.Curve)
	return curveOIDs.Get()[c.Name]
}

// parsePKCS8EC reads an ECPrivateKey inside PKCS#8, which has the curve beside the
// algorithm. If the two name different curves one of them is damaged. A NULL names none.
func parsePKCS8EC(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	oid, err := curveParameters(params)
	if err != nil {
		return nil, err
	}
	d, version, err := openKey(params.Nested(private), "the EC private key")
	if err != nil {
		return nil, err
	}
	parsed, err := parseSEC1(d, version, oid)
	if err != nil {
		return nil, err
	}
	key := parsed.(*ecdsa.PrivateKey)
	if oid != curveNull && curveOID(key) != oid {
		return nil, invalidf("the two copies of the curve differ")
	}
	if public == nil {
		return key, nil
	}
	curve, _ := rawkey.CurveOf(key.Curve)
	scalar, err := rawkey.ECDSAScalar(key)
	if err != nil {
		return nil, err
	}
	defer clear(scalar)
	return rawkey.NewECDSA(curve, public, new(big.Int).SetBytes(scalar))
}

package rawkey

import (
	"cmp"
	"encoding/asn1"

	"github.com/keyconv/keyconv/internal/lazy"
)

// otherAlgorithms are algorithms of PKCS#8 and SubjectPublicKeyInfo without an SSH key type. A
// key of one is refused by name.
var otherAlgorithms = lazy.Map[string, string]{Make: func() map[string]string {
	const agreement, gost = " key (for key agreement, not for signing)", "a GOST R 34.10 key"
	names := map[string]string{
		"1.2.840.113549.1.1.10": "an RSA-PSS key (restricted to a padding that SSH does not use)",
		"1.2.840.113549.1.3.1":  "a Diffie-Hellman key",
		"1.2.840.10046.2.1":     "a Diffie-Hellman key",
		"1.2.643.2.2.19":        gost,
		"1.2.643.7.1.1.1.1":     gost,
		"1.2.643.7.1.1.1.2":     gost,
		"1.3.101.110":           "an X25519" + agreement,
		"1.3.101.111":           "an X448" + agreement,
	}
	// csrc.nist.gov, Computer Security Objects Register: FIPS 203 and 205.
	for i, name := range []string{"an ML-KEM-512", "an ML-KEM-768", "an ML-KEM-1024"} {
		names[nistAlgorithms+"4."+string(rune('1'+i))] = name + agreement
	}
	for _, end := range []string{"20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"} {
		names[nistAlgorithms+"3."+end] = "an SLH-DSA key"
	}
	return names
}}

const nistAlgorithms = "2.16.840.1.101.3.4."

// draftAlgorithms are those for which drafts have SSH key types, which a few programs know
// (draft-sfluhrer-ssh-mldsa).
var draftAlgorithms = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		nistAlgorithms + "3.17": "an ML-DSA-44 key",
		nistAlgorithms + "3.18": "an ML-DSA-65 key",
		nistAlgorithms + "3.19": "an ML-DSA-87 key",
	}
}}

// otherCurves are curves without an SSH key type (SEC 2, RFC 5639, GM/T 0006).
var otherCurves = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"1.2.840.10045.3.1.1":   "P-192",
		"1.3.132.0.33":          "P-224",
		"1.3.132.0.8":           "secp160r1",
		"1.3.132.0.9":           "secp160k1",
		"1.3.132.0.30":          "secp160r2",
		"1.3.132.0.31":          "secp192k1",
		"1.3.132.0.32":          "secp224k1",
		"1.3.132.0.10":          "secp256k1",
		"1.3.132.0.1":           "sect163k1",
		"1.3.132.0.26":          "sect233k1",
		"1.3.132.0.27":          "sect233r1",
		"1.3.132.0.16":          "sect283k1",
		"1.3.132.0.17":          "sect283r1",
		"1.3.132.0.36":          "sect409k1",
		"1.3.132.0.37":          "sect409r1",
		"1.3.132.0.38":          "sect571k1",
		"1.3.132.0.39":          "sect571r1",
		"1.3.36.3.3.2.8.1.1.5":  "brainpoolP224r1",
		"1.3.36.3.3.2.8.1.1.7":  "brainpoolP256r1",
		"1.3.36.3.3.2.8.1.1.8":  "brainpoolP256t1",
		"1.3.36.3.3.2.8.1.1.9":  "brainpoolP320r1",
		"1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
		"1.3.36.3.3.2.8.1.1.12": "brainpoolP384t1",
		"1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
		"1.3.36.3.3.2.8.1.1.14": "brainpoolP512t1",
		"1.2.156.10197.1.301":   "SM2",
	}
}}

// UnsupportedAlgorithm is the error for a key of an algorithm, by its object identifier, that has
// no SSH key type.
func UnsupportedAlgorithm(oid string) error {
	if name, ok := otherAlgorithms.Get()[oid]; ok {
		return unsupported("key", name)
	}
	return unsupported("key-type", cmp.Or(draftAlgorithms.Get()[oid], "a key of algorithm "+oid))
}

// UnsupportedCurve is the error for a key on a curve that has no SSH key type.
func UnsupportedCurve(oid string) error {
	return unsupported("key", "the elliptic curve "+cmp.Or(otherCurves.Get()[oid], oid))
}

// unsupportedPublic is the error for a public key that is whole, and of an algorithm or curve
// that SSH has no key type for; nil for any other.
func unsupportedPublic(der []byte) error {
	var info struct {
		Algorithm struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Public asn1.BitString
	}
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 {
		return nil
	}
	switch oid := info.Algorithm.OID.String(); oid {
	case "1.2.840.113549.1.1.1", oidDSA.String(), "1.3.101.112", oidEd448.String():
		return nil
	case "1.2.840.10045.2.1":
		var curve asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &curve); err != nil || isCurveOfSSH(curve.String()) {
			return nil
		}
		return UnsupportedCurve(curve.String())
	default:
		return UnsupportedAlgorithm(oid)
	}
}

// isCurveOfSSH knows the object identifiers of P-256, P-384 and P-521 (RFC 5656 section 10.1).
func isCurveOfSSH(oid string) bool {
	return oid == "1.2.840.10045.3.1.7" || oid == "1.3.132.0.34" || oid == "1.3.132.0.35"
}

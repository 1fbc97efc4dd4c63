package p12key

import (
	"crypto/x509/pkix"
	"encoding/asn1"
)

// scheme is an encryption, or a MAC, with its key derivation.
type scheme struct {
	cipher string // empty for a MAC
	kdf    KDF
}

// The tables have what the library knows. Their names are those of package pemkey.
var (
	// pbes1 are the schemes of RFC 7292 appendix C.
	pbes1 = map[string]string{
		"1.2.840.113549.1.12.1.3": "PBE-SHA1-3DES",
		"1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
		"1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
	}
	pbes2Ciphers = map[string]string{
		"2.16.840.1.101.3.4.1.2":  "aes128-cbc",
		"2.16.840.1.101.3.4.1.22": "aes192-cbc",
		"2.16.840.1.101.3.4.1.42": "aes256-cbc",
	}
	// prfs are those of PBKDF2 (RFC 8018 appendix B.1). Without one it is SHA-1.
	prfs = map[string]string{
		"":                    "PBKDF2-HMAC-SHA1",
		"1.2.840.113549.2.7":  "PBKDF2-HMAC-SHA1",
		"1.2.840.113549.2.9":  "PBKDF2-HMAC-SHA256",
		"1.2.840.113549.2.11": "PBKDF2-HMAC-SHA512",
	}
	// macs have the derivation of RFC 7292 appendix B, which has no name.
	macs = map[string]string{
		"1.3.14.3.2.26":          "PKCS12-SHA1",
		"2.16.840.1.101.3.4.2.1": "PKCS12-SHA256",
		"2.16.840.1.101.3.4.2.3": "PKCS12-SHA512",
	}
)

const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
	oidPBMAC1 = "1.2.840.113549.1.5.14" // RFC 9579
)

type pbes1Params struct {
	Salt       []byte
	Iterations int
}

// kdfAndMore are the parameters of PBES2, where the second is the cipher, and of
// PBMAC1, where it is the MAC (RFC 8018 appendix A).
type kdfAndMore struct {
	KDF    pkix.AlgorithmIdentifier
	Second pkix.AlgorithmIdentifier
}

type pbkdf2Params struct {
	Salt       asn1.RawValue
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

func readScheme(algorithm pkix.AlgorithmIdentifier) (scheme, error) {
	oid := algorithm.Algorithm.String()
	if oid == oidPBES2 {
		return readPBES2(algorithm)
	}
	name, ok := pbes1[oid]
	if !ok {
		return scheme{}, unsupportedf("the encryption %s of a PKCS#12 file", oid)
	}
	var params pbes1Params
	if err := unmarshal(algorithm.Parameters.FullBytes, &params, "the key derivation"); err != nil {
		return scheme{}, err
	}
	kdf, err := newKDF(name, params.Iterations)
	return scheme{name, kdf}, err
}

func readPBES2(algorithm pkix.AlgorithmIdentifier) (scheme, error) {
	var params kdfAndMore
	if err := unmarshal(algorithm.Parameters.FullBytes, &params, "the encryption"); err != nil {
		return scheme{}, err
	}
	oid := params.Second.Algorithm.String()
	cipher, ok := pbes2Ciphers[oid]
	if !ok {
		return scheme{}, unsupportedf("the cipher %s of a PKCS#12 file", oid)
	}
	kdf, err := readPBKDF2(params.KDF)
	return scheme{cipher, kdf}, err
}

func readPBKDF2(algorithm pkix.AlgorithmIdentifier) (KDF, error) {
	if oid := algorithm.Algorithm.String(); oid != oidPBKDF2 {
		return KDF{}, unsupportedf("the key derivation %s of a PKCS#12 file", oid)
	}
	var params pbkdf2Params
	if err := unmarshal(algorithm.Parameters.FullBytes, &params, "the key derivation"); err != nil {
		return KDF{}, err
	}
	oid := params.PRF.Algorithm.String()
	name, ok := prfs[oid]
	if !ok {
		return KDF{}, unsupportedf("PBKDF2 with the function %s in a PKCS#12 file", oid)
	}
	return newKDF(name, params.Iterations)
}

// readMAC leaves mac nil where the file has none.
func (o *outline) readMAC(data *macData) error {
	algorithm := data.Mac.Algorithm
	if len(algorithm.Algorithm) == 0 {
		return nil
	}
	var kdf KDF
	var err error
	if oid := algorithm.Algorithm.String(); oid == oidPBMAC1 {
		var params kdfAndMore
		if err := unmarshal(algorithm.Parameters.FullBytes, &params, "the MAC"); err != nil {
			return err
		}
		kdf, err = readPBKDF2(params.KDF)
	} else if name, ok := macs[oid]; ok {
		kdf, err = newKDF(name, data.Iterations)
	} else {
		err = unsupportedf("the MAC %s of a PKCS#12 file", oid)
	}
	o.mac = &scheme{kdf: kdf}
	return err
}

func newKDF(name string, iterations int) (KDF, error) {
	if iterations < 1 {
		return KDF{}, syntaxf("PKCS#12: the iterations of %s are below 1", name)
	}
	return KDF{Name: name, Rounds: uint64(iterations)}, nil
}

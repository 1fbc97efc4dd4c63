package p12key

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// The structures of RFC 7292 section 4 and RFC 2315 (PKCS #7) for encoding/asn1, which is
// independent of this package.

type pfx struct {
	Version  int
	AuthSafe contentInfo
	MacData  macData `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
}

type macData struct {
	Mac struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

type encryptedData struct {
	Version int
	Info    struct {
		Type      asn1.ObjectIdentifier
		Algorithm pkix.AlgorithmIdentifier
		Content   []byte `asn1:"tag:0,optional"`
	}
}

type safeBag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue `asn1:"tag:0,explicit"`
	Attributes asn1.RawValue `asn1:"optional"`
}

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

var (
	asnData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	asnEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}

	asnKeyBag          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	asnEncryptedKeyBag = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
)

type pbes1Params struct {
	Salt       []byte
	Iterations int64
}

// kdfAndMore are the parameters of PBES2, where the second is the cipher, and of
// PBMAC1, where it is the MAC (RFC 8018 appendix A).
type kdfAndMore struct {
	KDF    pkix.AlgorithmIdentifier
	Second pkix.AlgorithmIdentifier
}

// unmarshal reads one element, which nothing may follow.
func unmarshal(data []byte, value any, what string) error {
	rest, err := asn1.Unmarshal(data, value)
	if err != nil || len(rest) > 0 {
		return fmt.Errorf("%s is cut off, damaged, or of another type", what)
	}
	return nil
}

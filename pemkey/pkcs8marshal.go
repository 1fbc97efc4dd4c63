package pemkey

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/asn1"
	"io"
	"math/big"
	"strconv"
	"strings"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

func encodePKCS8(key *sshkey.Key, passphrase []byte, o Options, random io.Reader) (out, derived []byte, err error) {
	data := marshalPKCS8(key.Private)
	if data == nil {
		return nil, nil, unsupportedf(sshkey.UnsupportedType, "a private key of Go type %T in PKCS#8", key.Private)
	}
	defer clear(data)
	if len(passphrase) == 0 {
		return pemblock.Encode(labelPKCS8, nil, data), nil, nil
	}
	scheme, algorithm, err := pbes.New(pbes.Options{
		Cipher: o.Cipher, KDF: o.KDF, Rounds: o.Rounds, Memory: o.Memory, Parallelism: o.Parallelism,
	}, random)
	if err != nil {
		return nil, nil, err
	}
	f := &pbesFile{scheme: scheme}
	derived = f.derive(passphrase)
	info := der.MustMarshal(struct {
		Algorithm pbes.AlgorithmIdentifier
		Encrypted []byte
	}{algorithm, scheme.Seal(derived, data)})
	return pemblock.Encode(labelEncryptedPKCS8, nil, info), derived, nil
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

// marshalPKCS8 writes version 0 without attributes and public key, as OpenSSL does. It
// returns nil for a type that has no algorithm there.
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

// pkcs8Parts returns the algorithm, its parameters in DER (nil for none) and the private
// part. The algorithm is "" for a type that has none.
func pkcs8Parts(private crypto.PrivateKey) (oid string, params, inner []byte) {
	switch key := private.(type) {
	case *rsa.PrivateKey:
		return oidRSA, der.MustMarshal(asn1.NullRawValue), marshalPKCS1(key)
	case *dsa.PrivateKey:
		return oidDSA, der.MustMarshal([]*big.Int{key.P, key.Q, key.G}), der.MustMarshal(key.X)
	case *ecdsa.PrivateKey:
		return oidEC, der.MustMarshal(parseOID(curveOID(key))), marshalSEC1(key, false)
	case ed25519.PrivateKey:
		return oidEd25519, nil, der.MustMarshal([]byte(key[:ed25519.SeedSize]))
	case ed448.PrivateKey:
		return oidEd448, nil, der.MustMarshal([]byte(key[:ed448.SeedSize]))
	}
	return "", nil, nil
}

// marshalPKCS1 writes an RSAPrivateKey (RFC 8017 appendix A.1.2), with p and q in the order
// of the key.
func marshalPKCS1(key *rsa.PrivateKey) []byte {
	n := rawkey.NumbersOf(key)
	return der.MustMarshal([]*big.Int{big.NewInt(0), n.N, n.E, n.D, n.P, n.Q, n.DP, n.DQ, n.QInv})
}

func parseOID(dotted string) asn1.ObjectIdentifier {
	var id asn1.ObjectIdentifier
	for part := range strings.SplitSeq(dotted, ".") {
		n, _ := strconv.Atoi(part)
		id = append(id, n)
	}
	return id
}

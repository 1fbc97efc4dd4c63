package rawkey

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/crypto/ssh"
)

var (
	oidDSA   = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1} // RFC 3279 section 2.3.2
	oidEd448 = asn1.ObjectIdentifier{1, 3, 101, 113}         // RFC 8410 section 3
)

// SPKI returns the public key in PEM as OpenSSL writes it (SubjectPublicKeyInfo, RFC
// 5280 section 4.1). For a certificate it is that of the certified key. It returns an
// *sshkey.UnsupportedError for a key on a token.
func SPKI(pub ssh.PublicKey) ([]byte, error) {
	t, _ := TypeOf(pub.Type())
	c, ok := WithoutCertificate(pub).(ssh.CryptoPublicKey)
	if !ok || t.Token { // whose signatures are of another form
		return nil, unsupported("writing", "SPKI for the key type "+pub.Type())
	}
	der, err := marshalSPKI(c.CryptoPublicKey())
	if err != nil {
		return nil, unsupported("writing", "SPKI for the key type "+pub.Type())
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

type publicKeyInfo struct {
	Algorithm struct {
		OID        asn1.ObjectIdentifier
		Parameters []*big.Int `asn1:"optional"`
	}
	Public asn1.BitString
}

// marshalSPKI writes DSA and Ed448 itself: crypto/x509 does not.
func marshalSPKI(key any) ([]byte, error) {
	var info publicKeyInfo
	switch key := key.(type) {
	case *dsa.PublicKey:
		y, err := asn1.Marshal(key.Y)
		if err != nil {
			return nil, err
		}
		info.Algorithm.OID, info.Algorithm.Parameters = oidDSA, []*big.Int{key.P, key.Q, key.G}
		info.Public = asn1.BitString{Bytes: y, BitLength: 8 * len(y)}
	case ed448.PublicKey:
		info.Algorithm.OID = oidEd448
		info.Public = asn1.BitString{Bytes: key, BitLength: 8 * len(key)}
	default:
		return x509.MarshalPKIXPublicKey(key)
	}
	return asn1.Marshal(info)
}

// DecodeSPKI reads a "PUBLIC KEY" or "RSA PUBLIC KEY" block, and skips text around it.
// It returns a *sshkey.SyntaxError, or an *sshkey.UnsupportedError for a type of key that SSH lacks.
func DecodeSPKI(data []byte) (ssh.PublicKey, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PUBLIC KEY":
			return parseSPKI(block.Bytes)
		case "RSA PUBLIC KEY":
			key, err := x509.ParsePKCS1PublicKey(block.Bytes)
			if err != nil {
				return nil, NewSyntax(0, notPublic(err))
			}
			return newPublic(key)
		}
	}
	return nil, NewSyntax(0, "the PEM block is damaged or cut off")
}

func parseSPKI(der []byte) (ssh.PublicKey, error) {
	var info publicKeyInfo
	if rest, err := asn1.Unmarshal(der, &info); err == nil && info.Algorithm.OID.Equal(oidEd448) {
		if len(rest) > 0 || len(info.Algorithm.Parameters) > 0 || info.Public.BitLength%8 != 0 {
			return nil, NewSyntax(0, "the Ed448 public key has a part that does not belong there")
		}
		return ParsePublic(Ed448PublicKey(info.Public.RightAlign()).Marshal())
	}
	if err := unsupportedPublic(der); err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, NewSyntax(0, notPublic(err))
	}
	return newPublic(key)
}

// notPublic says in plain words that the content of a block is not ASN.1 of a public key.
func notPublic(err error) string {
	var structure asn1.StructuralError
	var syntax asn1.SyntaxError
	if errors.As(err, &structure) || errors.As(err, &syntax) {
		return "the content of the block is not a public key"
	}
	return quote.Foreign(err)
}

// newPublic makes a public key of what crypto/x509 has read, which has no limits, within
// ours.
func newPublic(key any) (ssh.PublicKey, error) {
	var err error
	switch key := key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits > MaxRSABits {
			err = NewKeySize("RSA modulus in bits", bits, MaxRSABits)
		}
	case *dsa.PublicKey:
		err = checkDSASize(key.P, key.Q)
	}
	if err != nil {
		return nil, err
	}
	pub, err := ssh.NewPublicKey(key)
	if err != nil {
		return nil, unsupported("form", "this type of public key")
	}
	return pub, nil
}

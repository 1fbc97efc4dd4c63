package pemkey

import (
	"crypto"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
)

// PKCS#8 has the seed of an EdDSA key as an OCTET STRING inside its own (RFC 8410
// section 7). Version 1 of the structure has the public half after it.

func parsePKCS8Ed25519(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	seed, err := pkcs8Seed(params, private)
	if err != nil {
		return nil, err
	}
	return sshkey.NewEd25519(public, seed)
}

func parsePKCS8Ed448(params *der.Reader, private, public []byte) (crypto.PrivateKey, error) {
	seed, err := pkcs8Seed(params, private)
	if err != nil {
		return nil, err
	}
	return sshkey.NewEd448(public, seed)
}

// pkcs8Seed allows parameters of NULL, which Java's classes for algorithms write; there
// should be none (RFC 8410 section 3).
func pkcs8Seed(params *der.Reader, private []byte) ([]byte, error) {
	params.Null("the parameters")
	d := der.New(private)
	seed := d.Element(der.TagOctets, "the private key")
	return seed, firstError(params.End("the algorithm"), d.End("the private key"))
}

func pkcs8Ed25519(key ed25519.PrivateKey) (oid string, params, private []byte) {
	return oidEd25519, nil, der.MustMarshal([]byte(key[:ed25519.SeedSize]))
}

func pkcs8Ed448(key ed448.PrivateKey) (oid string, params, private []byte) {
	return oidEd448, nil, der.MustMarshal([]byte(key[:ed448.SeedSize]))
}

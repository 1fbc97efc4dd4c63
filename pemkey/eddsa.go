package pemkey

import (
	"crypto"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/sshkey"
)

// PKCS#8 has the seed of an EdDSA key as an OCTET STRING inside its own (RFC 8410
// section 7). Version 1 of the structure has the public half behind it.

func parsePKCS8Ed25519(_ *der, private, public []byte) (crypto.PrivateKey, error) {
	d := newDER(private)
	seed := d.element(tagOctets, "the private key")
	if d.err != nil {
		return nil, d.err
	}
	return sshkey.NewEd25519(public, seed)
}

func parsePKCS8Ed448(_ *der, private, public []byte) (crypto.PrivateKey, error) {
	d := newDER(private)
	seed := d.element(tagOctets, "the private key")
	if d.err != nil {
		return nil, d.err
	}
	return sshkey.NewEd448(public, seed)
}

func pkcs8Ed25519(key ed25519.PrivateKey) (oid string, params, private []byte) {
	return oidEd25519, nil, mustDER([]byte(key[:ed25519.SeedSize]))
}

func pkcs8Ed448(key ed448.PrivateKey) (oid string, params, private []byte) {
	return oidEd448, nil, mustDER([]byte(key[:ed448.SeedSize]))
}

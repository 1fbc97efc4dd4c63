package sshkey

import (
	"crypto/dsa" //lint:ignore SA1019 DSA key files still exist; they are read to be converted.
	"crypto/ecdsa"
	"crypto/rsa"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Bits is the size of a key as ssh-keygen shows it: the modulus of RSA, the prime
// of DSA, the field of a curve (256 for Ed25519, where puttygen shows 255). Of a
// certificate it is that of the certified key, and 0 for an unknown type.
func Bits(pub ssh.PublicKey) int {
	pub = WithoutCertificate(pub)
	switch pub.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256:
		return 256
	case KeyAlgoED448:
		return 448
	}
	c, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return 0
	}
	switch p := c.CryptoPublicKey().(type) {
	case *rsa.PublicKey:
		return p.N.BitLen()
	case *dsa.PublicKey:
		return p.P.BitLen()
	case *ecdsa.PublicKey:
		return p.Params().BitSize
	}
	return 0
}

// FingerprintSHA256 is the fingerprint that OpenSSH and PuTTY show: "SHA256:" and
// unpadded base64. Of a certificate it is that of the certified key, as both
// programs show it.
func FingerprintSHA256(pub ssh.PublicKey) string {
	return ssh.FingerprintSHA256(WithoutCertificate(pub))
}

// FingerprintMD5 is the older fingerprint, hexadecimal with colons and without
// "MD5:". Of a certificate it is that of the certified key.
func FingerprintMD5(pub ssh.PublicKey) string {
	return ssh.FingerprintLegacyMD5(WithoutCertificate(pub))
}

// WithoutCertificate is the certified key of a certificate, and any other key itself.
func WithoutCertificate(pub ssh.PublicKey) ssh.PublicKey {
	if cert, ok := pub.(*ssh.Certificate); ok {
		return cert.Key
	}
	return pub
}

// OneLine returns the comment with CR, LF and NUL, which most formats cannot hold
// in one, replaced by spaces.
func OneLine(comment string) string { return lineEnds.Replace(comment) }

var lineEnds = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")

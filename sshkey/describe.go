package sshkey

import (
	"strings"

	"golang.org/x/crypto/ssh"
)

// Bits is the size of a key as ssh-keygen shows it: the modulus of RSA, the prime
// of DSA, the field of a curve (256 for Ed25519, where puttygen shows 255). Of a
// certificate it is that of the certified key, and 0 for an unknown type.
func Bits(pub ssh.PublicKey) int {
	pub = WithoutCertificate(pub)
	t, _ := TypeOf(pub.Type())
	if t.bits == nil {
		return 0
	}
	return t.bits(pub)
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

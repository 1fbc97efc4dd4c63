package rawkey

import (
	"reflect"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Bits returns the size of a key as ssh-keygen shows it: the modulus of RSA, the prime
// of DSA, the field of a curve (256 for Ed25519, where puttygen shows 255). For a
// certificate it is the size of the certified key, and for an unknown type 0.
func Bits(pub ssh.PublicKey) int {
	pub = WithoutCertificate(pub)
	t, _ := TypeOf(pub.Type())
	if t.bits == nil {
		return 0
	}
	return t.bits(pub)
}

// DefaultComment is the comment of a key that comes from a format without
// comments. It is the one that PuTTY gives (import.c).
const DefaultComment = "imported-openssh-key"

// WithoutCertificate returns the certified key of a certificate, and any other key as it
// is.
func WithoutCertificate(pub ssh.PublicKey) ssh.PublicKey {
	if cert := CertificateOf(pub); cert != nil {
		return cert.Key
	}
	return pub
}

// OneLine returns the comment with spaces in place of CR, LF and NUL, which most formats
// cannot hold.
func OneLine(comment string) string { return lineEnds.Replace(comment) }

var lineEnds = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")

// IsNil reports whether there is no public key: nil, a nil pointer of a type, or a certificate
// without the keys that make one. Methods of package ssh panic for such a value.
func IsNil(pub ssh.PublicKey) bool {
	if pub == nil {
		return true
	}
	if v := reflect.ValueOf(pub); v.Kind() == reflect.Pointer && v.IsNil() {
		return true
	}
	cert := CertificateOf(pub)
	_, shown := pub.(*ShownCertificate)
	return shown && cert == nil || cert != nil && (IsNil(cert.Key) || IsNil(cert.SignatureKey))
}

package rawkey

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/crypto/ssh"
)

// material is a private key of one type. Each type is in a file of its own.
type material interface {
	// complete makes sure that all numbers are there and in range, which public and
	// secret need. It computes nothing with them: every use of a key calls it.
	complete() error
	// check makes sure that the halves match; complete has passed. Parsers call it once
	// for every key.
	check() error
	// validate does the rest of the thorough check; check has passed.
	validate() error
	// public returns the SSH public half.
	public() (ssh.PublicKey, error)
	// secret returns a canonical encoding of the whole private half.
	secret() []byte
}

// testOnlyProof lets a test count the proofs that two halves match, each of which takes longer
// than all the rest of reading a key: a scalar multiplication, an exponentiation of DSA, or the
// divisions of RSA.
var testOnlyProof = func() {}

// materialOf returns a key with the methods of its type, once it is complete.
func materialOf(private crypto.PrivateKey) (material, error) {
	if private, ok := private.(*CarriedKey); ok && private != nil {
		m := carried{private}
		return m, m.complete()
	}
	for _, t := range types {
		if t.material == nil {
			continue
		}
		if m := t.material(private); m != nil {
			return m, m.complete()
		}
	}
	return nil, unsupported("key", fmt.Sprintf("a private key of Go type %T", private))
}

// checked checks a key that was put together from numbers.
func checked(m material) error {
	if err := m.complete(); err != nil {
		return err
	}
	return m.check()
}

// Check makes sure that a key is complete and that its halves match.
func Check(private crypto.PrivateKey) error {
	m, err := materialOf(private)
	if err != nil {
		return err
	}
	return m.check()
}

// Validate does what [Check] does, and everything that takes longer.
func Validate(private crypto.PrivateKey) error {
	m, err := materialOf(private)
	if err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	return m.validate()
}

// Public returns the SSH public half of a key, which only has to be complete.
func Public(private crypto.PrivateKey) (ssh.PublicKey, error) {
	m, err := materialOf(private)
	if err != nil {
		return nil, err
	}
	return m.public()
}

// Equal reports in constant time whether two complete keys have the same numbers.
func Equal(a, b crypto.PrivateKey) bool {
	first, errA := materialOf(a)
	second, errB := materialOf(b)
	if errA != nil || errB != nil {
		return false
	}
	mine, theirs := first.secret(), second.secret()
	defer clear(mine)
	defer clear(theirs)
	return constantTimeEqual(mine, theirs)
}

func constantTimeEqual(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// CheckCertificate makes sure that a certificate, if there is one, is for the key. Its
// signature is not checked: only a server can say which authority it trusts.
func CheckCertificate(private crypto.PrivateKey, cert *ssh.Certificate) error {
	pub, err := Public(private)
	if err != nil || cert == nil {
		return err
	}
	if cert.Key == nil || !bytes.Equal(cert.Key.Marshal(), pub.Marshal()) {
		return invalid("the certificate is for another key")
	}
	if t, _ := TypeOf(pub.Type()); !t.Certificates || t.shownCertificates { // package ssh panics when it writes one
		return NewUnsupported("form", "a certificate for a key of the type "+quote.Short(pub.Type()), pub.Type())
	}
	if cert.SignatureKey == nil {
		return invalid("the certificate names no authority")
	}
	return nil
}

// CertifiedPublic returns the public half to show to a server: the certificate if there is
// one, otherwise the plain public key. It returns the errors of [Check] and [CheckCertificate].
func CertifiedPublic(private crypto.PrivateKey, cert *ssh.Certificate) (ssh.PublicKey, error) {
	if err := Check(private); err != nil {
		return nil, err
	}
	if err := CheckCertificate(private, cert); err != nil {
		return nil, err
	}
	if cert != nil {
		return cert, nil
	}
	return Public(private)
}

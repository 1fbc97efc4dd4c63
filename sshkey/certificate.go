package sshkey

import (
	"bytes"

	"github.com/keyconv/keyconv/internal/quote"
	"golang.org/x/crypto/ssh"
)

// checkCertificate makes sure that the certificate, if any, is for this key. Its
// signature is not checked: only a server can say which authority it trusts.
func (k Key) checkCertificate(m material) error {
	if k.Certificate == nil {
		return nil
	}
	pub, err := m.public()
	if err != nil {
		return err
	}
	if k.Certificate.Key == nil || !bytes.Equal(k.Certificate.Key.Marshal(), pub.Marshal()) {
		return invalid("the certificate is for another key")
	}
	if t, _ := TypeOf(pub.Type()); !t.Certificates || t.shownCertificates { // package ssh panics when it writes one
		return &UnsupportedError{Code: UnsupportedForm, What: "a certificate for a key of the type " + quote.Short(pub.Type()), Algorithm: pub.Type()}
	}
	if k.Certificate.SignatureKey == nil {
		return invalid("the certificate names no authority")
	}
	return nil
}

// CheckCertificate makes sure that the certificate, if any, is for this key. It returns
// an *InvalidKeyError, an *UnsupportedError for a type without certificates, and the errors
// of [Key.Public].
func (k Key) CheckCertificate() error {
	m, err := k.material()
	if err != nil {
		return err
	}
	return k.checkCertificate(m)
}

// CertifiedPublic returns the public half to show to a server: the certificate if there
// is one, otherwise the plain public key. It returns the errors of [Key.Check].
func (k Key) CertifiedPublic() (ssh.PublicKey, error) {
	if err := k.Check(); err != nil {
		return nil, err
	}
	if k.Certificate != nil {
		return k.Certificate, nil
	}
	return k.Public()
}

package engine

import (
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// AddCertificate adds the certificate of a "-cert.pub" file to the key. It returns an
// *sshkey.InvalidKeyError for a plain public key, which would change nothing, and for a
// certificate of another key. It does not check the signature: only a server can say
// which authority it trusts.
func AddCertificate(key *sshkey.Key, data []byte) error {
	f, err := Open(data, Limits{})
	if err != nil {
		return err
	}
	if _, ok := f.PublicKey.(*rawkey.ShownCertificate); ok {
		return prefixed(&sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: "adding a certificate of type " + f.PublicKey.Type()})
	}
	cert, ok := f.PublicKey.(*ssh.Certificate)
	if !ok || f.Private {
		return prefixed(&sshkey.InvalidKeyError{Msg: "this is " + WithArticle(f.Title) + ", not a certificate"})
	}
	certified := *key
	certified.Certificate = cert
	if err := certified.Check(); err != nil {
		return prefixed(err)
	}
	key.Certificate = cert
	return nil
}

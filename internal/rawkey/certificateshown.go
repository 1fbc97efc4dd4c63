package rawkey

import (
	"bytes"
	"encoding/binary"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// ShownCertificate is a certificate for a type of key that golang.org/x/crypto/ssh does not
// have. It is shown and written as it is, and cannot be put into a [Key].
type ShownCertificate struct {
	// Fields has what the certificate says. Its methods Type, Marshal and Verify, which package
	// ssh has for its own types alone, must not be called.
	Fields    *ssh.Certificate
	algorithm string
	blob      []byte
}

var _ ssh.PublicKey = (*ShownCertificate)(nil)

// Type returns the name that the certificate begins with.
func (c *ShownCertificate) Type() string { return c.algorithm }

// Marshal returns the certificate as it was read.
func (c *ShownCertificate) Marshal() []byte { return bytes.Clone(c.blob) }

// Verify checks a signature by the certified key.
func (c *ShownCertificate) Verify(data []byte, sig *ssh.Signature) error {
	return c.Fields.Key.Verify(data, sig)
}

// CertificateOf returns what a certificate says, nil for a plain key. Of a [ShownCertificate]
// it is the Fields.
func CertificateOf(pub ssh.PublicKey) *ssh.Certificate {
	switch cert := pub.(type) {
	case *ssh.Certificate:
		return cert
	case *ShownCertificate:
		return cert.Fields
	}
	return nil
}

// parseShown reads a certificate for a key of a type (PROTOCOL.certkeys of OpenSSH) that has
// one string as its public half.
func parseShown(t Type, algorithm string, blob []byte) (ssh.PublicKey, error) {
	r := wire.NewReader(blob)
	r.String("type")
	cert := &ssh.Certificate{Nonce: r.String("nonce")}
	public := r.String("public key")
	serial := r.Take(8, "serial")
	cert.CertType, cert.KeyId = r.Uint32("type of certificate"), string(r.String("key ID"))
	principals := r.String("principals")
	after, before := r.Take(8, "valid after"), r.Take(8, "valid before")
	critical, extensions := r.String("critical options"), r.String("extensions")
	cert.Reserved = r.String("reserved")
	authority, signature := r.String("signature key"), r.String("signature")
	if err := r.End(); err != nil {
		return nil, invalid("certificate: %v", err)
	}
	number := binary.BigEndian.Uint64
	cert.Serial, cert.ValidAfter, cert.ValidBefore = number(serial), number(after), number(before)
	var err error
	if cert.Key, err = ParsePublic(wire.AppendString(wire.AppendString(nil, t.Algorithms[0]), public)); err != nil {
		return nil, err
	}
	if cert.SignatureKey, err = ParsePublic(authority); err != nil {
		return nil, err
	}
	if CertificateOf(cert.SignatureKey) != nil {
		return nil, invalid("certificate: it was signed by a certificate")
	}
	s := wire.NewReader(signature)
	cert.Signature = &ssh.Signature{Format: string(s.String("format")), Blob: s.String("signature"), Rest: s.Rest()}
	for p := wire.NewReader(principals); len(p.Rest()) > 0; {
		cert.ValidPrincipals = append(cert.ValidPrincipals, string(p.String("principal")))
		if p.Err() != nil {
			return nil, invalid("certificate: %v", p.Err())
		}
	}
	if cert.CriticalOptions, err = parseOptions(critical); err == nil {
		cert.Extensions, err = parseOptions(extensions)
	}
	if err == nil {
		err = s.Err()
	}
	if err != nil {
		return nil, invalid("certificate: %v", err)
	}
	return &ShownCertificate{cert, algorithm, bytes.Clone(blob)}, nil
}

// parseOptions reads pairs of strings, whose data is empty or a string again.
func parseOptions(options []byte) (map[string]string, error) {
	values := map[string]string{}
	for r := wire.NewReader(options); len(r.Rest()) > 0; {
		name, data := string(r.String("name")), r.String("data")
		if _, twice := values[name]; twice {
			return nil, invalid("the option %q is there twice", name)
		}
		if len(data) > 0 {
			inner := wire.NewReader(data)
			data = inner.String("data")
			if err := inner.End(); err != nil {
				return nil, err
			}
		}
		if values[name] = string(data); r.Err() != nil {
			return nil, r.Err()
		}
	}
	return values, nil
}

package rawkey

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// unsortedBy is the key of an authority with the certificate as it was signed, for which
// package ssh has no place.
type unsortedBy struct {
	ssh.PublicKey
	blob []byte
}

// certificateKeyFields says how many fields the key itself has in a certificate
// (PROTOCOL.certkeys of OpenSSH), each with its length in front.
var certificateKeyFields = lazy.Map[string, int]{Make: func() map[string]int {
	return map[string]int{
		//lint:ignore SA1019 DSA certificates still exist; they are read to be shown.
		ssh.CertAlgoRSAv01: 2, ssh.InsecureCertAlgoDSAv01: 4, ssh.CertAlgoED25519v01: 1,
		ssh.CertAlgoECDSA256v01: 2, ssh.CertAlgoECDSA384v01: 2, ssh.CertAlgoECDSA521v01: 2,
		ssh.CertAlgoSKED25519v01: 2, ssh.CertAlgoSKECDSA256v01: 3,
	}
}}

// parseUnsorted reads a certificate whose options are not sorted, which package ssh refuses,
// by sorting them first. It returns nil for anything else.
func parseUnsorted(algorithm string, blob []byte) ssh.PublicKey {
	fields, ok := certificateKeyFields.Get()[algorithm]
	if !ok {
		return nil
	}
	r := wire.NewReader(blob)
	skip := func(what ...string) {
		for _, field := range what {
			r.String(field)
		}
	}
	skip("type", "nonce")
	for range fields {
		skip("key")
	}
	r.Take(8, "serial")
	r.Uint32("type of certificate")
	skip("key ID", "principals")
	r.Take(16, "validity")
	start := len(blob) - len(r.Rest())
	critical, extensions := r.String("critical options"), r.String("extensions")
	if r.Err() != nil {
		return nil
	}
	sorted := bytes.Clone(blob[:start])
	for _, options := range [][]byte{critical, extensions} {
		text, ok := sortOptions(options)
		if !ok {
			return nil
		}
		sorted = wire.AppendString(sorted, text)
	}
	pub, err := ssh.ParsePublicKey(append(sorted, r.Rest()...))
	if err != nil {
		return nil
	}
	cert := pub.(*ssh.Certificate)
	cert.SignatureKey = unsortedBy{cert.SignatureKey, bytes.Clone(blob)}
	return cert
}

// sortOptions sorts pairs of strings by the first, and refuses two of one name.
func sortOptions(options []byte) ([]byte, bool) {
	type option struct{ name, data string }
	var list []option
	for r := wire.NewReader(options); len(r.Rest()) > 0; {
		o := option{string(r.String("name")), string(r.String("data"))}
		twice := slices.ContainsFunc(list, func(other option) bool { return other.name == o.name })
		if r.Err() != nil || twice {
			return nil, false
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b option) int { return strings.Compare(a.name, b.name) })
	var out []byte
	for _, o := range list {
		out = wire.AppendString(wire.AppendString(out, o.name), o.data)
	}
	return out, true
}

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

// CertificateFindings returns why servers refuse a certificate, nil for none and for a plain
// key. now is in seconds since 1970, UTC; with 0 the time is not known, and what depends on it
// is left out. The bounds are those of sshkey_cert_check_authority in OpenSSH.
func CertificateFindings(pub ssh.PublicKey, now uint64) []Finding {
	cert := CertificateOf(pub)
	if cert == nil {
		return nil
	}
	var found []Finding
	if len(cert.ValidPrincipals) == 0 {
		found = append(found, Finding{
			Code:    "cert-no-principals",
			Message: "the certificate names no principals, and OpenSSH 10.3 and later refuses it",
			Advice:  Advice{Action: FetchAgain, Text: "have its authority issue it again, with the names of the accounts or hosts it is for"},
			Source:  "https://www.openssh.com/txt/release-10.3",
		})
	}
	switch {
	case now == 0:
	case now < cert.ValidAfter:
		found = append(found, Finding{
			Code:    "cert-not-yet-valid",
			Message: "the certificate is not valid yet, and servers refuse it until then",
			Advice:  Advice{Action: None, Text: "check the clock of this machine, and when the certificate begins"},
			Source:  "https://man.openbsd.org/ssh-keygen.1#V",
		})
	case now >= cert.ValidBefore:
		found = append(found, Finding{
			Code:    "cert-expired",
			Message: "the certificate has expired, and servers refuse it",
			Advice:  Advice{Action: FetchAgain, Text: "have its authority issue it again"},
			Source:  "https://man.openbsd.org/ssh-keygen.1#V",
		})
	}
	return found
}

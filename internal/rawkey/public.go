package rawkey

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// ParsePublic reads an SSH public key blob (RFC 4253 section 6.6): a plain key, a
// certificate or a key on a token. Bytes after the last field are refused, as ssh-keygen
// does: with them the fingerprint would be another. The options of a certificate may be in
// any order. A key of an unknown type becomes an [OpaquePublicKey]. It returns an
// *sshkey.InvalidKeyError, an *sshkey.UnsupportedError or a *sshkey.LimitError.
func ParsePublic(blob []byte) (ssh.PublicKey, error) {
	return parsePublic(wire.NewReader(blob), blob)
}

// ParsePublicPadded is ParsePublic that also takes numbers with needless zeros in front, as
// OpenSSH does.
func ParsePublicPadded(blob []byte) (ssh.PublicKey, error) {
	return parsePublic(wire.NewLenientReader(blob), blob)
}

func parsePublic(r *wire.Reader, blob []byte) (ssh.PublicKey, error) {
	algorithm := string(r.String("key type"))
	if err := r.Err(); err != nil {
		return nil, invalid("public key: %v", err)
	}
	t, known := TypeOf(algorithm)
	if known && t.parsePublic != nil && slices.Contains(t.Algorithms, algorithm) {
		return t.parsePublic(algorithm, r)
	}
	if known && t.shownCertificates {
		return parseShown(t, algorithm, blob)
	}
	// Certificates and keys on tokens. golang.org/x/crypto/ssh refuses Ed448, RSA exponents
	// above 24 bits and DSA keys other than 1024 bits, which the types read themselves.
	pub, err := ssh.ParsePublicKey(bytes.Clone(blob)) // a certificate would share its memory
	if err != nil {
		if cert := parseUnsorted(algorithm, blob); cert != nil {
			return cert, nil
		}
	}
	switch {
	case err == nil:
		return pub, nil
	case known:
		return nil, invalid("public key of type %s: %s", quote.Short(algorithm), quote.Foreign(err))
	}
	return parseOpaque(algorithm, blob)
}

// TypeOf returns the type of a public key or certificate with that algorithm name, and
// false for one that this module does not know.
func TypeOf(algorithm string) (Type, bool) {
	// The certificate of a key on a token has its domain once (OpenSSH's PROTOCOL.u2f).
	plain, certified := strings.CutSuffix(algorithm, certSuffix)
	for i := range types { // a Type is large to copy
		t := &types[i]
		for _, name := range t.Algorithms {
			if name == algorithm || certified && t.Certificates && strings.TrimSuffix(name, "@openssh.com") == plain {
				return *t, true
			}
		}
	}
	return Type{}, false
}

const certSuffix = "-cert-v01@openssh.com"

// Bits returns the size of a key as ssh-keygen shows it: the modulus of RSA, the prime
// of DSA, the field of a curve (256 for Ed25519, where puttygen shows 255). For a
// certificate it is the size of the certified key, and for an unknown type 0.
func Bits(pub ssh.PublicKey) int {
	pub = WithoutCertificate(pub)
	t, _ := TypeOf(pub.Type())
	if c, ok := pub.(ssh.CryptoPublicKey); ok && t.bits != nil {
		return t.bits(c.CryptoPublicKey())
	}
	return t.size
}

// MaxCheckSteps is the cost of the slowest check of a key: DSA with 3072 bits.
const MaxCheckSteps = 1_200_000

// CheckSteps returns what [Check] costs for the private key that belongs to a public
// one: MaxCheckSteps for an unknown type.
func CheckSteps(pub ssh.PublicKey) uint64 {
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.checkSteps == nil {
		return MaxCheckSteps
	}
	return t.checkSteps(uint64(Bits(pub)))
}

// ValidateSteps returns what [Validate] costs.
func ValidateSteps(pub ssh.PublicKey) uint64 {
	t, _ := TypeOf(WithoutCertificate(pub).Type())
	if t.validateSteps == nil {
		return CheckSteps(pub)
	}
	return CheckSteps(pub) + t.validateSteps(uint64(Bits(pub)))
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
func OneLine(comment string) string { return lineEnds.Get().Replace(comment) }

var lineEnds = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")
}}

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

// Blob returns the wire form of a public key. Of a certificate that was read it is what was
// read, which the authority has signed: Marshal of package ssh sorts the options.
func Blob(pub ssh.PublicKey) []byte {
	if cert, ok := pub.(*ssh.Certificate); ok {
		if kept, ok := cert.SignatureKey.(unsortedBy); ok {
			return bytes.Clone(kept.blob)
		}
	}
	return pub.Marshal()
}

// HasUnsortedOptions reports whether a certificate was read whose options are not in the
// order of their names. OpenSSH opens it; package ssh cannot write it, so that it cannot
// be given to an agent.
func HasUnsortedOptions(pub ssh.PublicKey) bool {
	cert, ok := pub.(*ssh.Certificate)
	if !ok {
		return false
	}
	_, ok = cert.SignatureKey.(unsortedBy)
	return ok
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

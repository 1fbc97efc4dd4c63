package rawkey

import (
	"bytes"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

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

// unsortedBy is the key of an authority with the certificate as it was signed, for which
// package ssh has no place.
type unsortedBy struct {
	ssh.PublicKey
	blob []byte
}

// certificateKeyFields says how many fields the key itself has in a certificate
// (PROTOCOL.certkeys of OpenSSH), each with its length in front.
var certificateKeyFields = map[string]int{
	//lint:ignore SA1019 DSA certificates still exist; they are read to be shown.
	ssh.CertAlgoRSAv01: 2, ssh.InsecureCertAlgoDSAv01: 4, ssh.CertAlgoED25519v01: 1,
	ssh.CertAlgoECDSA256v01: 2, ssh.CertAlgoECDSA384v01: 2, ssh.CertAlgoECDSA521v01: 2,
	ssh.CertAlgoSKED25519v01: 2, ssh.CertAlgoSKECDSA256v01: 3,
}

// parseUnsorted reads a certificate whose options are not sorted, which package ssh refuses,
// by sorting them first. It returns nil for anything else.
func parseUnsorted(algorithm string, blob []byte) ssh.PublicKey {
	fields, ok := certificateKeyFields[algorithm]
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

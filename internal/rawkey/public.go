package rawkey

import (
	"bytes"
	"slices"

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

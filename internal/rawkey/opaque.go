package rawkey

import (
	"bytes"
	"errors"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/wire"
	"golang.org/x/crypto/ssh"
)

// OpaquePublicKey is a public key of a type that this module does not know: the name of the
// type, and the blob as it is. It can be shown, compared and written again.
type OpaquePublicKey struct{ algorithm, blob string }

var _ ssh.PublicKey = OpaquePublicKey{}

// Type returns the name that the blob begins with.
func (k OpaquePublicKey) Type() string { return k.algorithm }

// Marshal returns the blob.
func (k OpaquePublicKey) Marshal() []byte { return []byte(k.blob) }

// Verify returns an error: how the type signs is not known.
func (k OpaquePublicKey) Verify([]byte, *ssh.Signature) error {
	return errors.New("sshkey: signatures of the key type " + quote.Short(k.algorithm) + " are not known")
}

// IsOpaque reports whether a public key is of a type that this module does not know.
func IsOpaque(pub ssh.PublicKey) bool {
	_, ok := pub.(OpaquePublicKey)
	return ok
}

// maxTypeName is the longest name of RFC 4251 section 6.
const maxTypeName = 64

// parseOpaque takes any blob whose first string is a name as RFC 4251 section 6 has them:
// printable ASCII without blanks and commas. Something has to follow it.
func parseOpaque(algorithm string, blob []byte) (ssh.PublicKey, error) {
	isName := func(c rune) bool { return c > ' ' && c <= '~' && c != ',' }
	for _, c := range algorithm {
		if !isName(c) {
			return nil, invalid("public key: %s is not the name of a type of key", quote.Short(algorithm))
		}
	}
	if algorithm == "" || len(algorithm) > maxTypeName || len(blob) <= 4+len(algorithm) {
		return nil, invalid("public key: the type or the key is missing, or too long")
	}
	return OpaquePublicKey{algorithm, string(blob)}, nil
}

// CarriedKey is a private key that is not understood, and is carried from one file to
// another as it is: of an unknown type, or of one whose secret is in a security token.
// Whether its halves match is not known.
type CarriedKey struct {
	Public ssh.PublicKey
	// Fields is what follows the name of the type in an openssh-key-v1 file: up to the comment
	// where HasComment says that it was found, otherwise up to the end of the padding.
	Fields     []byte
	HasComment bool
}

// carried is the material of a CarriedKey, of which nothing can be checked.
type carried struct{ *CarriedKey }

func (k carried) complete() error {
	if k.Public == nil {
		return invalid("the public half is missing")
	}
	return nil
}

func (carried) check() error                     { return nil }
func (carried) validate() error                  { return nil }
func (k carried) public() (ssh.PublicKey, error) { return k.Public, nil }

func (k carried) secret() []byte {
	return wire.AppendString(wire.AppendString(nil, k.Public.Marshal()), bytes.Clone(k.Fields))
}

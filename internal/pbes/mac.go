package pbes

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"

	"github.com/keyconv/keyconv/internal/der"
)

// macHashes are those of a MAC whose key comes of RFC 7292 appendix B, by object
// identifier: SHA-1 of OIW, the others of NIST.
var macHashes = map[string]struct {
	name    string
	newHash func() hash.Hash
}{
	"1.3.14.3.2.26":          {"PKCS12-SHA1", sha1.New},
	"2.16.840.1.101.3.4.2.4": {"PKCS12-SHA224", sha256.New224},
	"2.16.840.1.101.3.4.2.1": {"PKCS12-SHA256", sha256.New},
	"2.16.840.1.101.3.4.2.2": {"PKCS12-SHA384", sha512.New384},
	"2.16.840.1.101.3.4.2.3": {"PKCS12-SHA512", sha512.New},
}

const oidPBMAC1 = "1.2.840.113549.1.5.14"

// The length of a key of PBMAC1. RFC 9579 section 5 wants a reader to refuse one below
// 20 bytes, and one of the size of the hash is recommended: 64 bytes for the largest.
const (
	minMACKey = 20
	maxMACKey = 64
)

// MAC is that of a PKCS#12 file (RFC 7292 section 4), with the derivation of its key.
type MAC struct {
	kdf     KDF
	newHash func() hash.Hash
	key     func(p Passphrase) []byte
}

// ReadMAC reads an AlgorithmIdentifier, whose content d is. Salt and iterations stand
// elsewhere in the file; PBMAC1 (RFC 9579) has its own.
func ReadMAC(d *der.Reader, salt []byte, iterations int, form string) (*MAC, error) {
	oid := d.OID("the MAC")
	if err := d.Err(); err != nil {
		return nil, err
	}
	if oid == oidPBMAC1 {
		return readPBMAC1(d.Sequence("the parameters of the MAC"), form)
	}
	h, ok := macHashes[oid]
	if !ok {
		return nil, unsupported("the MAC %s of a %s file", oid, form)
	}
	if iterations == 0 {
		return nil, syntaxError("%s: the iterations of the MAC are 0", form)
	}
	return &MAC{
		kdf: KDF{Name: h.name, Rounds: uint64(iterations)}, newHash: h.newHash,
		key: func(p Passphrase) []byte {
			return pkcs12Bytes(h.newHash, pkcs12MAC, p, salt, iterations, h.newHash().Size())
		},
	}, nil
}

func readPBMAC1(d *der.Reader, form string) (*MAC, error) {
	derivation, function := d.Sequence("the key derivation"), d.Sequence("the MAC")
	oid := function.OID("the MAC")
	function.Null("the MAC")
	if err := firstError(d.End("the parameters of the MAC"), function.End("the MAC")); err != nil {
		return nil, err
	}
	h, ok := hmacs[oid]
	if !ok {
		return nil, unsupported("the MAC %s of a %s file", oid, form)
	}
	k, err := readKDF(derivation, form)
	if err != nil {
		return nil, err
	}
	derived, ok := k.(*pbkdf2KDF)
	if !ok {
		return nil, unsupported("the MAC of a %s file with %s", form, k.describe().Name)
	}
	if derived.keyLength < minMACKey || derived.keyLength > maxMACKey {
		return nil, syntaxError("%s: the key of the MAC has %d bytes, not %d to %d", form, derived.keyLength, minMACKey, maxMACKey)
	}
	return &MAC{
		kdf: derived.describe(), newHash: h.newHash,
		key: func(p Passphrase) []byte { return derived.derive(p, derived.keyLength, 0) },
	}, nil
}

// KDF describes the key derivation.
func (m *MAC) KDF() KDF { return m.kdf }

// Verify runs the key derivation and reports whether the digest is that of the content.
func (m *MAC) Verify(p Passphrase, content, digest []byte) bool {
	key := m.key(p)
	defer clear(key)
	h := hmac.New(m.newHash, key)
	h.Write(content)
	return hmac.Equal(h.Sum(nil), digest)
}

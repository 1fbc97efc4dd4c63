package pbes

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/sshkey"
)

// macHashes are the hashes of a MAC whose key RFC 7292 appendix B derives, by object
// identifier: OIW's for SHA-1, NIST's for the others.
var macHashes = lazy.Map[string, namedHash]{Make: func() map[string]namedHash {
	return map[string]namedHash{
		"1.3.14.3.2.26":          {"PKCS12-SHA1", sha1.New},
		"2.16.840.1.101.3.4.2.4": {"PKCS12-SHA224", sha256.New224},
		"2.16.840.1.101.3.4.2.1": {"PKCS12-SHA256", sha256.New},
		"2.16.840.1.101.3.4.2.2": {"PKCS12-SHA384", sha512.New384},
		"2.16.840.1.101.3.4.2.3": {"PKCS12-SHA512", sha512.New},
	}
}}

const oidPBMAC1 = "1.2.840.113549.1.5.14"

// The length of a PBMAC1 key. RFC 9579 section 5 has readers refuse less than 20
// bytes, and recommends the size of the hash: at most 64 bytes.
const (
	minMACKey = 20
	maxMACKey = 64
)

// MAC is the MAC of a PKCS#12 file (RFC 7292 section 4), with the derivation of its key.
type MAC struct {
	kdf     kdf
	newHash func() hash.Hash
	keySize int
}

// ReadMAC reads the AlgorithmIdentifier whose content is d. Salt and iterations come from
// elsewhere in the file; PBMAC1 (RFC 9579) has its own.
func ReadMAC(d *der.Reader, salt []byte, iterations uint64, form string) (*MAC, error) {
	oid := d.OID("the MAC")
	if err := d.Err(); err != nil {
		return nil, err
	}
	if oid == oidPBMAC1 {
		return readPBMAC1(d.Sequence("the parameters of the MAC"), form)
	}
	h, ok := macHashes.Get()[oid]
	if !ok {
		return nil, unsupported(codeOf(form, oid), "the MAC %s of a %s file", oid, form)
	}
	if iterations == 0 {
		return nil, syntaxError("%s: the iterations of the MAC are 0", form)
	}
	return &MAC{&macKDF{h.name, h.newHash, salt, iterations}, h.newHash, h.newHash().Size()}, nil
}

// macKDF is RFC 7292 appendix B.
type macKDF struct {
	name       string
	newHash    func() hash.Hash
	salt       []byte
	iterations uint64
}

func (k *macKDF) describe() KDF { return KDF{Name: k.name, Rounds: k.iterations} }

func (k *macKDF) check(limits sshkey.Limits) error {
	return budget.CheckWork(limits, "iterations of "+k.name, k.iterations, sshkey.MaxPBKDF2Iterations)
}

func (k *macKDF) derive(p Passphrase, keySize, _ int) []byte {
	return pkcs12Bytes(k.newHash, pkcs12MAC, p, k.salt, k.iterations, keySize)
}

func readPBMAC1(d *der.Reader, form string) (*MAC, error) {
	derivation, function := d.Sequence("the key derivation"), d.Sequence("the MAC")
	oid := function.OID("the MAC")
	function.Null("the MAC")
	if err := firstError(d.End("the parameters of the MAC"), function.End("the MAC")); err != nil {
		return nil, err
	}
	h, ok := hmacs.Get()[oid]
	if !ok {
		return nil, unsupported(codeOf(form, oid), "the MAC %s of a %s file", oid, form)
	}
	k, err := readKDF(derivation, form)
	if err != nil {
		return nil, err
	}
	derived, ok := k.(*pbkdf2KDF)
	if !ok {
		return nil, unsupported(sshkey.UnsupportedForm, "the MAC of a %s file with %s", form, k.describe().Name)
	}
	if derived.keyLength < minMACKey || derived.keyLength > maxMACKey {
		return nil, syntaxError("%s: the key of the MAC has %d bytes, not %d to %d", form, derived.keyLength, minMACKey, maxMACKey)
	}
	return &MAC{derived, h.newHash, derived.keyLength}, nil
}

// KDF describes the key derivation.
func (m *MAC) KDF() KDF { return m.kdf.describe() }

// Check compares the cost of the key derivation with the limits.
func (m *MAC) Check(limits sshkey.Limits) error { return m.kdf.check(limits) }

// Verify runs the key derivation and reports whether the digest is that of the content.
func (m *MAC) Verify(p Passphrase, content, digest []byte) bool {
	key := m.kdf.derive(p, m.keySize, 0)
	defer clear(key)
	h := hmac.New(m.newHash, key)
	h.Write(content)
	return hmac.Equal(h.Sum(nil), digest)
}

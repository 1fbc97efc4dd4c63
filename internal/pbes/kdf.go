package pbes

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"math"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/pbkdf2"
)

// namedHash is a hash, or the HMAC that is made of it.
type namedHash struct {
	name    string
	newHash func() hash.Hash
}

// hmacs are the functions of PBKDF2 and PBMAC1 by object identifier (RFC 8018 appendix
// B.1).
var hmacs = lazy.Map[string, namedHash]{Make: func() map[string]namedHash {
	return map[string]namedHash{
		"1.2.840.113549.2.6":  {"HMAC-MD5", md5.New},
		oidHMACSHA1:           {"HMAC-SHA1", sha1.New},
		"1.2.840.113549.2.8":  {"HMAC-SHA224", sha256.New224},
		oidHMACSHA256:         {"HMAC-SHA256", sha256.New},
		"1.2.840.113549.2.10": {"HMAC-SHA384", sha512.New384},
		"1.2.840.113549.2.11": {"HMAC-SHA512", sha512.New},
		"1.2.840.113549.2.12": {"HMAC-SHA512-224", sha512.New512_224},
		"1.2.840.113549.2.13": {"HMAC-SHA512-256", sha512.New512_256},
	}
}}

const (
	oidPBKDF2     = "1.2.840.113549.1.5.12"
	oidHMACSHA1   = "1.2.840.113549.2.7"
	oidHMACSHA256 = "1.2.840.113549.2.9"
	oidScrypt     = "1.3.6.1.4.1.11591.4.11" // RFC 7914 section 7
)

func readKDF(d *der.Reader, form string) (kdf, error) {
	oid := d.OID("the key derivation")
	params := d.Sequence("the parameters of the key derivation")
	if err := d.End("the key derivation"); err != nil {
		return nil, err
	}
	switch oid {
	case oidPBKDF2:
		return readPBKDF2(params, form)
	case oidScrypt:
		return readScrypt(params, form)
	}
	return nil, unsupported(codeOf(form, oid), "the key derivation %s of a %s file", oid, form)
}

// pbkdf2KDF is RFC 8018 section 5.2.
type pbkdf2KDF struct {
	form       string
	salt       []byte
	iterations uint64
	keyLength  int // as the file gives it, or 0
	function   string
	newHash    func() hash.Hash
}

func readPBKDF2(d *der.Reader, form string) (*pbkdf2KDF, error) {
	k := &pbkdf2KDF{form: form, salt: d.Element(der.TagOctets, "the salt"), iterations: d.Count("the iterations")}
	if d.Peek() == der.TagInteger {
		k.keyLength = d.Small("the key length")
	}
	oid := oidHMACSHA1 // if the file does not name one
	if d.Peek() == der.TagSequence {
		function := d.Sequence("the PRF")
		oid = function.OID("the PRF")
		function.Null("the PRF")
		d.Fail(function.End("the PRF"))
	}
	if err := d.End("the parameters of the key derivation"); err != nil {
		return nil, err
	}
	h, ok := hmacs.Get()[oid]
	if !ok {
		return nil, unsupported(codeOf(form, oid), "PBKDF2 with the function %s in a %s file", oid, form)
	}
	if k.iterations == 0 {
		return nil, syntaxError("%s: the iterations are 0", form)
	}
	k.function, k.newHash = h.name, h.newHash
	return k, nil
}

func (k *pbkdf2KDF) describe() KDF {
	return KDF{Name: "PBKDF2-" + k.function, Rounds: k.iterations}
}

func (k *pbkdf2KDF) check(limits sshkey.Limits) error {
	if err := budget.CheckWork(limits, "iterations of PBKDF2", k.iterations, sshkey.MaxPBKDF2Iterations); err != nil {
		return err
	}
	if k.iterations > math.MaxInt {
		return syntaxError("%s: the iterations are out of range", k.form)
	}
	return nil
}

// derive takes the length of the key from the cipher and ignores that in the file.
func (k *pbkdf2KDF) derive(p Passphrase, keySize, _ int) []byte {
	return pbkdf2.Key(p.Bytes, k.salt, int(k.iterations), keySize, k.newHash)
}

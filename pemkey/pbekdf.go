package pemkey

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"math"

	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
)

// prf is a pseudo-random function of PBKDF2.
type prf struct {
	name    string
	newHash func() hash.Hash
}

// prfs by object identifier (RFC 8018 appendix B.1). Without one it is SHA-1.
var prfs = map[string]prf{
	oidHMACSHA1:           {"PBKDF2-HMAC-SHA1", sha1.New},
	"1.2.840.113549.2.8":  {"PBKDF2-HMAC-SHA224", sha256.New224},
	oidHMACSHA256:         {"PBKDF2-HMAC-SHA256", sha256.New},
	"1.2.840.113549.2.10": {"PBKDF2-HMAC-SHA384", sha512.New384},
	"1.2.840.113549.2.11": {"PBKDF2-HMAC-SHA512", sha512.New},
	"1.2.840.113549.2.12": {"PBKDF2-HMAC-SHA512-224", sha512.New512_224},
	"1.2.840.113549.2.13": {"PBKDF2-HMAC-SHA512-256", sha512.New512_256},
}

const (
	oidPBKDF2     = "1.2.840.113549.1.5.12"
	oidHMACSHA1   = "1.2.840.113549.2.7"
	oidHMACSHA256 = "1.2.840.113549.2.9"
	oidScrypt     = "1.3.6.1.4.1.11591.4.11" // RFC 7914 section 7
)

func readPBES2KDF(d *der) (pbeKDF, error) {
	oid := d.oid("the key derivation")
	params := d.sequence("the parameters of the key derivation")
	if err := firstError(d.err, params.err); err != nil {
		return nil, err
	}
	switch oid {
	case oidPBKDF2:
		return readPBKDF2(params)
	case oidScrypt:
		return readScrypt(params)
	}
	return nil, unsupportedf("the key derivation %s of a PKCS#8 file", oid)
}

// pbkdf2KDF is RFC 8018 section 5.2.
type pbkdf2KDF struct {
	salt       []byte
	iterations int
	prf        prf
}

func readPBKDF2(d *der) (pbeKDF, error) {
	k := &pbkdf2KDF{salt: d.element(tagOctets, "the salt"), iterations: d.small("the iterations")}
	skipKeyLength(d)
	oid := oidHMACSHA1
	if d.peek() == tagSequence {
		function := d.sequence("the PRF")
		oid = function.oid("the PRF")
		d.err = firstError(d.err, function.err)
	}
	if d.err != nil {
		return nil, d.err
	}
	var ok bool
	if k.prf, ok = prfs[oid]; !ok {
		return nil, unsupportedf("PBKDF2 with the function %s", oid)
	}
	if k.iterations == 0 {
		return nil, syntaxf("PKCS#8: the iterations are 0")
	}
	return k, nil
}

// skipKeyLength passes over the optional length of the key, which the cipher tells
// as well.
func skipKeyLength(d *der) {
	if d.peek() == tagInteger {
		d.small("the key length")
	}
}

func (k *pbkdf2KDF) describe() KDF { return KDF{Name: k.prf.name, Rounds: uint64(k.iterations)} }

func (k *pbkdf2KDF) check(limits Limits) error {
	return limits.CheckWork("iterations of PBKDF2", uint64(k.iterations), sshkey.MaxPBKDF2Iterations)
}

func (k *pbkdf2KDF) derive(passphrase []byte, keySize, _ int) []byte {
	return pbkdf2.Key(passphrase, k.salt, k.iterations, keySize, k.prf.newHash)
}

// scryptKDF is RFC 7914.
type scryptKDF struct {
	salt    []byte
	n, r, p int
}

func readScrypt(d *der) (pbeKDF, error) {
	k := &scryptKDF{salt: d.element(tagOctets, "the salt")}
	k.n, k.r, k.p = d.small("N"), d.small("r"), d.small("p")
	if d.err != nil {
		return nil, d.err
	}
	if k.n < 2 || k.n&(k.n-1) != 0 || k.r < 1 || k.p < 1 {
		return nil, syntaxf("PKCS#8: the parameters of scrypt are out of range")
	}
	return k, nil
}

// memory is 128*N*r bytes (RFC 7914 section 5), here in KiB, rounded up.
func (k *scryptKDF) memory() uint64 { return (uint64(k.n)*uint64(k.r) + 7) / 8 }

// work is the memory times p; above what fits, the most that does.
func (k *scryptKDF) work() uint64 {
	if uint64(k.p) > math.MaxUint64/k.memory() {
		return math.MaxUint64
	}
	return k.memory() * uint64(k.p)
}

func (k *scryptKDF) describe() KDF {
	return KDF{Name: "scrypt", Rounds: k.work(), Memory: k.memory()}
}

func (k *scryptKDF) check(limits Limits) error {
	if err := limits.CheckMemory("scrypt memory in KiB", k.memory()); err != nil {
		return err
	}
	if err := limits.CheckWork("scrypt work in KiB times p", k.work(), sshkey.MaxScryptWork); err != nil {
		return err
	}
	blocks := uint64(k.r) * uint64(k.p) // below 2^30 by the RFC; the rest must fit an int
	if blocks >= 1<<30 || blocks > math.MaxInt/128 || k.memory() > math.MaxInt>>10 {
		return syntaxf("PKCS#8: the parameters of scrypt are out of range")
	}
	return nil
}

func (k *scryptKDF) derive(passphrase []byte, keySize, _ int) []byte {
	return must(scrypt.Key(passphrase, k.salt, k.n, k.r, k.p, keySize))
}

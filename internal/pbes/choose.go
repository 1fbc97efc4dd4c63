package pbes

import (
	"cmp"
	"encoding/asn1"
	"io"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/ciphers"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/sshkey"
)

// The costs that are written by default.
const (
	// DefaultIterations is OWASP's figure for PBKDF2-HMAC-SHA256 (2023).
	DefaultIterations = 600_000
	// DefaultMemory in KiB is N = 2^14 with r = 8. openssl refuses twice as much: its limit
	// is 32 MiB.
	DefaultMemory = 16384
	// DefaultP is OWASP's figure for that memory.
	DefaultP = 5
)

const (
	defaultCipher = "aes256-cbc"
	saltSize      = 16
	scryptR       = 8
)

// scryptP are the p that OWASP's Password Storage Cheat Sheet gives for N and r = 8, by
// the memory in KiB, which is N. Less memory has the p of the last row.
var scryptP = []struct{ memory, p uint64 }{{1 << 17, 1}, {1 << 16, 2}, {1 << 15, 3}, {1 << 14, DefaultP}, {0, 10}}

// Options are choices for writing. The zero value means the defaults.
type Options struct {
	Cipher      string // one of PBES2 in CBC mode; "aes256-cbc" if empty
	KDF         string // "pbkdf2" (if empty) or "scrypt"
	Rounds      uint64 // iterations of PBKDF2; 600,000 if 0
	Memory      uint64 // of scrypt, in KiB, a power of two; 16384 if 0
	Parallelism uint64 // p of scrypt; OWASP's figure for the memory if 0
}

// AlgorithmIdentifier is the type of RFC 5280 section 4.1.1.2.
type AlgorithmIdentifier struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// New returns PBES2 with fresh salt and IV, and the algorithm that describes it.
func New(o Options, random io.Reader) (*Scheme, AlgorithmIdentifier, error) {
	fail := func(err error) (*Scheme, AlgorithmIdentifier, error) { return nil, AlgorithmIdentifier{}, err }
	s := &Scheme{form: "PKCS#8"}
	oid, err := s.chooseCipher(cmp.Or(o.Cipher, defaultCipher))
	if err != nil {
		return fail(err)
	}
	salt := make([]byte, saltSize)
	s.iv = make([]byte, s.cipher.IVSize)
	for _, b := range [][]byte{s.iv, salt} {
		if _, err := io.ReadFull(random, b); err != nil {
			return fail(err)
		}
	}
	choose := map[string]func(Options, []byte) (AlgorithmIdentifier, error){"": s.choosePBKDF2, "pbkdf2": s.choosePBKDF2, "scrypt": s.chooseScrypt}[o.KDF]
	if choose == nil {
		return fail(unsupported(sshkey.UnsupportedOption, "the key derivation %q in PKCS#8", o.KDF))
	}
	derivation, err := choose(o, salt)
	if err != nil {
		return fail(err)
	}
	if err := s.kdf.check(sshkey.Limits{}); err != nil {
		return fail(err)
	}
	return s, algorithm(oidPBES2, []AlgorithmIdentifier{derivation, algorithm(oid, s.iv)}), nil
}

// writtenCiphers are sound ciphers that OpenSSL reads, and their object identifiers.
var writtenCiphers = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"aes128-cbc": "2.16.840.1.101.3.4.1.2", "aes192-cbc": "2.16.840.1.101.3.4.1.22", "aes256-cbc": "2.16.840.1.101.3.4.1.42",
		"3des-cbc": "1.2.840.113549.3.7",
	}
}}

func (s *Scheme) chooseCipher(name string) (oid string, err error) {
	oid, ok := writtenCiphers.Get()[name]
	if !ok {
		return "", unsupported(sshkey.UnsupportedOption, "the cipher %q in PKCS#8", name)
	}
	c, _ := findCipher(oid)
	s.Cipher = name
	s.cipher, _ = ciphers.ByName(c.of)
	return oid, nil
}

func (s *Scheme) choosePBKDF2(o Options, salt []byte) (AlgorithmIdentifier, error) {
	if o.Memory != 0 || o.Parallelism != 0 {
		return AlgorithmIdentifier{}, unsupported(sshkey.UnsupportedOption, "a choice of memory or parallelism for PBKDF2, which has only rounds,")
	}
	rounds := cmp.Or(o.Rounds, DefaultIterations)
	if err := budget.CheckWork((sshkey.Limits{}), "iterations of PBKDF2", rounds, sshkey.MaxPBKDF2Iterations); err != nil {
		return AlgorithmIdentifier{}, err
	}
	h := hmacs.Get()[oidHMACSHA256]
	s.kdf = &pbkdf2KDF{form: s.form, salt: salt, iterations: rounds, function: h.name, newHash: h.newHash}
	return algorithm(oidPBKDF2, struct {
		Salt       []byte
		Iterations int
		PRF        AlgorithmIdentifier
	}{salt, int(rounds), algorithm(oidHMACSHA256, asn1.NullRawValue)}), nil
}

func (s *Scheme) chooseScrypt(o Options, salt []byte) (AlgorithmIdentifier, error) {
	none := AlgorithmIdentifier{}
	if o.Rounds != 0 {
		return none, unsupported(sshkey.UnsupportedOption, "a choice of rounds for scrypt, which has memory,")
	}
	memory, p := cmp.Or(o.Memory, DefaultMemory), o.Parallelism
	if memory&(memory-1) != 0 || memory < 2 {
		return none, unsupported(sshkey.UnsupportedOption, "scrypt with %d KiB (only a power of two)", memory)
	}
	for _, row := range scryptP {
		if p == 0 && memory >= row.memory {
			p = row.p
		}
	}
	if err := budget.CheckMemory((sshkey.Limits{}), "scrypt memory in KiB", memory); err != nil {
		return none, err
	}
	if err := budget.CheckWork((sshkey.Limits{}), "scrypt work in KiB times p", p, sshkey.MaxScryptWork); err != nil {
		return none, err
	}
	k := &scryptKDF{form: s.form, salt: salt, n: int(memory), r: scryptR, p: int(p)} // N*r*128 bytes is N KiB
	s.kdf = k
	return algorithm(oidScrypt, struct {
		Salt    []byte
		N, R, P int
	}{salt, k.n, k.r, k.p}), nil
}

func algorithm(oid string, parameters any) AlgorithmIdentifier {
	a := AlgorithmIdentifier{Parameters: asn1.RawValue{FullBytes: der.MustMarshal(parameters)}}
	for part := range strings.SplitSeq(oid, ".") {
		n, _ := strconv.Atoi(part) // the identifiers are this package's own
		a.Algorithm = append(a.Algorithm, n)
	}
	return a
}

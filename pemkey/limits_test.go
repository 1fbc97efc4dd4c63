package pemkey

import (
	"bytes"
	"math"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	cipherAES128 = "2.16.840.1.101.3.4.1.2"
	cipherWrap   = "2.16.840.1.101.3.4.1.8" // of AES, with padding

	oidPBES2      = "1.2.840.113549.1.5.13"
	oidPBKDF2     = "1.2.840.113549.1.5.12"
	oidHMACSHA256 = "1.2.840.113549.2.9"
	oidScrypt     = "1.3.6.1.4.1.11591.4.11"
)

// pbes2Of builds an encrypted file with a key derivation and a cipher.
func pbes2Of(kdf []byte, cipherOID string) []byte {
	encryption := seq(oidDER(cipherOID), tlv(der.TagOctets, 0, make([]byte, 16)))
	return pemOf("ENCRYPTED PRIVATE KEY", seq(seq(oidDER(oidPBES2), seq(kdf, encryption)), tlv(der.TagOctets, 0, make([]byte, 64))))
}

func pbkdf2Of(iterations int64, after ...[]byte) []byte {
	return seq(oidDER(oidPBKDF2), seq(der.MustMarshal([]byte("salt")), number(iterations), bytes.Join(after, nil)))
}

func scryptOf(n, r, p int64) []byte {
	return seq(oidDER(oidScrypt), seq(der.MustMarshal([]byte("salt")), number(n), number(r), number(p)))
}

func pbes1Of(iterations int64) []byte {
	scheme := seq(oidDER("1.2.840.113549.1.12.1.3"), seq(der.MustMarshal([]byte("salt")), number(iterations)))
	return pemOf("ENCRYPTED PRIVATE KEY", seq(scheme, tlv(der.TagOctets, 0, make([]byte, 64))))
}

// bcryptOf builds a file that is encrypted with a cipher after some rounds.
func bcryptOf(t testing.TB, rounds uint32, cipher string) []byte {
	t.Helper()
	parts := plainParts(t)
	parts.cipher, parts.kdf, parts.options = cipher, "bcrypt", options("salt", rounds)
	parts.private = make([]byte, 160)
	return parts.file()
}

// limitTest is a file over a limit, and one that is not.
type limitTest struct {
	over, under []byte
	kind        sshkey.LimitKind
	value, max  uint64
}

func limitTests(t *testing.T) map[string]limitTest {
	t.Helper()
	return map[string]limitTest{
		"bcrypt": {bcryptOf(t, 1025, "aes256-ctr"), bcryptOf(t, 1024, "aes256-ctr"), sshkey.LimitKDFWork, 1025, 1024},
		"PBKDF2": {
			pbes2Of(pbkdf2Of(10_000_001), cipherAES128), pbes2Of(pbkdf2Of(10_000_000), cipherAES128),
			sshkey.LimitKDFWork, 10_000_001, 10_000_000,
		},
		"PBKDF2, 41 bits": {pbes2Of(pbkdf2Of(1<<40), cipherAES128), pbes2Of(pbkdf2Of(2), cipherAES128), sshkey.LimitKDFWork, 1 << 40, 10_000_000},
		"PBES1, 32 bits":  {pbes1Of(1 << 31), pbes1Of(2), sshkey.LimitKDFWork, 1 << 31, 10_000_000},
		"PBES1":           {pbes1Of(10_000_001), pbes1Of(10_000_000), sshkey.LimitKDFWork, 10_000_001, 10_000_000},
		"scrypt N": {
			pbes2Of(scryptOf(1<<21, 8, 1), cipherAES128), pbes2Of(scryptOf(1<<20, 8, 1), cipherAES128),
			sshkey.LimitKDFMemory, 1 << 21, 1 << 20,
		},
		"scrypt r": {
			pbes2Of(scryptOf(2, 1<<21, 1), cipherAES128), pbes2Of(scryptOf(2, 1<<20, 1), cipherAES128),
			sshkey.LimitKDFMemory, 5 << 18, 1 << 20, // 512 MiB of table, 256 MiB a block, of which there are three
		},
		"scrypt p": {
			pbes2Of(scryptOf(1<<10, 8, 4097), cipherAES128), pbes2Of(scryptOf(1<<10, 8, 3<<10-12), cipherAES128),
			sshkey.LimitKDFWork, 4097<<10 + 16<<10, 3 << 20,
		},
		"scrypt p alone": { // the table has 1 KiB, but x/crypto takes 2 GiB
			pbes2Of(scryptOf(2, 4, 1<<22), cipherAES128), pbes2Of(scryptOf(2, 4, 1<<20), cipherAES128),
			sshkey.LimitKDFMemory, 2<<20 + 1, 1 << 20,
		},
		"scrypt, all of memory": {
			pbes2Of(scryptOf(1<<30, math.MaxInt32, 1), cipherAES128), pbes2Of(scryptOf(2, 1, 1), cipherAES128),
			sshkey.LimitKDFMemory, 1<<27*math.MaxInt32 + math.MaxInt32*3/8&^1023, 1 << 20,
		},
	}
}

// TestLimits: Decode itself refuses, before any key derivation. One less is allowed, and
// everything if the caller sets the limits.
func TestLimits(t *testing.T) {
	for name, test := range limitTests(t) {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(test.over)
			requireDocumented(t, err)
			var limit *sshkey.LimitError
			require.ErrorAs(t, err, &limit)
			assert.Equal(t, test.kind, limit.Kind)
			assert.Equal(t, test.value, limit.Value)
			assert.Equal(t, test.max, limit.Max)
			for _, open := range []func() error{
				func() error { _, err := Parse(test.over); return err },
				func() error { _, err := ParseWithPassphrase(test.over, []byte("x")); return err },
			} {
				require.ErrorAs(t, open(), new(*sshkey.LimitError))
			}
			f, err := Decode(test.under)
			require.NoError(t, err)
			assert.True(t, f.Encrypted())
			if test.value < 1<<30 { // the smallest scrypt is below any limit
				_, err = DecodeLimits(test.under, sshkey.Limits{KDFWork: 1, KDFMemory: 1})
				require.ErrorAs(t, err, new(*sshkey.LimitError))
				enough := sshkey.Limits{KDFWork: math.MaxUint64, KDFMemory: test.value}
				if test.kind == sshkey.LimitKDFWork {
					enough = sshkey.Limits{KDFWork: test.value, KDFMemory: math.MaxUint64}
				}
				_, err = DecodeLimits(test.over, enough)
				if test.kind == sshkey.LimitKDFMemory && test.value >= math.MaxInt>>10-1024 {
					requireSyntax(t, err, 1, "out of range") // with addresses of 32 bits
					return
				}
				require.NoError(t, err)
			}
		})
	}
}

// TestLimitsScryptOverflow: products that do not fit are over every limit.
func TestLimitsScryptOverflow(t *testing.T) {
	all := sshkey.Limits{KDFWork: math.MaxUint64, KDFMemory: math.MaxUint64}
	for _, file := range [][]byte{
		pbes2Of(scryptOf(1<<30, 1<<30, 1<<30), cipherAES128),
		pbes2Of(scryptOf(1<<30, math.MaxInt32, math.MaxInt32), cipherAES128),
		pbes2Of(scryptOf(2, math.MaxInt32, math.MaxInt32), cipherAES128),
		pbes2Of(scryptOf(2, 1, 1<<30), cipherAES128),
	} {
		_, err := Decode(file)
		require.ErrorAs(t, err, new(*sshkey.LimitError))
		_, err = DecodeLimits(file, all)
		requireSyntax(t, err, 1, "the parameters of scrypt are out of range")
	}
	// More than fits an address: golang.org/x/crypto/scrypt refuses it.
	_, err := DecodeLimits(pbes2Of(scryptOf(1<<30, 1<<29, 1), cipherAES128), all)
	requireSyntax(t, err, 1, "the parameters of scrypt are out of range")
}

// TestLimitsSyntax: numbers that make no sense.
func TestLimitsSyntax(t *testing.T) {
	for name, file := range map[string][]byte{
		"bcrypt, 0 rounds":     bcryptOf(t, 0, "aes256-ctr"),
		"PBKDF2, 0 iterations": pbes2Of(pbkdf2Of(0), cipherAES128),
		"PBES1, 0 iterations":  pbes1Of(0),
		"PBKDF2, negative":     pbes2Of(pbkdf2Of(-1), cipherAES128),
		"PBES1, negative":      pbes1Of(-200),
		"scrypt, N is 0":       pbes2Of(scryptOf(0, 8, 1), cipherAES128),
		"scrypt, N is 1":       pbes2Of(scryptOf(1, 8, 1), cipherAES128),
		"scrypt, N is 1000":    pbes2Of(scryptOf(1000, 8, 1), cipherAES128),
		"scrypt, N is 2^32":    pbes2Of(scryptOf(1<<32, 8, 1), cipherAES128),
		"scrypt, r is 0":       pbes2Of(scryptOf(16, 0, 1), cipherAES128),
		"scrypt, p is 0":       pbes2Of(scryptOf(16, 8, 0), cipherAES128),
		"scrypt, p is 2^31":    pbes2Of(scryptOf(16, 8, 1<<31), cipherAES128),
		"PBES1, empty salt": pemOf("ENCRYPTED PRIVATE KEY", seq(
			seq(oidDER("1.2.840.113549.1.5.3"), seq(der.MustMarshal([]byte{}), number(5))), tlv(der.TagOctets, 0, make([]byte, 8)))),
	} {
		_, err := Decode(file)
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.SyntaxError), name)
	}
}

// TestOrderOfChecks: syntax comes first, then what is not supported, then the limits.
func TestOrderOfChecks(t *testing.T) {
	bomb := bcryptOf(t, math.MaxUint32, "aes256-ctr")
	_, err := Decode(bomb)
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	_, err = Decode(bcryptOf(t, math.MaxUint32, "rot13"))
	requireUnsupported(t, err, "rot13")
	cut := derOf(t, bomb)
	_, err = Decode(pemOf(opensshLabel, cut[:len(cut)-1]))
	requireSyntax(t, err, 1, "ends early")

	_, err = Decode(pbes2Of(pbkdf2Of(math.MaxInt32), cipherAES128))
	require.ErrorAs(t, err, new(*sshkey.LimitError))
	_, err = Decode(pbes2Of(pbkdf2Of(math.MaxInt32), cipherWrap))
	requireUnsupported(t, err, cipherWrap)
	_, err = Decode(pbes2Of(pbkdf2Of(math.MaxInt32, seq(oidDER("1.2.3.4"), []byte{5, 0})), cipherAES128))
	requireUnsupported(t, err, "PBKDF2 with the function 1.2.3.4")
	_, err = Decode(pbes2Of(seq(oidDER("1.2.3.4"), seq()), cipherAES128))
	requireUnsupported(t, err, "the key derivation 1.2.3.4")
	cut = derOf(t, pbes2Of(pbkdf2Of(math.MaxInt32), cipherAES128))
	_, err = Decode(pemOf("ENCRYPTED PRIVATE KEY", cut[:len(cut)-1]))
	requireSyntax(t, err, 1, "")
	short := seq(oidDER(cipherAES128), tlv(der.TagOctets, 0, make([]byte, 15)))
	_, err = Decode(pemOf("ENCRYPTED PRIVATE KEY", seq(seq(oidDER(oidPBES2), seq(pbkdf2Of(math.MaxInt32), short)), tlv(der.TagOctets, 0, make([]byte, 64)))))
	requireSyntax(t, err, 1, "the IV has 15 bytes")
	_, err = Decode(pemOf("ENCRYPTED PRIVATE KEY", seq(seq(oidDER("1.2.3.4"), seq()), tlv(der.TagOctets, 0, nil))))
	requireUnsupported(t, err, "the encryption 1.2.3.4")
}

// TestKeyLengthField: PBKDF2 may give the length of the key, which is ignored.
func TestKeyLengthField(t *testing.T) {
	function := seq(oidDER(oidHMACSHA256), []byte{5, 0})
	for _, after := range [][]byte{number(16), function, append(number(16), function...)} {
		f, err := Decode(pbes2Of(pbkdf2Of(7, after), cipherAES128))
		require.NoError(t, err)
		assert.Equal(t, uint64(7), f.KDF.Rounds)
	}
	_, err := Decode(pbes2Of(pbkdf2Of(7, der.MustMarshal(new(big.Int).Lsh(big.NewInt(1), 99))), cipherAES128))
	requireSyntax(t, err, 1, "the key length is out of range")
}

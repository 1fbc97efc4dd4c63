package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func findingCodes(found []rawkey.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code)
	}
	return list
}

func opened(t testing.TB, data []byte) *engine.File {
	t.Helper()
	f, err := engine.Open(data, engine.Limits{})
	require.NoError(t, err)
	return f
}

// TestFileFindings has a file of a real program for each weakness of files.
func TestFileFindings(t *testing.T) {
	for name, want := range map[string][]string{
		"ssh1/rsa2048.key":                      {"ssh1"},
		"ssh1/rsa2048.enc.key":                  {"ssh1", "encryption-md5"},
		"corpus/edge/v1_ssh-ed25519_enc.ppk":    {"ppk1", "encryption-sha1"},
		"corpus/edge/v1_ssh-rsa_unenc_hash.ppk": {"ppk1"},
		"twins/ed25519.v2.ppk":                  nil,
		"twins/ed25519.v2.enc.ppk":              {"encryption-sha1"},
		"twins/ed25519.v3.ppk":                  nil,
		"twins/ed25519.v3.enc.ppk":              {"kdf-argon2"},
		"twins/ed25519.v3.enc-argon2i.ppk":      {"kdf-argon2"},
		"twins/ed25519.v3.enc-argon2d.ppk":      {"kdf-argon2"},
		"twins/ed25519.openssh":                 nil,
		"twins/ed25519.enc.openssh":             {"kdf-bcrypt"},
		"twins/rsa2048.pem":                     nil,
		"twins/rsa2048.aes192.pem":              {"encryption-md5"},
		"twins/rsa2048.sshcom":                  nil,
		"twins/rsa2048.enc.sshcom":              {"encryption-md5"},
		"twins/rsa2048.pkcs8.pem":               nil,
		"twins/rsa2048.pkcs8.enc.pem":           {"kdf-pbkdf2"},
		"twins/rsa2048.pkcs8.scrypt.pem":        {"kdf-scrypt"},
		"twins/rsa2048.pub":                     nil,
		"p12/legacy.p12":                        {"encryption-pbes1"},
		"p12/aes128.p12":                        {"kdf-pbkdf2"},
		"p12/plain.p12":                         nil,
	} {
		f := opened(t, keytest.Read(t, filepath.FromSlash(name)))
		found := f.Findings()
		assert.Equal(t, want, findingCodes(found), name)
		for _, finding := range found {
			assert.False(t, finding.Refuse, "%s: the key in the file may be good", name)
			assert.NotEmpty(t, finding.Message)
			assert.NotEmpty(t, finding.Advice)
		}
	}
	assert.Empty(t, (&engine.File{}).Findings())
	assert.Empty(t, (&engine.File{}).KeyFindings())
}

// TestPBES1Findings makes sure that each name of the older derivations is known.
func TestPBES1Findings(t *testing.T) {
	for _, twin := range keytest.Twins(t, "pkcs8") {
		f := opened(t, twin.Data)
		if !f.Encrypted() {
			assert.Empty(t, f.Findings(), twin.Name)
			continue
		}
		assert.Len(t, f.Findings(), 1, "%s: %s is as cheap as all of the twins", twin.Name, f.KDF.Name)
	}
}

// TestCostFindings is about the borders: the highest cost that is too low, and the next.
func TestCostFindings(t *testing.T) {
	for _, c := range []struct {
		kdf  engine.KDF
		want []string
	}{
		{engine.KDF{Name: "Argon2id", Memory: 7168, Rounds: 4, Parallelism: 1}, []string{"kdf-argon2"}},
		{engine.KDF{Name: "Argon2id", Memory: 7168, Rounds: 5, Parallelism: 1}, nil},
		{engine.KDF{Name: "Argon2d", Memory: 35839, Rounds: 1, Parallelism: 1}, []string{"kdf-argon2"}},
		{engine.KDF{Name: "Argon2id", Memory: 19456, Rounds: 2, Parallelism: 1}, nil}, // OWASP's first choice
		{engine.KDF{Name: "Argon2i", Memory: 8192, Rounds: 13, Parallelism: 1}, nil},
		{engine.KDF{Name: "bcrypt", Rounds: 15}, []string{"kdf-bcrypt"}},
		{engine.KDF{Name: "bcrypt", Rounds: 16}, nil},
		{engine.KDF{Name: "PBKDF2-HMAC-SHA1", Rounds: 99_999}, []string{"kdf-pbkdf2"}},
		{engine.KDF{Name: "PBKDF2-HMAC-SHA512", Rounds: 100_000}, nil},
		{engine.KDF{Name: "scrypt", Memory: 16384, Rounds: 16384, Parallelism: 1}, []string{"kdf-scrypt"}},
		{engine.KDF{Name: "scrypt", Memory: 16384, Rounds: 16384 * 5, Parallelism: 5}, nil},
		{engine.KDF{Name: "scrypt", Memory: 8192, Rounds: 8192 * 9, Parallelism: 9}, []string{"kdf-scrypt"}},
		{engine.KDF{Name: "scrypt", Memory: 8192, Rounds: 8192 * 10, Parallelism: 10}, nil},
		{engine.KDF{Name: "scrypt", Memory: 4096, Rounds: 4096 * 500, Parallelism: 500}, []string{"kdf-scrypt"}},
		{engine.KDF{Name: "scrypt", Memory: 1 << 17, Rounds: 1 << 17, Parallelism: 1}, nil},
		{engine.KDF{Name: "MD5", Rounds: 1}, []string{"encryption-md5"}},
		{engine.KDF{Name: "SHA-1", Rounds: 1}, []string{"encryption-sha1"}},
		{engine.KDF{Name: "PBE-SHA1-3DES", Rounds: 1_000_000}, []string{"encryption-pbes1"}},
		{engine.KDF{Name: "JKS-SHA1", Rounds: 1}, []string{"encryption-jks"}},
		{engine.KDF{Name: "PVK-SHA1", Rounds: 1}, []string{"encryption-pvk"}},
	} {
		f := &engine.File{Private: true, Encryption: "aes256-cbc", KDF: &c.kdf}
		assert.Equal(t, c.want, findingCodes(f.Findings()), "%+v", c.kdf)
		f.Encryption = "none"
		assert.Empty(t, f.Findings(), "%+v", c.kdf)
	}
}

// TestCipherFindings: a weak cipher is named beside what the key derivation costs.
func TestCipherFindings(t *testing.T) {
	for cipher, weak := range map[string]bool{
		"aes256-cbc": false, "3des-cbc": false, "seed-cbc": false, "idea-cbc": false, "aria128-ctr": false, "blowfish-cbc": false,
		"des-cbc": true, "des-ofb": true, "des-ecb": true, "2des-ecb": true, "rc2-cbc": true, "rc4": true, "aes256-ecb": true,
	} {
		for name, rounds := range map[string]uint64{"PBKDF2-HMAC-SHA256": 100_000, "scrypt": 1 << 20} {
			f := &engine.File{Private: true, Encryption: cipher, KDF: &engine.KDF{Name: name, Memory: 1 << 17, Rounds: rounds}}
			var want []string
			if weak {
				want = []string{"encryption-cipher"}
			}
			assert.Equal(t, want, findingCodes(f.Findings()), "%s, %s", cipher, name)
		}
		f := &engine.File{Private: true, Encryption: cipher, KDF: &engine.KDF{Name: "PBE-MD5-DES", Rounds: 1}}
		assert.Equal(t, []string{"encryption-pbes1"}, findingCodes(f.Findings()), cipher)
	}
}

// TestDefaultsHaveNoFindings: a file that is written without options has no finding, but
// for the forms that have only a weak encryption.
func TestDefaultsHaveNoFindings(t *testing.T) {
	key := keytest.Type(t, "rsa2048").New(t)
	weak := map[engine.Format][]string{
		engine.PPK2: {"encryption-sha1"}, engine.PEM: {"encryption-md5"}, engine.SSHCom: {"encryption-md5"},
	}
	for _, format := range engine.Formats() {
		plain, err := engine.Marshal(key, format, nil)
		require.NoError(t, err)
		assert.Empty(t, opened(t, plain).Findings(), format)
		if !format.About().Encrypts {
			continue
		}
		encrypted, err := engine.MarshalWithPassphrase(key, []byte(passphrase), format, nil)
		require.NoError(t, err)
		assert.Equal(t, weak[format], findingCodes(opened(t, encrypted).Findings()), format)
	}
	scrypt, err := engine.MarshalWithPassphrase(key, []byte(passphrase), engine.PKCS8, &engine.Options{KDF: "scrypt"})
	require.NoError(t, err)
	assert.Empty(t, opened(t, scrypt).Findings())
}

// TestKeyFindings is about what can be said without the passphrase.
func TestKeyFindings(t *testing.T) {
	small := mustParse(t, keytest.Read(t, "weak", "rsa1024.pem"))
	closePrimes := mustParse(t, keytest.Read(t, "weak", "rsa-close-primes.pem"))
	for _, c := range []struct {
		key       *sshkey.Key
		format    engine.Format
		encrypted bool
		want      []string
	}{
		{small, engine.PPK, false, []string{"rsa-small"}},
		{small, engine.PPK, true, []string{"rsa-small"}},
		{small, engine.OpenSSH, true, []string{"rsa-small"}},
		{small, engine.PEM, false, []string{"rsa-small"}},
		{small, engine.PEM, true, nil}, // encrypts the public half too
		{small, engine.PKCS8, true, nil},
		{small, engine.Public, false, []string{"rsa-small"}},
		{closePrimes, engine.PPK, false, []string{"rsa-close-primes"}},
		{closePrimes, engine.PPK, true, nil},
		{closePrimes, engine.Public, false, nil},
	} {
		data := marshal(t, c.key, c.format, c.encrypted)
		f := opened(t, data)
		assert.Equal(t, c.want, findingCodes(f.KeyFindings()), "%s, encrypted: %t", c.format, c.encrypted)
		info, err := engine.Inspect(data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, append(findingCodes(f.Findings()), c.want...), findingCodes(info.Findings), c.format)
	}
}

// TestFindingsOfFiles goes through all files of other programs: only DSA, P-521 and RSA
// of 1024 bits have a finding, which all of theirs have.
func TestFindingsOfFiles(t *testing.T) {
	want := map[string][]string{"dsa1024": {"dsa"}, "ecdsa521": {"ecdsa-p521"}, "rsa1024": {"rsa-small"}}
	seen := map[string]int{}
	check := func(name, keyType string, data []byte, passphrase string) {
		f := opened(t, data)
		if !f.Private {
			assert.Equal(t, want[keyType], findingCodes(rawkey.PublicFindings(f.PublicKey)), name)
			return
		}
		if f.KDF != nil && f.KDF.Name == "bcrypt" {
			return // slow, and the same key is there without
		}
		key, err := f.Decrypt([]byte(passphrase))
		require.NoError(t, err, name)
		assert.Equal(t, want[keyType], findingCodes(rawkey.Findings(key.Private)), name)
		seen[keyType]++
	}
	for _, f := range keytest.Corpus(t, "generated") {
		if engine.Detect(f.Data) == engine.Unknown {
			continue
		}
		check(f.Name, strings.TrimSuffix(f.Type, "-cert"), f.Data, f.Passphrase)
	}
	for _, twin := range keytest.Twins(t) {
		if twin.Format != "fingerprints" {
			check(twin.Name, twin.Type, twin.Data, passphrase)
		}
	}
	for _, keyType := range []string{"rsa1024", "rsa2048", "rsa3072", "rsa4096", "dsa1024", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519", "ed448"} {
		assert.GreaterOrEqual(t, seen[keyType], 5, keyType)
	}
}

// TestFindingsChangeNothing: looking for weaknesses leaves the key as it is.
func TestFindingsChangeNothing(t *testing.T) {
	for _, name := range []string{"rsa1024", "rsa-e3", "rsa-roca", "rsa-fermat", "rsa-close-primes", "rsa-unequal-primes"} {
		key := mustParse(t, keytest.Read(t, "weak", name+".pem"))
		before := marshal(t, key, engine.PPK, false)
		require.NotEmpty(t, rawkey.Findings(key.Private))
		assert.Equal(t, before, marshal(t, key, engine.PPK, false), name)
		require.NoError(t, key.Validate())
	}
}

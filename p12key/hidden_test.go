package p12key

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// encryption returns PBES2 with AES-256 and a number of iterations of PBKDF2.
func encryption(t testing.TB, iterations int64) pkix.AlgorithmIdentifier {
	t.Helper()
	kdf := mustMarshal(t, pbes1Params{[]byte("saltsalt"), iterations})
	return pkix.AlgorithmIdentifier{
		Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13},
		Parameters: asn1.RawValue{FullBytes: mustMarshal(t, kdfAndMore{
			KDF: pkix.AlgorithmIdentifier{Algorithm: oidsOfPBMAC1[1], Parameters: asn1.RawValue{FullBytes: kdf}},
			Second: pkix.AlgorithmIdentifier{
				Algorithm:  asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42},
				Parameters: asn1.RawValue{FullBytes: mustMarshal(t, make([]byte, 16))},
			},
		})},
	}
}

// encrypt encrypts a text with one iteration.
func encrypt(t testing.TB, plain []byte, passphrase string) []byte {
	t.Helper()
	s, err := pbes.Read(der.New(mustMarshal(t, encryption(t, 1))).Sequence(""), form)
	require.NoError(t, err)
	return s.Seal(s.Derive(pbes.NewPassphrase([]byte(passphrase))), plain)
}

func explicit(content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: content}
}

// clearPart has bags in the clear, hiddenPart those that take the passphrase.
func clearPart(t testing.TB, bags ...safeBag) contentInfo {
	t.Helper()
	return contentInfo{asnData, explicit(mustMarshal(t, mustMarshal(t, bags)))}
}

func hiddenPart(t testing.TB, passphrase string, bags ...safeBag) contentInfo {
	t.Helper()
	var data encryptedData
	data.Info.Type, data.Info.Algorithm = asnData, encryption(t, 1)
	data.Info.Content = encrypt(t, mustMarshal(t, bags), passphrase)
	return contentInfo{asnEncryptedData, explicit(mustMarshal(t, data))}
}

func plainKeyBag(key []byte) safeBag { return safeBag{ID: asnKeyBag, Value: explicit(key)} }

// encryptedKeyBagOf claims a number of iterations, and is encrypted with one.
func encryptedKeyBagOf(t testing.TB, key []byte, passphrase string, iterations int64) safeBag {
	t.Helper()
	data := mustMarshal(t, encryptedKey{encryption(t, iterations), encrypt(t, key, passphrase)})
	return safeBag{ID: asnEncryptedKeyBag, Value: explicit(data)}
}

func sealParts(t testing.TB, passphrase string, parts ...contentInfo) []byte {
	t.Helper()
	return seal(t, mustMarshal(t, parts), passphrase, 1)
}

// TestHiddenIterations: the work that an encrypted part asks for is counted before it runs,
// and only the passphrase shows it. 2^31-1 iterations would take minutes.
func TestHiddenIterations(t *testing.T) {
	pkcs8 := pkcs8Of(t, "ed25519")
	for _, pass := range []string{"a", ""} {
		for name, parts := range map[string][]contentInfo{
			"in a hidden part":  {hiddenPart(t, pass, encryptedKeyBagOf(t, pkcs8, pass, 1<<31-1))},
			"of 62 bits":        {hiddenPart(t, pass, encryptedKeyBagOf(t, pkcs8, pass, 1<<62))},
			"in the second":     {hiddenPart(t, pass), hiddenPart(t, pass, encryptedKeyBagOf(t, pkcs8, pass, 1<<31-1))},
			"in the sum":        {hiddenPart(t, pass), hiddenPart(t, pass, encryptedKeyBagOf(t, pkcs8, pass, sshkey.MaxPBKDF2Iterations-2))},
			"after a clear one": {clearPart(t), hiddenPart(t, pass, encryptedKeyBagOf(t, pkcs8, pass, 1<<31-1))},
		} {
			f, err := Decode(sealParts(t, pass, parts...))
			require.NoError(t, err, name)
			_, err = f.Decrypt([]byte(pass + "wrong"))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
			_, err = f.Decrypt([]byte(pass))
			requireDocumented(t, err)
			var limit *sshkey.LimitError
			require.ErrorAs(t, err, &limit, name)
			assert.Equal(t, sshkey.LimitKDFWork, limit.Kind)
		}
	}
}

// TestHiddenKey is the control: the same file with one iteration.
func TestHiddenKey(t *testing.T) {
	twin := twinKey(t, "ed25519")
	pkcs8 := pkcs8Of(t, "ed25519")
	for _, pass := range []string{"a", ""} {
		for _, bag := range []safeBag{plainKeyBag(pkcs8), encryptedKeyBagOf(t, pkcs8, pass, 1)} {
			key, err := ParseWithPassphrase(sealParts(t, pass, clearPart(t), hiddenPart(t, pass), hiddenPart(t, pass, bag)), []byte(pass))
			require.NoError(t, err)
			assert.True(t, twin.Equal(key))
			_, err = ParseWithPassphrase(sealParts(t, pass, hiddenPart(t, pass, bag, bag)), []byte(pass))
			requireDocumented(t, err)
			require.ErrorAs(t, err, new(*sshkey.UnsupportedError), "two keys")
			_, err = ParseWithPassphrase(sealParts(t, pass, hiddenPart(t, pass, bag), clearPart(t, bag)), []byte(pass))
			require.ErrorAs(t, err, new(*sshkey.UnsupportedError), "two keys, one of them seen")
		}
	}
}

// TestNestedBags: bags inside of bags (RFC 7292 section 4.2.6), which no program is known
// to write, are passed over with everything that they ask for.
func TestNestedBags(t *testing.T) {
	nested := encryptedKeyBagOf(t, pkcs8Of(t, "ed25519"), "a", 1<<31-1)
	for range 20 {
		inner := mustMarshal(t, []safeBag{nested})
		nested = safeBag{ID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 6}, Value: explicit(inner)}
	}
	_, err := ParseWithPassphrase(sealParts(t, "a", hiddenPart(t, "a", nested)), []byte("a"))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), "no key")
	key, err := ParseWithPassphrase(sealParts(t, "a", hiddenPart(t, "a", nested, plainKeyBag(pkcs8Of(t, "ed25519")))), []byte("a"))
	require.NoError(t, err)
	assert.True(t, twinKey(t, "ed25519").Equal(key))
}

// TestManyParts: the sum of the visible parts counts, before the passphrase.
func TestManyParts(t *testing.T) {
	parts := make([]contentInfo, 2000)
	for i := range parts {
		parts[i] = hiddenPart(t, "a")
	}
	data := sealParts(t, "a", parts...)
	_, err := DecodeLimits(data, sshkey.Limits{KDFWork: 2000})
	requireWorkLimit(t, err, 2001, 2000)
	f, err := DecodeLimits(data, sshkey.Limits{KDFWork: 2001})
	require.NoError(t, err)
	_, err = f.Decrypt([]byte("a"))
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), "it holds no key")
}

// TestHiddenNumbers: a modulus of 2^20 bits took 41 s before it was refused.
func TestHiddenNumbers(t *testing.T) {
	n := new(big.Int).SetBit(big.NewInt(1), 1<<20, 1)
	rsa := mustMarshal(t, []*big.Int{big.NewInt(0), n, big.NewInt(65537), n, n, n, n, n, n})
	pkcs8 := mustMarshal(t, struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
	}{0, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, Parameters: asn1.NullRawValue}, rsa})
	for _, bag := range []safeBag{plainKeyBag(pkcs8), encryptedKeyBagOf(t, pkcs8, "a", 1)} {
		_, err := ParseWithPassphrase(sealParts(t, "a", hiddenPart(t, "a", bag)), []byte("a"))
		requireDocumented(t, err)
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Equal(t, sshkey.LimitKeySize, limit.Kind)
	}
}

// sealSHA1 adds the MAC of RFC 7292 appendix B with SHA-1, for a password as spelled there.
func sealSHA1(t testing.TB, content, password []byte, iterations int) []byte {
	t.Helper()
	salt := bytes.Repeat([]byte("saltsalt"), 8)
	repeated := password
	if len(password) > 0 {
		repeated = bytes.Repeat(password, 64/len(password))
	}
	key := sha1.Sum(append(append(bytes.Repeat([]byte{3}, 64), salt...), repeated...))
	for range iterations - 1 {
		key = sha1.Sum(key[:])
	}
	mac := hmac.New(sha1.New, key[:])
	mac.Write(content)
	file := pfx{Version: 3, AuthSafe: contentInfo{asnData, explicit(mustMarshal(t, content))}}
	file.MacData.Mac.Algorithm = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}, Parameters: asn1.NullRawValue}
	file.MacData.Mac.Digest, file.MacData.Salt, file.MacData.Iterations = mac.Sum(nil), salt[:8], iterations
	return mustMarshal(t, file)
}

// TestEmptyPassphrase: an empty passphrase has two spellings, and both count as work.
func TestEmptyPassphrase(t *testing.T) {
	content := mustMarshal(t, []contentInfo{clearPart(t, plainKeyBag(pkcs8Of(t, "ed25519")))})
	for name, test := range map[string]struct {
		password []byte
		runs     uint64
	}{"a 0": {[]byte{0, 0}, 1}, "nothing": {nil, 2}} {
		data := sealSHA1(t, content, test.password, 6)
		f, err := DecodeLimits(data, sshkey.Limits{KDFWork: 6 * test.runs})
		require.NoError(t, err, name)
		_, err = f.Decrypt([]byte{})
		require.NoError(t, err, name)
		if test.runs > 1 {
			f, err = DecodeLimits(data, sshkey.Limits{KDFWork: 11})
			require.NoError(t, err)
			_, err = f.Decrypt([]byte{})
			requireWorkLimit(t, err, 12, 11)
		}
		_, err = f.Decrypt([]byte("x"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
}

// TestCertificateProvesTheKey: if no MAC covers the file a changed byte of an Ed25519 key
// could give another key.
func TestCertificateProvesTheKey(t *testing.T) {
	data := read(t, "plain-ed25519.p12")
	seed := pkcs8Of(t, "ed25519")[16:]
	at := bytes.Index(data, seed)
	require.Positive(t, at)
	for i := range seed {
		damaged := bytes.Clone(data)
		damaged[at+i] ^= 0x10
		_, err := Decode(damaged)
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	}
}

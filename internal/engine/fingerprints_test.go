package engine_test

import (
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asOpenSSL returns the fingerprints that documents of AWS, Oracle and GitHub make with
// openssl, and those of ssh-keygen.
func asOpenSSL(t *testing.T, pem []byte) map[engine.FingerprintKind]string {
	t.Helper()
	digest := func(hash string, data []byte) string {
		text := string(keytest.Run(t, data, "openssl", hash, "-c"))
		_, text, _ = strings.Cut(text, "= ")
		return strings.TrimSpace(text)
	}
	pkcs8 := keytest.Run(t, pem, "openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER")
	spki := keytest.Run(t, pem, "openssl", "pkey", "-pubout", "-outform", "DER")
	base64 := keytest.Run(t, keytest.Run(t, spki, "openssl", "sha256", "-binary"), "openssl", "base64")
	path := keytest.WriteFile(t, t.TempDir(), "key.pub", marshal(t, mustParse(t, pem), engine.Public, false))
	word := func(hash string) string {
		return strings.Fields(string(keytest.Run(t, nil, "ssh-keygen", "-E", hash, "-lf", path)))[1]
	}
	return map[engine.FingerprintKind]string{
		engine.FingerprintSSHSHA256:  word("sha256"),
		engine.FingerprintSSHMD5:     strings.TrimPrefix(word("md5"), "MD5:"),
		engine.FingerprintSPKIMD5:    digest("md5", spki),
		engine.FingerprintPKCS8SHA1:  digest("sha1", pkcs8),
		engine.FingerprintSPKISHA1:   digest("sha1", spki),
		engine.FingerprintSPKISHA256: "SHA256:" + strings.TrimRight(strings.TrimSpace(string(base64)), "="),
	}
}

// TestFingerprintsAsConsoles compares every type with openssl and ssh-keygen, and each way
// in which consoles spell a fingerprint is that of its kind.
func TestFingerprintsAsConsoles(t *testing.T) {
	for _, name := range []string{"rsa2048", "dsa1024", "ecdsa256", "ecdsa521", "ed25519"} {
		pem := keytest.Read(t, "twins", name+".pkcs8.pem")
		key := mustParse(t, pem)
		pub, err := key.Public()
		require.NoError(t, err)
		other := mustParse(t, keytest.Read(t, "twins", "ecdsa384.pem"))
		otherPub, err := other.Public()
		require.NoError(t, err)
		for kind, want := range asOpenSSL(t, pem) {
			assert.Equal(t, want, engine.FingerprintOf(kind, pub, key).Text, "%s %s", name, kind)
			for _, spelled := range spellings(want) {
				wanted, ok := engine.ParseFingerprint(spelled)
				require.True(t, ok, spelled)
				assert.Equal(t, want, wanted.Text)
				got, ok := wanted.Match(pub, key)
				assert.True(t, ok, "%s %s", name, spelled)
				assert.Equal(t, kind, got, "%s %s", name, spelled)
				_, ok = wanted.Match(otherPub, other)
				assert.False(t, ok, "%s %s", name, spelled)
				got, ok = wanted.Match(pub, nil)
				assert.Equal(t, kind != engine.FingerprintPKCS8SHA1, ok, "%s %s without the private half", name, spelled)
				if ok {
					assert.Equal(t, kind, got)
				} else {
					assert.True(t, wanted.NeedsPrivate())
				}
			}
		}
	}
}

func spellings(text string) []string {
	if base64, ok := strings.CutPrefix(text, "SHA256:"); ok {
		url := strings.NewReplacer("+", "-", "/", "_").Replace(base64)
		return []string{text, text + "=", base64, base64 + "=", "sha256:" + base64, "SHA-256: " + base64, " " + text + "\n", url, `"` + text + `",`}
	}
	bare := strings.ReplaceAll(text, ":", "")
	all := []string{text, strings.ToUpper(text), bare, strings.ToUpper(bare), "  " + text + " ", `"` + text + `"`}
	if len(bare) == 32 {
		return append(all, "MD5:"+text, "md5:"+text, "MD5:"+bare, "MD5: "+text)
	}
	return append(all, "SHA1:"+text, "sha-1:"+bare)
}

// TestFingerprintOfMadeKey: the private half of an RSA key may have been written with the
// other prime first or another d since AWS hashed it.
func TestFingerprintOfMadeKey(t *testing.T) {
	pem := keytest.Read(t, "twins", "rsa2048.pem")
	wanted, ok := engine.ParseFingerprint(asOpenSSL(t, pem)[engine.FingerprintPKCS8SHA1])
	require.True(t, ok)
	own := mustParse(t, pem).Private.(*rsa.PrivateKey)
	one, e := big.NewInt(1), big.NewInt(int64(own.E))
	p1, q1 := new(big.Int).Sub(own.Primes[0], one), new(big.Int).Sub(own.Primes[1], one)
	phi := new(big.Int).Mul(p1, q1)
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, p1, q1))
	for _, d := range []*big.Int{new(big.Int).ModInverse(e, phi), new(big.Int).ModInverse(e, lambda)} {
		for _, primes := range [][]*big.Int{{own.Primes[0], own.Primes[1]}, {own.Primes[1], own.Primes[0]}} {
			private, err := rawkey.NewRSA(rawkey.RSANumbers{N: own.N, E: e, D: d, P: primes[0], Q: primes[1]})
			require.NoError(t, err)
			key := &sshkey.Key{Private: private}
			pub, err := key.Public()
			require.NoError(t, err)
			kind, ok := wanted.Match(pub, key)
			assert.True(t, ok)
			assert.Equal(t, engine.FingerprintPKCS8SHA1, kind)
		}
	}
}

func TestParseFingerprintRefuses(t *testing.T) {
	md5 := "02:08:78:e0:62:ba:d6:29:27:e5:24:0a:ce:6c:85:06"
	sha := "nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM"
	for _, text := range []string{
		"", "SHA256:", "MD5:", ":", "key.pem", "SHA256:" + sha[1:], "SHA256:" + sha + "A", sha + "===", "MD5:" + sha, "SHA256:" + md5,
		"SHA1:" + md5, md5[1:], md5 + ":", ":" + md5, md5 + ":00", strings.Replace(md5, ":", "", 1), "02087", strings.Repeat("a", 33),
		"SHA512:" + sha, "abcdefghijklmnopqrstuv", "abcdefghijklmnopqrstuvwxyz0",
	} {
		_, ok := engine.ParseFingerprint(text)
		assert.False(t, ok, text)
	}
	for text, bare := range map[string]bool{md5: false, strings.ReplaceAll(md5, ":", ""): true, sha: true, "SHA256:" + sha: false} {
		wanted, ok := engine.ParseFingerprint(text)
		require.True(t, ok, text)
		assert.Equal(t, bare, wanted.Bare, text)
	}
}

// TestInspectConsoleFingerprints: they are shown of RSA keys alone, and that of the private
// half only where it is not encrypted.
func TestInspectConsoleFingerprints(t *testing.T) {
	want := asOpenSSL(t, keytest.Read(t, "twins", "rsa2048.pem"))
	for name, private := range map[string]bool{
		"rsa2048.pem": true, "rsa2048.v3.ppk": true, "rsa2048.openssh": true, "rsa2048.v3.enc.ppk": false, "rsa2048.pub": false,
	} {
		info, err := engine.Inspect(keytest.Read(t, "twins", name), engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, want[engine.FingerprintSPKIMD5], info.SPKIMD5, name)
		if private {
			assert.Equal(t, want[engine.FingerprintPKCS8SHA1], info.PKCS8SHA1, name)
		} else {
			assert.Empty(t, info.PKCS8SHA1, name)
		}
	}
	for _, name := range []string{"ed25519.pkcs8.pem", "ecdsa256.pem", "dsa1024.pem", "rsa2048.pkcs8.enc.pem"} {
		info, err := engine.Inspect(keytest.Read(t, "twins", name), engine.Limits{})
		require.NoError(t, err)
		assert.Empty(t, info.SPKIMD5+info.PKCS8SHA1, name)
	}
}

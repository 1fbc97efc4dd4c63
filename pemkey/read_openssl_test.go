package pemkey

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// legacyProvider gives access to the algorithms that OpenSSL 3 has retired.
var legacyProvider = []string{"-provider", "legacy", "-provider", "default"}

// opensslForm is one way to write a key with openssl.
type opensslForm struct {
	name string
	args []string // after `openssl`; empty passphrase arguments are added
	enc  string   // what File.Encryption says
	kdf  string   // what File.KDF says
}

// pkcs8Forms are the encryptions of PKCS#8 that openssl writes and this package
// reads.
func pkcs8Forms() []opensslForm {
	var forms []opensslForm
	add := func(enc, kdf string, args ...string) {
		name := strings.Join(args, "")
		forms = append(forms, opensslForm{name, append([]string{"pkcs8", "-topk8"}, args...), enc, kdf})
	}
	for _, bits := range []string{"128", "192", "256"} {
		for _, prf := range []string{"SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512-224", "SHA512-256"} {
			add("aes"+bits+"-cbc", "PBKDF2-HMAC-"+prf, "-v2", "aes-"+bits+"-cbc", "-v2prf", "hmacWith"+prf, "-iter", "1000")
		}
	}
	add("3des-cbc", "PBKDF2-HMAC-SHA256", "-v2", "des3", "-iter", "1000")
	add("3des-cbc", "PBKDF2-HMAC-SHA1", "-v2", "des3", "-v2prf", "hmacWithSHA1", "-iter", "1000")
	add("des-cbc", "PBKDF2-HMAC-SHA256", slices.Concat([]string{"-v2", "des-cbc", "-iter", "1000"}, legacyProvider)...)
	add("aes256-cbc", "scrypt", "-scrypt", "-scrypt_N", "1024", "-scrypt_r", "8", "-scrypt_p", "2")
	add("aes128-cbc", "scrypt", "-v2", "aes-128-cbc", "-scrypt", "-scrypt_N", "16", "-scrypt_r", "1", "-scrypt_p", "1")
	add("3des-cbc", "scrypt", "-v2", "des3", "-scrypt", "-scrypt_N", "512", "-scrypt_r", "3", "-scrypt_p", "3")
	old := func(enc, kdf string, args ...string) {
		add(enc, kdf, slices.Concat(args, []string{"-iter", "1000"}, legacyProvider)...)
	}
	for enc, cipher := range map[string]string{
		"aes128-cfb": "aes-128-cfb", "aes192-cfb": "aes-192-cfb", "aes256-cfb": "aes-256-cfb",
		"aes128-ofb": "aes-128-ofb", "aes192-ofb": "aes-192-ofb", "aes256-ofb": "aes-256-ofb",
		"des-cfb": "des-cfb", "des-ofb": "des-ofb", "camellia128-cbc": "camellia-128-cbc", "camellia256-cbc": "camellia-256-cbc", "aria192-cbc": "aria-192-cbc", "sm4-cbc": "sm4-cbc",
		"blowfish-cbc": "bf-cbc", "cast128-cbc": "cast5-cbc", "rc4": "rc4",
		"seed-cbc": "seed-cbc", "seed-cfb": "seed-cfb", "seed-ofb": "seed-ofb", "aria128-cfb": "aria-128-cfb", "aria192-ofb": "aria-192-ofb", "aria256-ctr": "aria-256-ctr",
		"camellia128-cfb": "camellia-128-cfb", "camellia192-ofb": "camellia-192-ofb", "camellia256-ctr": "camellia-256-ctr", "sm4-ctr": "sm4-ctr", "sm4-cfb": "sm4-cfb", "sm4-ofb": "sm4-ofb",
		"aes128-ecb": "aes-128-ecb", "aria256-ecb": "aria-256-ecb", "camellia192-ecb": "camellia-192-ecb", "sm4-ecb": "sm4-ecb", "seed-ecb": "seed-ecb", "des-ecb": "des-ecb", "2des-ecb": "des-ede",
	} {
		old(enc, "PBKDF2-HMAC-SHA256", "-v2", cipher)
	}
	old("aes128-cbc", "PBKDF2-HMAC-MD5", "-v2", "aes-128-cbc", "-v2prf", "hmacWithMD5")
	for _, cipher := range []string{"rc2-40-cbc", "rc2-64-cbc", "rc2-cbc"} {
		old("rc2-cbc", "PBKDF2-HMAC-SHA256", "-v2", cipher)
	}
	for name, enc := range map[string]string{
		"PBE-SHA1-3DES": "3des-cbc", "PBE-SHA1-2DES": "2des-cbc", "PBE-SHA1-RC2-128": "rc2-128-cbc", "PBE-SHA1-RC2-40": "rc2-40-cbc",
		"PBE-SHA1-RC4-128": "rc4", "PBE-SHA1-RC4-40": "rc4-40",
		"PBE-MD5-DES": "des-cbc", "PBE-SHA1-DES": "des-cbc", "PBE-MD5-RC2-64": "rc2-64-cbc", "PBE-SHA1-RC2-64": "rc2-64-cbc",
	} {
		old(enc, strings.TrimSuffix(name, "-64"), "-v1", name)
	}
	return forms
}

// legacyCiphers are those that openssl encrypts traditional PEM with and that are read.
var legacyCiphers = strings.Fields(`
	AES-128-CBC AES-128-CFB AES-128-CFB1 AES-128-CFB8 AES-128-OFB AES-128-CTR
	AES-192-CBC AES-192-CFB AES-192-CFB1 AES-192-CFB8 AES-192-OFB AES-192-CTR
	AES-256-CBC AES-256-CFB AES-256-CFB1 AES-256-CFB8 AES-256-OFB AES-256-CTR
	DES-CBC DES-CFB DES-CFB1 DES-CFB8 DES-OFB DES-EDE-CBC DES-EDE-CFB DES-EDE-OFB
	DES-EDE3-CBC DES-EDE3-CFB DES-EDE3-CFB1 DES-EDE3-CFB8 DES-EDE3-OFB DESX-CBC
	BF-CBC BF-CFB BF-OFB CAST5-CBC CAST5-CFB CAST5-OFB RC2-CBC RC2-CFB RC2-OFB RC2-64-CBC RC2-40-CBC ChaCha20
	CAMELLIA-128-CBC CAMELLIA-192-CFB CAMELLIA-256-OFB CAMELLIA-256-CTR ARIA-128-CBC ARIA-192-CFB8 ARIA-256-CTR SM4-CBC SM4-CTR SEED-CBC SEED-CFB SEED-OFB`)

// legacyForms are the encryptions of traditional PEM.
func legacyForms() (forms []opensslForm) {
	for _, name := range legacyCiphers {
		args := append([]string{"pkey", "-traditional", "-" + name}, legacyProvider...)
		forms = append(forms, opensslForm{name, args, strings.ToUpper(name), "MD5"})
	}
	return forms
}

// sample returns a few forms, others each time.
func sample(forms []opensslForm) []opensslForm {
	rand.Shuffle(len(forms), func(i, j int) { forms[i], forms[j] = forms[j], forms[i] })
	return forms[:8]
}

func TestReadOpenSSL(t *testing.T) {
	for _, kt := range keytest.Some(3, opensslTypes) {
		t.Run(kt.name, func(t *testing.T) {
			t.Parallel()
			made := newOpenSSLKey(t, kt.name)
			plain := mustParse(t, made.pem, "")
			assertPublic(t, made.public, plain)
			forms := pkcs8Forms()
			if kt.name != "rsa1024" && kt.name != "ed25519" || quick() { // every form with two types is enough
				forms = sample(forms)
			}
			if !strings.HasPrefix(kt.name, "ed") {
				legacy := legacyForms()
				if kt.name != "rsa1024" || quick() {
					legacy = sample(legacy)
				}
				forms = append(forms, legacy...)
				file := keytest.Run(t, made.pem, "openssl", "pkey", "-traditional")
				assertSame(t, plain, mustParse(t, file, ""))
			}
			for _, form := range forms {
				file := keytest.Run(t, made.pem, "openssl", append(form.args, "-passout", "pass:"+passphrase)...)
				f, err := Decode(file)
				require.NoError(t, err, form.name)
				assert.Equal(t, form.enc, f.Encryption, form.name)
				assert.Equal(t, form.kdf, f.KDF.Name, form.name)
				assert.Positive(t, f.KDF.Rounds, form.name)
				assertSame(t, plain, mustParse(t, file, passphrase))
			}
		})
	}
}

func TestReadOpenSSLParametersFirst(t *testing.T) {
	for _, curve := range []string{"prime256v1", "secp384r1", "secp521r1"} {
		file := keytest.Run(t, nil, "openssl", "ecparam", "-genkey", "-name", curve)
		assert.Contains(t, string(file), "BEGIN EC PARAMETERS")
		f, err := Decode(file)
		require.NoError(t, err)
		assert.Equal(t, "EC PRIVATE KEY", f.Label)
		assert.Equal(t, 4, f.Line, "the line of the key, not of the parameters")
		key := mustParse(t, file, "")
		assertPublic(t, opensslPublic(t, file), key)
	}
}

// TestReadOpenSSLPassphrases: PBES1 of PKCS#12 encodes the passphrase in its own way.
func TestReadOpenSSLPassphrases(t *testing.T) {
	made := newOpenSSLKey(t, "ecdsa256")
	plain := mustParse(t, made.pem, "")
	forms := [][]string{
		{"pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-iter", "3"},
		{"pkcs8", "-topk8", "-v2", "aes-128-cbc", "-iter", "3"},
		{"pkey", "-traditional", "-aes128"},
	}
	for _, pass := range []string{"x", "pässwörd", "漢字", "\U0001F511 key", "\xe9t\xe9", strings.Repeat("long ", 40)} {
		for _, form := range forms {
			path := passphraseFile(t, pass+"\n")
			file := keytest.Run(t, made.pem, "openssl", append(form, "-passout", "file:"+path)...)
			assertSame(t, plain, mustParse(t, file, pass))
		}
	}
}

// TestReadOpenSSLUnsupported: the error names what is not supported, before a passphrase is
// needed.
func TestReadOpenSSLUnsupported(t *testing.T) {
	made := newOpenSSLKey(t, "ecdsa256")
	for name, args := range map[string][]string{
		"2.16.840.1.101.3.4.1.8": {"pkcs8", "-topk8", "-v2", "id-aes128-wrap-pad"},
	} {
		file := keytest.Run(t, made.pem, "openssl", slices.Concat(args, []string{"-passout", "pass:x"}, legacyProvider)...)
		_, err := Parse(file)
		requireUnsupported(t, err, name)
		_, err = Decode(file)
		requireUnsupported(t, err, name)
	}
}

package pemkey

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/pbkdf2"
)

// pkcs8Of builds a PrivateKeyInfo of version v with anything after the key.
func pkcs8Of(v int64, oid string, params, private []byte, after ...[]byte) []byte {
	return seq(number(v), seq(oidDER(oid), params), tlv(der.TagOctets, 0, private), bytes.Join(after, nil))
}

func TestPKCS8Versions(t *testing.T) {
	key := twinKey(t, "ed25519").Private.(ed25519.PrivateKey)
	seed, public := key[:32], key[32:]
	private := der.MustMarshal([]byte(seed))
	publicBits := tlv(der.TagImplicit1, 0, []byte{0}, public)
	attributes := tlv(der.TagExplicit0, 0, seq(oidDER("1.2.840.113549.1.9.20"), tlv(der.TagSet, 0, []byte{0x1e, 2, 0, 'k'})))
	for name, der := range map[string][]byte{
		"version 0":                      pkcs8Of(0, oidEd25519, nil, private),
		"version 0 with attributes":      pkcs8Of(0, oidEd25519, nil, private, attributes),
		"version 1":                      pkcs8Of(1, oidEd25519, nil, private),
		"version 1 with public key":      pkcs8Of(1, oidEd25519, nil, private, publicBits),
		"version 1 with both":            pkcs8Of(1, oidEd25519, nil, private, attributes, publicBits),
		"version 0 with public key":      pkcs8Of(0, oidEd25519, nil, private, publicBits),
		"NULL parameters":                pkcs8Of(0, oidEd25519, []byte{5, 0}, private),
		"public key with a tag too many": pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0, []byte{0}, public))),
	} {
		got, err := Parse(pemOf("PRIVATE KEY", der))
		require.NoError(t, err, name)
		assertSame(t, twinKey(t, "ed25519"), got)
	}
	other := bytes.Clone(public)
	other[0] ^= 1
	for name, der := range map[string][]byte{
		"another public key, tagged": pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagExplicit1, 0, tlv(der.TagBitString, 0, []byte{0}, other))),
		"another public key":         pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagImplicit1, 0, []byte{0}, other)),
		"short public key":           pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagImplicit1, 0, []byte{0}, public[1:])),
		"empty public key":           pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagImplicit1, 0, []byte{0})),
		"short seed":                 pkcs8Of(0, oidEd25519, nil, der.MustMarshal([]byte(seed[1:]))),
		"seed and another key":       pkcs8Of(0, oidEd25519, nil, der.MustMarshal(append([]byte(seed), other...))),
		"seed of Ed448":              pkcs8Of(0, oidEd25519, nil, der.MustMarshal(make([]byte, ed448.SeedSize))),
		"Ed448 of 32 bytes":          pkcs8Of(0, oidEd448, nil, private),
	} {
		_, err := Parse(pemOf("PRIVATE KEY", der))
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), name)
	}
	for name, der := range map[string][]byte{
		"nine unused bits":      pkcs8Of(1, oidEd25519, nil, private, tlv(der.TagImplicit1, 0, []byte{9}, public)),
		"no octets in octets":   pkcs8Of(0, oidEd25519, nil, seed),
		"empty":                 pkcs8Of(0, oidEd25519, nil, nil),
		"no algorithm":          seq(number(0), seq(), tlv(der.TagOctets, 0, private)),
		"no private key":        seq(number(0), seq(oidDER(oidEd25519))),
		"bad identifier":        seq(number(0), seq([]byte{der.TagOID, 1, 0x80}), tlv(der.TagOctets, 0, private)),
		"a long identifier":     seq(number(0), seq(tlv(der.TagOID, 0, bytes.Repeat([]byte{1}, 200))), tlv(der.TagOctets, 0, private)),
		"RSA with DSA inside":   pkcs8Of(0, oidRSA, []byte{5, 0}, derOf(t, keytest.Read(t, "twins", "dsa1024.pem"))),
		"RSA with Ed25519":      pkcs8Of(0, oidRSA, []byte{5, 0}, private),
		"EC with Ed25519":       pkcs8Of(0, oidEC, oidDER(curveOIDs.Get()["nistp256"]), private),
		"DSA without numbers":   pkcs8Of(0, oidDSA, []byte{5, 0}, number(3)),
		"EC without parameters": pkcs8Of(0, oidEC, nil, private),
	} {
		_, err := Parse(pemOf("PRIVATE KEY", der))
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.SyntaxError), name)
	}
	_, err := Parse(pemOf("PRIVATE KEY", pkcs8Of(2, oidEd25519, nil, private)))
	requireUnsupported(t, err, "version 2 of PKCS#8")
	_, err = Parse(pemOf("PRIVATE KEY", pkcs8Of(0, "2.16.840.1.101.3.4.3.17", nil, private)))
	requireUnsupported(t, err, "an ML-DSA-44 key")
	_, err = Parse(pemOf("PRIVATE KEY", pkcs8Of(0, oidDSA, der.MustMarshal([]*big.Int{new(big.Int).Lsh(big.NewInt(1), 20000), big.NewInt(3), big.NewInt(3)}), number(2))))
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

// TestUnsupportedAlgorithms are keys that openssl makes and SSH has no type for.
func TestUnsupportedAlgorithms(t *testing.T) {
	genpkey := func(args ...string) []string { return append([]string{"genpkey", "-algorithm"}, args...) }
	ecparam := func(args ...string) []string { return append([]string{"ecparam", "-genkey", "-name"}, args...) }
	for name, args := range map[string][]string{
		"X25519":                     genpkey("X25519"),
		"X448":                       genpkey("X448"),
		"RSA-PSS":                    genpkey("RSA-PSS", "-pkeyopt", "rsa_keygen_bits:1024"),
		"Diffie-Hellman":             genpkey("DH", "-pkeyopt", "group:modp_2048"),
		"a Diffie-Hellman key":       genpkey("DHX", "-pkeyopt", "group:dh_2048_256"),
		"P-224":                      ecparam("secp224r1"),
		"P-192":                      ecparam("prime192v1"),
		"secp256k1":                  ecparam("secp256k1"),
		"brainpoolP256r1":            ecparam("brainpoolP256r1"),
		"brainpoolP384r1":            ecparam("brainpoolP384r1", "-noout"),
		"brainpoolP512r1":            genpkey("EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP512r1"),
		"secp160k1":                  ecparam("secp160k1"),
		"1.3.132.0.6":                ecparam("secp112r1"),
		"explicit parameters":        ecparam("secp256k1", "-param_enc", "explicit"),
		"given by its explicit":      ecparam("secp224r1", "-param_enc", "explicit", "-noout"),
		"explicit parameters, other": genpkey("EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1", "-pkeyopt", "ec_param_enc:explicit"),
	} {
		_, err := Decode(keytest.Run(t, nil, "openssl", args...))
		requireDocumented(t, err)
		requireUnsupported(t, err, name)
		// In an encrypted file only the right passphrase shows it, and is not called wrong.
		plain := keytest.Run(t, nil, "openssl", args...)
		file := keytest.Run(t, plain, "openssl", "pkcs8", "-topk8", "-iter", "1", "-passout", "pass:x")
		_, err = ParseWithPassphrase(file, []byte("x"))
		requireUnsupported(t, err, "")
	}
}

// TestPBES2GCM: openssl 3.0 does not write AES-GCM, so the test builds the file from RFC
// 8018 appendix B.2 and RFC 5084 section 3.2.
func TestPBES2GCM(t *testing.T) {
	inner := derOf(t, keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	salt, nonce := []byte("saltsalt"), []byte("nonce nonce ")
	for oid, size := range map[string]int{"2.16.840.1.101.3.4.1.6": 16, "2.16.840.1.101.3.4.1.26": 24, "2.16.840.1.101.3.4.1.46": 32} {
		for _, tagSize := range []int{12, 13, 16} {
			gcm, err := cipher.NewGCMWithTagSize(must(aes.NewCipher(pbkdf2.Key([]byte("x"), salt, 10, size, sha256.New))), tagSize)
			require.NoError(t, err)
			params := seq(tlv(der.TagOctets, 0, nonce), number(int64(tagSize)))
			if tagSize == 12 { // the default, which DER leaves out
				params = seq(tlv(der.TagOctets, 0, nonce))
			}
			kdf := seq(oidDER(oidPBKDF2), seq(der.MustMarshal(salt), number(10), seq(oidDER(oidHMACSHA256), []byte{5, 0})))
			build := func(encrypted []byte) []byte {
				info := seq(seq(oidDER(oidPBES2), seq(kdf, seq(oidDER(oid), params))), tlv(der.TagOctets, 0, encrypted))
				return pemOf("ENCRYPTED PRIVATE KEY", info)
			}
			encrypted := gcm.Seal(nil, nonce, inner, nil)
			assertSame(t, twinKey(t, "ed25519"), mustParse(t, build(encrypted), "x"))
			_, err = ParseWithPassphrase(build(encrypted), []byte("y"))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			for i := range encrypted {
				damaged := bytes.Clone(encrypted)
				damaged[i] ^= 0x10
				_, err = ParseWithPassphrase(build(damaged), []byte("x"))
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			}
			_, err = Parse(build(encrypted[:tagSize-1]))
			requireSyntax(t, err, 1, "the authentication tag is missing")
		}
	}
}

// TestPBES2Damaged takes elements out of a file, and changes each byte.
func TestPBES2Damaged(t *testing.T) {
	for _, name := range []string{"ed25519.pkcs8.enc.pem", "ed25519.pkcs8.scrypt.pem", "ed25519.pkcs8.pbe-sha1-3des.pem"} {
		der := derOf(t, keytest.Read(t, "twins", name))
		tight := sshkey.Limits{KDFWork: 4096, KDFMemory: 1024}
		step := len(der) / times(len(der))
		for i := 0; i < len(der); i += step {
			_, err := Decode(pemOf("ENCRYPTED PRIVATE KEY", der[:i]))
			requireSyntax(t, err, 1, "")
			for _, change := range []byte{1, 0x80, 0xff} {
				damaged := bytes.Clone(der)
				damaged[i] ^= change
				f, err := DecodeLimits(pemOf("ENCRYPTED PRIVATE KEY", damaged), tight)
				if err == nil {
					_, err = f.Decrypt([]byte(passphrase))
				}
				if err != nil { // a change in the seed gives another key
					requireDocumented(t, err)
				}
			}
		}
	}
	f, err := Decode(keytest.Read(t, "twins", "ed25519.pkcs8.hmacWithSHA1.pem"))
	require.NoError(t, err)
	assert.Equal(t, "PBKDF2-HMAC-SHA1", f.KDF.Name, "the function that is meant where none is named")
}

package pemkey

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand"
	"testing"

	"github.com/keyconv/keyconv/internal/der"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/pbes"
	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/pbkdf2"
)

// sealBlocks encrypts a whole number of blocks, whatever their padding.
func sealBlocks(t testing.TB, block cipher.Block, iv, padded []byte) []byte {
	t.Helper()
	out := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, padded)
	return out
}

// pbes2Around encrypts a padded key with the passphrase "x" and one iteration.
func pbes2Around(t testing.TB, padded []byte) []byte {
	t.Helper()
	salt, iv := []byte("saltsalt"), []byte("0123456789abcdef")
	block := must(aes.NewCipher(pbkdf2.Key([]byte("x"), salt, 1, 16, sha256.New)))
	kdf := seq(oidDER(oidPBKDF2), seq(der.MustMarshal(salt), number(1), seq(oidDER(oidHMACSHA256), []byte{5, 0})))
	encryption := seq(oidDER(cipherAES128), der.MustMarshal(iv))
	return pemOf("ENCRYPTED PRIVATE KEY", seq(seq(oidDER(oidPBES2), seq(kdf, encryption)), der.MustMarshal(sealBlocks(t, block, iv, padded))))
}

// pbes1Around encrypts with PBE-MD5-DES and one iteration.
func pbes1Around(t testing.TB, padded []byte) []byte {
	t.Helper()
	salt := []byte("saltsalt")
	derived := md5.Sum(append([]byte("x"), salt...))
	encrypted := sealBlocks(t, must(des.NewCipher(derived[:8])), derived[8:], padded)
	return pemOf("ENCRYPTED PRIVATE KEY", seq(seq(oidDER("1.2.840.113549.1.5.3"), seq(der.MustMarshal(salt), number(1))), der.MustMarshal(encrypted)))
}

// legacyAround encrypts as `openssl rsa -aes128` does.
func legacyAround(t testing.TB, padded []byte) []byte {
	t.Helper()
	iv := []byte("0123456789abcdef")
	key := md5.Sum(append([]byte("x"), iv[:8]...))
	encrypted := sealBlocks(t, must(aes.NewCipher(key[:])), iv, padded)
	return pemblock.Encode(labelDSA, []string{"Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC," + hex.EncodeToString(iv)}, encrypted)
}

// TestPaddingIsChecked: every byte of the padding must be right. Otherwise the passphrase is
// wrong. The form of RFC 1421 has keys of all kinds.
func TestPaddingIsChecked(t *testing.T) {
	pkcs8 := derOf(t, keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	dsa := derOf(t, keytest.Read(t, "twins", "dsa1024.pem"))
	for name, test := range map[string]struct {
		around    func(testing.TB, []byte) []byte
		der       []byte
		blockSize int
	}{
		"PBES2":      {pbes2Around, pkcs8, 16},
		"PBES1":      {pbes1Around, pkcs8, 8},
		"legacy":     {legacyAround, dsa, 16},
		"legacy, 25": {legacyAround, pkcs8, 16},
	} {
		t.Run(name, func(t *testing.T) {
			wrong := func(padded []byte, what string, args ...any) {
				t.Helper()
				_, err := ParseWithPassphrase(test.around(t, padded), []byte("x"))
				require.Equal(t, "pemkey: "+sshkey.ErrIncorrectPassphrase.Error(), fmt.Sprint(err), what, args)
			}
			n := test.blockSize - len(test.der)%test.blockSize
			padded := append(bytes.Clone(test.der), bytes.Repeat([]byte{byte(n)}, n)...)
			mustParse(t, test.around(t, padded), "x")
			for i := len(test.der); i < len(padded); i++ {
				for value := range 256 {
					if value != n {
						damaged := bytes.Clone(padded)
						damaged[i] = byte(value)
						wrong(damaged, "byte %d is %d", i, value)
					}
				}
			}
			wrong(append(bytes.Clone(padded), bytes.Repeat([]byte{byte(test.blockSize)}, test.blockSize)...), "padded twice")
			wrong(append(bytes.Clone(test.der), bytes.Repeat([]byte{byte(n + test.blockSize)}, n+test.blockSize)...), "longer than a block")
			wrong(append(bytes.Clone(test.der), make([]byte, n)...), "zeros")
		})
	}
}

// TestWholeBlocksArePadded: a key that fills its blocks gets one more.
func TestWholeBlocksArePadded(t *testing.T) {
	pkcs8 := derOf(t, keytest.Read(t, "twins", "ed25519.pkcs8.pem"))
	require.Zero(t, len(pkcs8)%16)
	_, err := ParseWithPassphrase(pbes2Around(t, pkcs8), []byte("x"))
	require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	mustParse(t, pbes2Around(t, append(bytes.Clone(pkcs8), bytes.Repeat([]byte{16}, 16)...)), "x")
}

// TestWrongLetter changes one letter of an encrypted key whose file has no public
// half. If that makes another key openssl reads it too: nothing in the file could show
// it.
func TestWrongLetter(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	random := rand.New(rand.NewSource(4))
	for _, name := range []string{"ed25519", "ed448", "dsa1024"} {
		key := keytest.Type(t, name).New(t)
		der := marshalPKCS8(key.Private)
		text := pbes2Around(t, pbes.Pad(der, 16))
		tried, others := 0, 0
		for i := bytes.IndexByte(text, '\n') + 1; i < bytes.Index(text, []byte("\n-----END")); i++ {
			for range max(1, times(20)/10) {
				damaged := bytes.Clone(text)
				if damaged[i] = letters[random.Intn(len(letters))]; damaged[i] == text[i] || text[i] == '\n' || text[i] == '=' {
					continue
				}
				tried++
				f, err := DecodeLimits(damaged, sshkey.Limits{KDFWork: 1000})
				if err != nil {
					continue
				}
				other, err := f.Decrypt([]byte("x"))
				if err != nil || other.Equal(key) {
					continue
				}
				others++
				_, err = keytest.RunError(t, damaged, "openssl", "pkey", "-passin", "pass:x", "-noout")
				require.NoError(t, err, "%s: letter %d is read as another key, and openssl refuses it:\n%s", name, i, damaged)
			}
		}
		t.Logf("%s: %d of %d single letters give another key, openssl takes all of them", name, others, tried)
		assert.Less(t, others, tried/2)
	}
}

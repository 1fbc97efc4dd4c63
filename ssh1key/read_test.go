package ssh1key

import (
	"bytes"
	"crypto/rsa"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// dumped are the numbers of a key as puttygen --dump shows them.
func dumped(t testing.TB, dump []byte) map[string]*big.Int {
	t.Helper()
	numbers := map[string]*big.Int{}
	for line := range strings.Lines(string(dump)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if x, ok := new(big.Int).SetString(value, 0); ok {
			numbers[name] = x
		}
	}
	require.Len(t, numbers, 6)
	return numbers
}

func assertNumbers(t testing.TB, dump []byte, key *sshkey.Key) {
	t.Helper()
	want := dumped(t, dump)
	private := key.Private.(*rsa.PrivateKey)
	for name, have := range map[string]*big.Int{
		"public_modulus": private.N, "public_exponent": big.NewInt(int64(private.E)), "private_exponent": private.D,
		"private_p": private.Primes[0], "private_q": private.Primes[1], "private_inverse_q_mod_p": private.Precomputed.Qinv,
	} {
		assert.Zero(t, want[name].Cmp(have), name)
	}
	require.NoError(t, key.Validate())
}

func TestPlain(t *testing.T) {
	for _, twin := range twins {
		data := read(t, twin.name+".key")
		f, err := Decode(data)
		require.NoError(t, err)
		assert.Equal(t, twin.comment, f.Comment)
		assert.Equal(t, "none", f.Encryption)
		assert.False(t, f.Encrypted())
		for _, pass := range []string{"", "ignored"} {
			key, err := ParseWithPassphrase(data, []byte(pass))
			require.NoError(t, err)
			assertNumbers(t, read(t, twin.name+".dump"), key)
			assert.Equal(t, twin.comment, key.Comment)
			pub, err := key.Public()
			require.NoError(t, err)
			assert.Equal(t, pub.Marshal(), f.PublicKey.Marshal())
			assert.Equal(t, ssh.KeyAlgoRSA, pub.Type())
		}
	}
}

func TestEncrypted(t *testing.T) {
	for _, twin := range twins {
		data := read(t, twin.name+".enc.key")
		f, err := Decode(data)
		require.NoError(t, err)
		assert.Equal(t, twin.comment, f.Comment)
		assert.Equal(t, "3des", f.Encryption)
		assert.True(t, f.Encrypted())
		key, err := ParseWithPassphrase(data, []byte(passphrase))
		require.NoError(t, err)
		assertNumbers(t, read(t, twin.name+".dump"), key)
		assert.Equal(t, twin.comment, key.Comment)

		var missing *sshkey.PassphraseMissingError
		_, err = Parse(data)
		requireDocumented(t, err)
		require.ErrorAs(t, err, &missing)
		assert.Equal(t, f.PublicKey.Marshal(), missing.PublicKey.Marshal())
	}
}

// TestPuttygen reads new keys of puttygen, plain and encrypted.
func TestPuttygen(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ name, passphrase, comment string }{
		{"plain", "", "new key"},
		{"encrypted", "x", ""},
		{"long", strings.Repeat("long ", 50) + "ö", "a comment"},
	} {
		pass := keytest.WriteFile(t, dir, "pass", []byte(test.passphrase+"\n"))
		path := filepath.Join(dir, test.name)
		keytest.Run(t, nil, "puttygen", "-q", "-t", "rsa1", "-b", "1024", "-C", test.comment, "-o", path, "--new-passphrase", pass)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		dump := keytest.Run(t, nil, "puttygen", path, "--dump", "--old-passphrase", pass)
		key, err := ParseWithPassphrase(data, []byte(test.passphrase))
		require.NoError(t, err)
		assertNumbers(t, dump, key)
		assert.Equal(t, test.comment, key.Comment)
	}
}

// TestDecryptChangesNothing: neither the input nor the File.
func TestDecryptChangesNothing(t *testing.T) {
	data := read(t, "rsa1024.enc.key")
	before := bytes.Clone(data)
	f, err := Decode(data)
	require.NoError(t, err)
	clear(data)
	for range 2 {
		_, err = f.Decrypt([]byte("wrong"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		_, err = f.Decrypt([]byte(passphrase))
		require.NoError(t, err)
	}
	_, err = ParseWithPassphrase(before, []byte(passphrase))
	require.NoError(t, err)
	assert.Equal(t, read(t, "rsa1024.enc.key"), before)
}

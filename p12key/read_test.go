package p12key

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestOpenSSL reads what OpenSSL wrote: each key type, cipher and MAC.
func TestOpenSSL(t *testing.T) {
	for _, r := range readable(t) {
		t.Run(r.name, func(t *testing.T) {
			f, err := Decode(r.data)
			require.NoError(t, err)
			assert.Equal(t, r.encryption, f.Encryption)
			assert.Equal(t, r.encryption != "none", f.Encrypted())
			key, err := f.Decrypt([]byte(r.passphrase))
			require.NoError(t, err)
			assert.True(t, twinKey(t, r.keyType).Equal(key), "got %v", key)
			assert.Equal(t, rawkey.DefaultComment, key.Comment)
			require.NoError(t, key.Validate())
			again, err := ParseWithPassphrase(r.data, []byte(r.passphrase))
			require.NoError(t, err)
			assert.True(t, key.Equal(again))
		})
	}
}

func TestKDF(t *testing.T) {
	for name, want := range map[string]KDF{
		"rsa2048.p12":       {"PBKDF2-HMAC-SHA256", 2048},
		"aes192.p12":        {"PBKDF2-HMAC-SHA256", 1000},
		"legacy.p12":        {"PBE-SHA1-3DES", 2048},
		"legacy-rc2.p12":    {"PBE-SHA1-RC2-128", 2048},
		"legacy-rc2-40.p12": {"PBE-SHA1-RC2-40", 1},
		"plain-mac.p12":     {"PKCS12-SHA256", 2048},
	} {
		f, err := Decode(read(t, name))
		require.NoError(t, err)
		assert.Equal(t, &want, f.KDF, name)
		assert.Nil(t, f.PublicKey, name)
	}
}

func TestRefused(t *testing.T) {
	seen := 0
	for _, r := range manifest(t) {
		want, ok := refused[r.name]
		if !ok {
			continue
		}
		seen++
		f, err := Decode(r.data)
		assert.Equal(t, want.decoded, err == nil, r.name)
		if err == nil {
			_, err = f.Decrypt([]byte(r.passphrase))
		}
		requireDocumented(t, err)
		require.ErrorAs(t, err, want.as, r.name)
		require.ErrorContains(t, err, want.message)
		require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
	assert.Len(t, refused, seen)
}

// TestPlain: a file without a passphrase shows its public key and ignores any passphrase.
func TestPlain(t *testing.T) {
	for _, name := range []string{"plain.p12", "plain-ed25519.p12"} {
		data := read(t, name)
		f, err := Decode(data)
		require.NoError(t, err)
		assert.Nil(t, f.KDF)
		for _, pass := range []string{"", "ignored", "\U0001F511"} {
			key, err := f.Decrypt([]byte(pass))
			require.NoError(t, err)
			pub, err := key.Public()
			require.NoError(t, err)
			assert.Equal(t, f.PublicKey.Marshal(), pub.Marshal())
		}
		_, err = Parse(data)
		require.NoError(t, err)
	}
}

func TestPassphraseMissing(t *testing.T) {
	for _, r := range readable(t) {
		if r.encryption == "none" {
			continue
		}
		_, err := Parse(r.data)
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError), r.name)
		require.ErrorAs(t, err, new(*ssh.PassphraseMissingError), r.name)
	}
}

// TestWrongThenRight: the same File opens after any number of wrong tries, and
// neither it nor the input is changed.
func TestWrongThenRight(t *testing.T) {
	for _, r := range readable(t) {
		if r.encryption == "none" {
			continue
		}
		before := bytes.Clone(r.data)
		f, err := Decode(r.data)
		require.NoError(t, err)
		for _, pass := range []string{"x", passphrase + "\n", "Correct horse", "\xff", "", r.passphrase} {
			_, err = f.Decrypt([]byte(pass))
			if pass == r.passphrase {
				require.NoError(t, err, r.name)
				continue
			}
			require.EqualError(t, err, "p12key: wrong passphrase, or the file is damaged", "%s, %q", r.name, pass)
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			require.ErrorIs(t, err, x509.IncorrectPasswordError)
		}
		require.Equal(t, before, r.data)
		clear(r.data)
		_, err = f.Decrypt([]byte(r.passphrase))
		require.NoError(t, err, "the File shares memory with the input")
	}
}

func TestManyWrongPassphrases(t *testing.T) {
	f, err := Decode(seal(t, contentOf(t, read(t, "ecdsa256.p12")), passphrase, 1))
	require.NoError(t, err)
	for i := range 2000 {
		_, err = f.Decrypt(fmt.Appendf(nil, "wrong %d", i))
		require.EqualError(t, err, "p12key: wrong passphrase, or the file is damaged")
	}
	_, err = f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
}

// TestPassphraseBeyondUCS2: like OpenSSL, which writes a character beyond U+FFFF as two
// units of UTF-16.
func TestPassphraseBeyondUCS2(t *testing.T) {
	const pass = "key \U0001F511"
	pem := keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	for _, args := range [][]string{{}, {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "NONE", "-macalg", "sha1"}} {
		data := keytest.Run(t, pem, "openssl", append([]string{"pkcs12", "-export", "-nocerts", "-inkey", "/dev/stdin", "-passout", "pass:" + pass}, args...)...)
		key, err := ParseWithPassphrase(data, []byte(pass))
		require.NoError(t, err)
		assert.True(t, twinKey(t, "ecdsa256").Equal(key))
		_, err = ParseWithPassphrase(data, []byte("key"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	}
}

// TestPBMAC1 reads the MAC of RFC 9579.
func TestPBMAC1(t *testing.T) {
	data := seal(t, contentOf(t, read(t, "plain-mac.p12")), passphrase, 1)
	f, err := Decode(data)
	require.NoError(t, err)
	assert.Equal(t, "MAC only", f.Encryption)
	assert.Equal(t, &KDF{"PBKDF2-HMAC-SHA256", 1}, f.KDF)
	key, err := f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
	assert.True(t, twinKey(t, "ecdsa256").Equal(key))
}

// TestKeyWithAnotherPassphrase: in Java the key and the file may have different ones.
func TestKeyWithAnotherPassphrase(t *testing.T) {
	data := seal(t, contentOf(t, read(t, "plain-certificate.p12")), "another", 1)
	_, err := ParseWithPassphrase(data, []byte("another"))
	requireDocumented(t, err)
	require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
}

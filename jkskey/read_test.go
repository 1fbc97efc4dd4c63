package jkskey

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/p12key"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const passphrase = keytest.Passphrase

func read(t testing.TB, name string) []byte {
	t.Helper()
	return keytest.Read(t, "jks", name)
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// twinKey returns the key that all files of one type hold.
func twinKey(t testing.TB, keyType string) *sshkey.Key {
	t.Helper()
	key, err := pemkey.Parse(keytest.Read(t, "twins", keyType+".pkcs8.pem"))
	require.NoError(t, err)
	return key
}

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "jkskey: "), "%q", err)
	documented := errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError))
	require.True(t, documented, "%T %v", err, err)
}

// stores are the keystores of testdata/jks, with the types of their keys in any order.
var stores = map[string][]string{
	"rsa2048.jks": {"rsa2048"}, "ecdsa256.jks": {"ecdsa256"}, "ecdsa384.jks": {"ecdsa384"}, "ecdsa521.jks": {"ecdsa521"},
	"ed25519.jks": {"ed25519"}, "dsa1024.jks": {"dsa1024"}, "several.jks": {"rsa2048", "ed25519", "ecdsa384"},
	"rsa2048.jceks": {"rsa2048"}, "several.jceks": {"ed25519", "ecdsa256"}, "key-password.jks": {"ecdsa256"},
}

// TestTwins: every key of every keystore is found, and its public half without the
// passphrase, where x/crypto/ssh has the type.
func TestTwins(t *testing.T) {
	for name, types := range stores {
		data := read(t, name)
		require.True(t, IsKeystore(data))
		f, err := Decode(data)
		require.NoError(t, err, name)
		require.Equal(t, len(types), f.Keys, name)
		pass := map[bool]string{true: "other horse", false: passphrase}[name == "key-password.jks"]
		found := 0
		for i := range f.Keys {
			picked, err := f.Pick(i)
			require.NoError(t, err)
			require.True(t, picked.Encrypted())
			if strings.HasSuffix(name, ".jceks") {
				assert.Equal(t, "PBE-MD5-3DES", picked.Encryption)
				assert.Greater(t, picked.KDF.Rounds, uint64(1000))
			} else {
				assert.Equal(t, KDF{"JKS-SHA1", 1}, picked.KDF)
			}
			key, err := picked.Decrypt([]byte(pass))
			require.NoError(t, err, name)
			require.NoError(t, key.Validate())
			pub, err := key.Public()
			require.NoError(t, err)
			require.NotNil(t, picked.PublicKey, name)
			assert.Equal(t, pub.Marshal(), picked.PublicKey.Marshal())
			for _, keyType := range types {
				if twinKey(t, keyType).Equal(key) {
					found++
				}
			}
			for _, wrong := range []string{"", "correct horse ", "wrong"} {
				_, err := picked.Decrypt([]byte(wrong))
				requireDocumented(t, err)
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
			}
		}
		assert.Equal(t, len(types), found, name)
		if name == "key-password.jks" {
			_, err := f.Decrypt([]byte(passphrase))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			require.ErrorContains(t, err, "the key in it has one of its own")
		}
		_, err = Parse(data)
		requireDocumented(t, err)
		require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
		for _, index := range []int{-1, f.Keys} {
			_, err := f.Pick(index)
			requireDocumented(t, err)
		}
	}
}

// keytool runs keytool without the compiler and the threads that pay for longer programs.
func keytool(t *testing.T, args ...string) {
	t.Helper()
	keytest.Run(t, nil, "keytool", append([]string{"-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"}, args...)...)
}

// keystore returns a keystore that keytool makes, with new keys.
func keystore(t *testing.T, path, pass string) []byte {
	t.Helper()
	for _, algorithm := range [][]string{{"RSA", "-keysize", "2048"}, {"EC", "-groupname", "secp256r1"}, {"Ed25519"}} {
		keytool(t, append([]string{
			"-J-Dfile.encoding=UTF-8", "-J-Dsun.jnu.encoding=UTF-8", "-genkeypair", "-alias", algorithm[0], "-storetype", "JKS",
			"-keystore", path, "-storepass", pass, "-keypass", pass, "-dname", "CN=x", "-keyalg",
		}, algorithm...)...)
	}
	return readFile(t, path)
}

// keysOf decrypts all keys of a file.
func keysOf(t *testing.T, count int, decrypt func(i int) (*sshkey.Key, error)) (keys []*sshkey.Key) {
	t.Helper()
	for i := range count {
		key, err := decrypt(i)
		require.NoError(t, err)
		keys = append(keys, key)
	}
	return keys
}

// TestJudge: keytool makes a PKCS#12 file of a keystore, which holds the same keys.
func TestJudge(t *testing.T) {
	if keytest.Sampled() {
		t.Skip("starts a Java machine for each key: make test does")
	}
	keytest.Tool(t, "keytool")
	dir := t.TempDir()
	store, converted := filepath.Join(dir, "a.jks"), filepath.Join(dir, "a.p12")
	ours, err := Decode(keystore(t, store, passphrase))
	require.NoError(t, err)
	keytool(t, "-importkeystore", "-noprompt", "-srckeystore", store,
		"-srcstorepass", passphrase, "-destkeystore", converted, "-deststorepass", passphrase, "-deststoretype", "PKCS12")
	theirs, err := p12key.Decode(readFile(t, converted))
	require.NoError(t, err)
	require.Equal(t, 3, ours.Keys)
	require.Equal(t, 3, theirs.Keys)
	keys := keysOf(t, 3, func(i int) (*sshkey.Key, error) {
		f, err := theirs.Pick(i)
		require.NoError(t, err)
		return f.Decrypt([]byte(passphrase))
	})
	for _, key := range keysOf(t, 3, func(i int) (*sshkey.Key, error) {
		f, err := ours.Pick(i)
		require.NoError(t, err)
		return f.Decrypt([]byte(passphrase))
	}) {
		assert.True(t, slices.ContainsFunc(keys, func(other *sshkey.Key) bool { return other.Equal(key) }))
	}
}

// TestPassphrases: a JKS allows letters outside of ASCII. The certificate proves the key.
func TestPassphrases(t *testing.T) {
	keytest.Tool(t, "keytool")
	for _, pass := range []string{"pässwörd € \U0001F511"} {
		f, err := Decode(keystore(t, filepath.Join(t.TempDir(), "a.jks"), pass))
		require.NoError(t, err)
		require.NotNil(t, f.PublicKey)
		_, err = f.Decrypt([]byte(pass))
		require.NoError(t, err)
	}
}

func TestRefused(t *testing.T) {
	_, err := Decode(read(t, "trusted.jks"))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	_, err = Decode(read(t, "secret.jceks"))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	_, err = Decode(nil)
	requireDocumented(t, err)
	_, err = Decode(make([]byte, sshkey.MaxFileSize+1))
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.LimitError))
}

// TestDamaged: no cut and no changed byte gives another key, and none is called a wrong
// passphrase before there was one.
func TestDamaged(t *testing.T) {
	for name := range stores {
		data := read(t, name)
		key, err := ParseWithPassphrase(data, []byte(passphrase))
		if name == "key-password.jks" {
			key, err = ParseWithPassphrase(data, []byte("other horse"))
		}
		require.NoError(t, err)
		for i := range len(data) {
			_, err := Decode(data[:i])
			requireDocumented(t, err)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			if i%5 > 0 || strings.HasSuffix(name, ".jceks") {
				continue
			}
			damaged := bytes.Clone(data)
			damaged[i] ^= 1 << (i % 8)
			got, err := ParseWithPassphrase(damaged, []byte(passphrase))
			if err != nil {
				requireDocumented(t, err)
				continue
			}
			require.True(t, key.Equal(got), "%s: byte %d", name, i)
		}
		_, err = Decode(append(bytes.Clone(data), 0))
		requireDocumented(t, err)
	}
}

// TestFirstKeyDamaged: the others are read.
func TestFirstKeyDamaged(t *testing.T) {
	data := read(t, "several.jks")
	sound, err := Decode(data)
	require.NoError(t, err)
	require.Greater(t, sound.Keys, 1)
	first := bytes.Index(data, sound.entries[0].encrypted)
	for name, at := range map[string]int{"structure": first, "algorithm": first + 12} {
		damaged := bytes.Clone(data)
		damaged[at] ^= 1
		_, err := Decode(damaged)
		requireDocumented(t, err)
		i := 0
		for f, err := range All(damaged, sshkey.Limits{}) {
			if i == 0 {
				requireDocumented(t, err)
				require.Nil(t, f, name)
			} else {
				require.NoError(t, err, name)
				_, err = f.Decrypt([]byte(passphrase))
				require.NoError(t, err, name)
			}
			i++
		}
		require.Equal(t, sound.Keys, i)
	}
	for f, err := range All(data[:100], sshkey.Limits{}) {
		assert.Nil(t, f)
		requireDocumented(t, err)
	}
}

// TestSpelling: a passphrase is UTF-16, and bytes that are not UTF-8 are Latin-1.
func TestSpelling(t *testing.T) {
	for passphrase, want := range map[string]string{
		"": "", "a": "\x00a", "ü": "\x00\xfc", "\xfc": "\x00\xfc", "\U0001f511": "\xd8\x3d\xdd\x11",
	} {
		assert.Equal(t, want, string(utf16Of([]byte(passphrase))), "%q", passphrase)
	}
}

package pemkey

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestRandomKeys takes many keys, since readers and writers go wrong at leading zero bytes
// in a number: those occur in one key of 256, and in every second P-521 key.
func TestRandomKeys(t *testing.T) {
	for name, count := range map[string]int{"ecdsa256": 100, "ecdsa384": 100, "ecdsa521": 100, "ed25519": 300, "ed448": 20, "dsa1024": 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range times(count) {
				key := keytest.Type(t, name).New(t)
				for _, encoding := range []Encoding{Traditional, PKCS8, OpenSSH} {
					out, err := Marshal(key, &Options{Encoding: encoding})
					require.NoError(t, err)
					back := mustParse(t, out, "")
					require.True(t, key.Equal(back))
					crossRead(t, name, out, key)
				}
				crossWritten(t, key)
			}
		})
	}
}

// crossRead lets the standard library and golang.org/x/crypto/ssh read what we
// wrote, each where it can.
func crossRead(t testing.TB, name string, out []byte, key *sshkey.Key) {
	t.Helper()
	block := derOf(t, out)
	switch {
	case name == "ed448": // neither has it
	case name == "dsa1024":
		if string(out[:15]) != "-----BEGIN DSA " {
			return // neither reads it in PKCS#8 and openssh-key-v1
		}
		got, err := ssh.ParseRawPrivateKey(out)
		require.NoError(t, err)
		requireEqualPrivate(t, key, got)
	default:
		got, err := ssh.ParseRawPrivateKey(out)
		require.NoError(t, err)
		requireEqualPrivate(t, key, got)
		if got, err := x509.ParsePKCS8PrivateKey(block); err == nil {
			requireEqualPrivate(t, key, got)
		}
		if got, err := x509.ParseECPrivateKey(block); err == nil {
			requireEqualPrivate(t, key, got)
		}
	}
}

func requireEqualPrivate(t testing.TB, want *sshkey.Key, got crypto.PrivateKey) {
	t.Helper()
	if pointer, ok := got.(*ed25519.PrivateKey); ok {
		got = *pointer
	}
	require.True(t, want.Equal(&sshkey.Key{Private: got}))
}

// crossWritten reads what the standard library and golang.org/x/crypto/ssh write,
// each where it can.
func crossWritten(t testing.TB, key *sshkey.Key) {
	t.Helper()
	files := map[string][]byte{}
	if der, err := x509.MarshalPKCS8PrivateKey(key.Private); err == nil {
		files["PKCS#8"] = pemOf("PRIVATE KEY", der)
	}
	if ec, ok := key.Private.(*ecdsa.PrivateKey); ok {
		der, err := x509.MarshalECPrivateKey(ec)
		require.NoError(t, err)
		files["SEC 1"] = pemOf("EC PRIVATE KEY", der)
	}
	if block, err := ssh.MarshalPrivateKey(key.Private, key.Comment); err == nil {
		files["openssh-key-v1"] = pemOf(block.Type, block.Bytes)
	}
	for name, file := range files {
		back := mustParse(t, file, "")
		require.True(t, key.Equal(back), name)
		if name == "openssh-key-v1" {
			require.Equal(t, key.Comment, back.Comment)
		}
	}
	_, isEd25519 := key.Private.(ed25519.PrivateKey)
	_, isECDSA := key.Private.(*ecdsa.PrivateKey)
	if isEd25519 || isECDSA {
		require.GreaterOrEqual(t, len(files), 2)
	}
}

// TestRandomKeysWithPrograms is a sample of the above with real programs: the P-521
// keys that have a leading zero byte, which is where programs differ.
func TestRandomKeysWithPrograms(t *testing.T) {
	for tried := 0; tried < 6; {
		key := keytest.Type(t, "ecdsa521").New(t)
		scalar, err := key.Private.(*ecdsa.PrivateKey).Bytes()
		require.NoError(t, err)
		if scalar[0] != 0 {
			continue
		}
		tried++
		pub, err := key.Public()
		require.NoError(t, err)
		sec1, err := Marshal(key, nil)
		require.NoError(t, err)
		require.Equal(t, string(sec1), string(keytest.Run(t, sec1, "openssl", "pkey", "-traditional")))
		openssh, err := Marshal(key, &Options{Encoding: OpenSSH})
		require.NoError(t, err)
		require.Equal(t, pub.Marshal(), sshKeygenPublic(t, openssh, ""))
		exported := puttygen(t, puttygen(t, openssh, "", "-O", "private"), "", "-O", "private-openssh")
		require.True(t, key.Equal(mustParse(t, exported, "")), "puttygen writes the number without leading zeros")
	}
}

// TestRSAWithStandardLibrary: both orders of the primes, both ways.
func TestRSAWithStandardLibrary(t *testing.T) {
	for range 4 {
		key := keytest.Type(t, "rsa2048").New(t)
		crossWritten(t, key)
		for _, encoding := range []Encoding{Traditional, PKCS8, OpenSSH} {
			out, err := Marshal(key, &Options{Encoding: encoding})
			require.NoError(t, err)
			crossRead(t, "rsa2048", out, key)
			if got, err := x509.ParsePKCS1PrivateKey(derOf(t, out)); err == nil {
				requireEqualPrivate(t, key, got)
			}
		}
	}
}

// TestXCryptoReadsEncrypted: golang.org/x/crypto/ssh reads the two encrypted forms
// that it knows.
func TestXCryptoReadsEncrypted(t *testing.T) {
	for _, name := range []string{"rsa2048", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519"} {
		key := keytest.Type(t, name).New(t)
		for _, c := range []writeCase{{"legacy", Options{Rounds: 0}}, cheap(OpenSSH, "aes256-ctr"), cheap(OpenSSH, "aes256-cbc")} {
			if name == "ed25519" && c.name == "legacy" {
				continue
			}
			out, err := MarshalWithPassphrase(key, []byte(passphrase), &c.opts)
			require.NoError(t, err)
			got, err := ssh.ParseRawPrivateKeyWithPassphrase(out, []byte(passphrase))
			require.NoError(t, err)
			requireEqualPrivate(t, key, got)
		}
	}
}

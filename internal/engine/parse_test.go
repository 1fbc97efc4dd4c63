package engine_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestParseAsks: Parse asks once for an encrypted file, and never otherwise.
func TestParseAsks(t *testing.T) {
	for _, twin := range keytest.Twins(t, "pkcs1", "dsa", "sec1", "pkcs8", "openssh-key-v1", "sshcom", "ppk2", "ppk3") {
		if keytest.Sampled() && strings.Contains(twin.Name, ".puttygen.enc.") {
			continue // 16 rounds of bcrypt each
		}
		asked := 0
		key, err := engine.Parse(twin.Data, func(f *engine.File) ([]byte, error) {
			asked++
			assert.True(t, f.Encrypted())
			return []byte(passphrase), nil
		})
		require.NoError(t, err, twin.Name)
		require.NotNil(t, key.Private)
		want := 0
		if twin.Encrypted {
			want = 1
		}
		assert.Equal(t, want, asked, twin.Name)
	}
}

func TestParseWithoutPassphrase(t *testing.T) {
	for _, twin := range keytest.Twins(t, "pkcs1", "dsa", "sec1", "pkcs8", "openssh-key-v1", "sshcom", "ppk2", "ppk3") {
		if !twin.Encrypted || keytest.Sampled() && strings.Contains(twin.Name, ".puttygen.enc.") {
			continue // 16 rounds of bcrypt each
		}
		_, err := engine.Parse(twin.Data, nil)
		var missing *sshkey.PassphraseMissingError
		require.ErrorAs(t, err, &missing, twin.Name)
		require.ErrorAs(t, err, new(*ssh.PassphraseMissingError))
		inTheClear := strings.HasPrefix(twin.Format, "ppk") || twin.Format == "openssh-key-v1"
		require.Equal(t, inTheClear, missing.PublicKey != nil, twin.Name)
		if inTheClear {
			want := fingerprintOfLine(t, keytest.Read(t, "twins", twin.Type+".pub"))
			require.Equal(t, want, sshkey.FingerprintSHA256(missing.PublicKey))
		}

		_, err = engine.Parse(twin.Data, answer("wrong"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, twin.Name)
		require.NotErrorAs(t, err, &missing)

		refused := errors.New("nobody there")
		_, err = engine.Parse(twin.Data, func(*engine.File) ([]byte, error) { return nil, refused })
		require.Equal(t, refused, err, twin.Name)
	}
}

// encryptedToken is an encrypted openssh-key-v1 file whose secret is on a token.
func encryptedToken(t testing.TB) []byte {
	t.Helper()
	pub := ssh.Marshal(struct {
		Type             string
		Key, Application string
	}{ssh.KeyAlgoSKED25519, strings.Repeat("k", 32), "ssh:"})
	options := ssh.Marshal(struct {
		Salt   string
		Rounds uint32
	}{"0123456789abcdef", 16})
	body := append([]byte("openssh-key-v1\x00"), ssh.Marshal(struct {
		Cipher, KDF string
		Options     []byte
		Keys        uint32
		Public      []byte
		Private     []byte
	}{"aes256-ctr", "bcrypt", options, 1, pub, make([]byte, 160)})...)
	return pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: body})
}

// TestParseDoesNotAskInVain: a file that no passphrase could open fails before Parse asks.
func TestParseDoesNotAskInVain(t *testing.T) {
	read := func(name string) []byte { return keytest.Read(t, "twins", name) }
	replace := func(name, old, with string) []byte {
		data := read(name)
		require.Contains(t, string(data), old)
		return bytes.Replace(data, []byte(old), []byte(with), 1)
	}
	var (
		unsupported *sshkey.UnsupportedError
		limit       *sshkey.LimitError
		syntax      *sshkey.SyntaxError
		notPrivate  *engine.NotPrivateError
	)
	for name, test := range map[string]struct {
		data   []byte
		target any
	}{
		"token":             {encryptedToken(t), &unsupported},
		"Argon2 memory":     {replace("rsa2048.v3.enc.ppk", "Argon2-Memory: 64", "Argon2-Memory: 4000000"), &limit},
		"Argon2 passes":     {replace("rsa2048.v3.enc.ppk", "Argon2-Passes: 1", "Argon2-Passes: 4000000"), &limit},
		"Argon2 variant":    {replace("rsa2048.v3.enc.ppk", "Argon2id", "Argon2x"), &unsupported},
		"future version":    {replace("rsa2048.v3.enc.ppk", "File-3", "File-9"), &unsupported},
		"cipher of .ppk":    {replace("rsa2048.v3.enc.ppk", "aes256-cbc", "aes128-cbc"), &unsupported},
		"cipher of PEM":     {replace("rsa2048.aes128.pem", "AES-128-CBC", "AES-128-ECB"), &unsupported},
		"cut .ppk":          {bytes.Join(bytes.SplitAfter(read("rsa2048.v3.enc.ppk"), []byte("\n"))[:12], nil), &syntax},
		"cut PEM":           {read("rsa2048.aes128.pem")[:500], &syntax},
		"cut openssh":       {read("ed25519.enc.openssh")[:200], &syntax},
		"damaged PKCS#8":    {replace("rsa2048.pkcs8.enc.pem", "\nMII", "\nMIA"), &syntax},
		"empty":             {nil, &notPrivate},
		"public":            {read("rsa2048.pub"), &notPrivate},
		"RFC 4716":          {read("rsa2048.rfc4716.pub"), &notPrivate},
		"too large a file":  {make([]byte, sshkey.MaxFileSize+1), &limit},
		"private in a text": {[]byte("text"), &notPrivate},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := engine.Parse(test.data, func(*engine.File) ([]byte, error) {
				t.Error("asked for a passphrase")
				return nil, nil
			})
			require.ErrorAs(t, err, test.target)
			require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		})
	}
}

// TestLimitsOfEveryFormat: Open refuses before any key derivation, and a caller can
// set the limits.
func TestLimitsOfEveryFormat(t *testing.T) {
	for name, test := range map[string]struct {
		limits engine.Limits
		kind   sshkey.LimitKind
		enough engine.Limits
	}{
		"rsa2048.v3.enc.ppk":              {engine.Limits{KDFMemory: 63}, sshkey.LimitKDFMemory, engine.Limits{KDFMemory: 64}},
		"rsa2048.v3.enc-argon2d.ppk":      {engine.Limits{KDFWork: 63}, sshkey.LimitKDFWork, engine.Limits{KDFWork: 1024}},
		"ed25519.enc.openssh":             {engine.Limits{KDFWork: 3}, sshkey.LimitKDFWork, engine.Limits{KDFWork: 4}},
		"rsa2048.pkcs8.enc.pem":           {engine.Limits{KDFWork: 999}, sshkey.LimitKDFWork, engine.Limits{KDFWork: 1000}},
		"rsa2048.pkcs8.pbe-sha1-3des.pem": {engine.Limits{KDFWork: 1}, sshkey.LimitKDFWork, engine.Limits{KDFWork: 2048}},
		"rsa2048.pkcs8.scrypt.pem":        {engine.Limits{KDFMemory: 1}, sshkey.LimitKDFMemory, engine.Limits{KDFMemory: 16384}},
	} {
		t.Run(name, func(t *testing.T) {
			data := keytest.Read(t, "twins", name)
			for _, open := range []func() error{
				func() error { _, err := engine.Open(data, test.limits); return err },
				func() error { _, err := engine.Inspect(data, test.limits); return err },
			} {
				var limit *sshkey.LimitError
				require.ErrorAs(t, open(), &limit)
				assert.Equal(t, test.kind, limit.Kind)
				assert.Greater(t, limit.Value, limit.Max)
			}
			f, err := engine.Open(data, test.enough)
			require.NoError(t, err)
			_, err = f.Decrypt([]byte(passphrase))
			require.NoError(t, err)
		})
	}
}

// TestDecryptTwice: a wrong passphrase first and the right one next must work.
// TestPassphraseWorkOfEveryFormat: one limit holds for all key derivations, and is exact.
func TestPassphraseWorkOfEveryFormat(t *testing.T) {
	for _, name := range []string{
		"rsa2048.v3.enc.ppk", "rsa2048.v3.enc-argon2d.ppk", "ed25519.enc.openssh", "rsa2048.pkcs8.enc.pem",
		"rsa2048.pkcs8.pbe-sha1-3des.pem", "rsa2048.pkcs8.scrypt.pem",
	} {
		data := keytest.Read(t, "twins", name)
		limits := budget.Metered(engine.Limits{})
		f, err := engine.Open(data, limits)
		require.NoError(t, err, name)
		_, err = f.Decrypt([]byte(passphrase))
		require.NoError(t, err, name)
		_, steps := budget.Spent(limits)
		require.Positive(t, steps, name)
		_, err = engine.Open(data, engine.Limits{PassphraseWork: steps})
		require.NoError(t, err, name)
		_, err = engine.Open(data, engine.Limits{PassphraseWork: steps - 1})
		var limit *sshkey.LimitError
		require.ErrorAs(t, err, &limit, name)
		assert.Equal(t, sshkey.LimitPassphraseWork, limit.Kind, name)
		assert.Equal(t, steps, limit.Value, name)
	}
	_, err := engine.Open(keytest.Read(t, "p12", "ecdsa384.p12"), engine.Limits{PassphraseWork: 1})
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitPassphraseWork, limit.Kind)
}

func TestDecryptTwice(t *testing.T) {
	for format := range cheap {
		f, err := engine.Open(marshal(t, keytest.Type(t, "ecdsa256").New(t), format, true), engine.Limits{})
		require.NoError(t, err)
		for range 2 {
			_, err = f.Decrypt([]byte("wrong"))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			_, err = f.Decrypt([]byte(passphrase))
			require.NoError(t, err)
		}
	}
}

// TestDamagedPublicKeys: the error of a public key that is recognised but cannot be read
// says what is wrong.
func TestDamagedPublicKeys(t *testing.T) {
	for name, data := range map[string]string{
		"authorized_keys": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAQ==\n",
		"RFC 4716":        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n",
		"SPKI":            "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
	} {
		_, err := engine.Open([]byte(data), engine.Limits{})
		require.Error(t, err, name)
		require.True(t, isDocumented(err), "%s: %v", name, err)
		require.NotErrorAs(t, err, new(*engine.NotPrivateError), name)
		require.True(t, strings.HasPrefix(err.Error(), "keyconv: "), "%s: %v", name, err)
	}
}

// TestUsable: what a passphrase would not open is known before it is asked for.
func TestUsable(t *testing.T) {
	for _, test := range []struct {
		data   []byte
		target any
	}{
		{keytest.Read(t, "twins", "rsa2048.v3.enc.ppk"), nil},
		{keytest.Read(t, "twins", "rsa2048.enc.openssh"), nil},
		{keytest.Read(t, "twins", "rsa2048.pub"), new(*engine.NotPrivateError)},
		{encryptedToken(t), new(*sshkey.UnsupportedError)},
	} {
		f, err := engine.Open(test.data, engine.Limits{})
		require.NoError(t, err)
		if test.target == nil {
			require.NoError(t, f.Usable())
			continue
		}
		require.ErrorAs(t, f.Usable(), test.target)
	}
}

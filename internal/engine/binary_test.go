package engine_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestFromSSH1: an SSH-1 key in every format that is written is the key that puttygen reads.
func TestFromSSH1(t *testing.T) {
	plain := keytest.Read(t, "ssh1", "rsa2048.key")
	want := keytest.Run(t, nil, "puttygen", keytest.Testdata(t, "ssh1", "rsa2048.key"), "--dump")
	for _, name := range []string{"rsa2048.key", "rsa2048.enc.key"} {
		data := keytest.Read(t, "ssh1", name)
		f, err := engine.Open(data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, engine.SSH1, f.Format)
		assert.Equal(t, "SSH-1 private key", f.Title)
		assert.Equal(t, name != "rsa2048.key", f.Encrypted())
		assert.Equal(t, f.Encrypted(), f.KDF != nil)
		assert.Equal(t, "ssh1 twin", f.Comment)
		assert.True(t, f.HasComment)
		key := mustParse(t, data)
		for _, format := range engine.Formats() {
			out := marshal(t, key, format, false)
			if !format.About().Private {
				assert.NotEmpty(t, out, format)
				continue
			}
			back := mustParse(t, out)
			assert.True(t, key.Equal(back), format)
			if format.About().Comment {
				assert.Equal(t, "ssh1 twin", back.Comment, format)
			}
			if format != engine.PKCS8 && format.About().Encrypts { // which puttygen does not read
				path := keytest.WriteFile(t, t.TempDir(), "key", out)
				assert.Equal(t, string(want), string(keytest.Run(t, nil, "puttygen", path, "--dump")), format)
			}
		}
	}
	_, err := engine.Marshal(mustParse(t, plain), engine.SSH1, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

func TestFromPKCS12(t *testing.T) {
	for name, keyType := range map[string]string{
		"rsa2048.p12": "rsa2048", "legacy.p12": "rsa2048", "ecdsa256.p12": "ecdsa256", "ed25519.p12": "ed25519", "plain.p12": "rsa2048",
	} {
		data := keytest.Read(t, "p12", name)
		f, err := engine.Open(data, engine.Limits{})
		require.NoError(t, err)
		assert.Equal(t, engine.PKCS12, f.Format)
		assert.Equal(t, "PKCS#12 file", f.Title)
		assert.Equal(t, name != "plain.p12", f.Encrypted())
		assert.Equal(t, f.Encrypted(), f.KDF != nil)
		assert.Equal(t, f.Encrypted(), f.PublicKey == nil)
		assert.False(t, f.HasComment)
		key := mustParse(t, data)
		assert.Equal(t, fingerprintOfLine(t, keytest.Read(t, "twins", keyType+".pub")), fingerprintOf(t, key), name)
		assert.Equal(t, rawkey.DefaultComment, key.Comment)
		assert.True(t, key.Equal(mustParse(t, marshal(t, key, engine.PPK, true))))

		if f.Encrypted() {
			_, err = engine.Parse(data, nil)
			require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
			_, err = engine.Parse(data, answer("wrong"))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			_, err = engine.Open(data, engine.Limits{KDFWork: 100})
			require.ErrorAs(t, err, new(*sshkey.LimitError))
		}
	}
	_, err := engine.Marshal(mustParse(t, keytest.Read(t, "p12", "plain.p12")), engine.PKCS12, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

// TestPKCS12WithoutPassphrase: the empty one is asked for like any other.
func TestPKCS12WithoutPassphrase(t *testing.T) {
	for _, name := range []string{"empty.p12", "empty-legacy.p12"} {
		data := keytest.Read(t, "p12", name)
		_, err := engine.Parse(data, answer(""))
		require.NoError(t, err)
		_, err = engine.Parse(data, nil)
		require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
	}
}

// TestDetectBinary: PKCS#12, in DER or BER, is recognised among other ASN.1 by its first
// bytes alone, and SSH-1 by its whole signature.
func TestDetectBinary(t *testing.T) {
	files, err := filepath.Glob(keytest.Testdata(t, "p12", "*.p12"))
	require.NoError(t, err)
	require.Len(t, files, 28)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, engine.PKCS12, engine.Detect(data), file)
		assert.Equal(t, engine.PKCS12, engine.Detect(data[:len(data)-1]), "cut off")
		for i := range 21 {
			assert.NotEqual(t, engine.PKCS12, engine.Detect(data[:i]), "%s: %d bytes", file, i)
		}
	}
	ber := append([]byte{0x30, 0x80}, keytest.Read(t, "p12", "rsa2048.p12")[4:]...)
	assert.Equal(t, engine.PKCS12, engine.Detect(ber))
	for _, name := range []string{"rsa2048.pkcs8.pem", "rsa2048.pkcs8.enc.pem", "ecdsa256.pem", "ed25519.pkcs8.pem"} {
		der := keytest.Run(t, nil, "openssl", "pkey", "-in", keytest.Testdata(t, "twins", name), "-passin", "pass:"+passphrase, "-outform", "DER")
		assert.Equal(t, engine.Format("der"), engine.Detect(der), name)
	}
	ssh1 := keytest.Read(t, "ssh1", "rsa2048.key")
	assert.Equal(t, engine.SSH1, engine.Detect(ssh1[:33]))
	assert.Equal(t, engine.Unknown, engine.Detect(bytes.Replace(ssh1, []byte("1.1"), []byte("1.2"), 1)))
}

func TestInspectBinary(t *testing.T) {
	info, err := engine.Inspect(keytest.Read(t, "ssh1", "rsa2048.enc.key"), engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, ssh.KeyAlgoRSA, info.Type)
	assert.Equal(t, 2048, info.Bits)
	info, err = engine.Inspect(keytest.Read(t, "p12", "rsa2048.p12"), engine.Limits{})
	require.NoError(t, err)
	assert.Empty(t, info.Type)
	assert.Equal(t, &engine.KDF{Name: "PBKDF2-HMAC-SHA256", Rounds: 2048}, info.File.KDF)
}

// TestDERKeys: the content of a PEM block without the block is read too.
func TestDERKeys(t *testing.T) {
	key := keytest.Testdata(t, "twins", "ecdsa256.pem")
	want, err := engine.Parse(keytest.Read(t, "twins", "ecdsa256.pem"), nil)
	require.NoError(t, err)
	for _, args := range [][]string{
		{"ec", "-in", key, "-outform", "DER"},
		{"pkcs8", "-topk8", "-nocrypt", "-in", key, "-outform", "DER"},
		{"pkcs8", "-topk8", "-passout", "pass:x", "-iter", "1000", "-in", key, "-outform", "DER"},
	} {
		data := keytest.Run(t, nil, "openssl", args...)
		assert.Equal(t, engine.Format("der"), engine.Detect(data))
		got, err := engine.Parse(data, func(*engine.File) ([]byte, error) { return []byte("x"), nil })
		require.NoError(t, err, args)
		assert.True(t, want.Equal(got), args)
	}
}

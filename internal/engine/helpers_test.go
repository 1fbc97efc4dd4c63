package engine_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

const passphrase = keytest.Passphrase

// answer returns a callback for Parse that answers with the passphrase.
func answer(passphrase string) func(*engine.File) ([]byte, error) {
	return func(*engine.File) ([]byte, error) { return []byte(passphrase), nil }
}

func mustParse(t testing.TB, data []byte) *sshkey.Key {
	t.Helper()
	key, err := engine.Parse(data, answer(passphrase))
	require.NoError(t, err)
	return key
}

func fingerprintOf(t testing.TB, key *sshkey.Key) string {
	t.Helper()
	pub, err := key.Public()
	require.NoError(t, err)
	return sshkey.FingerprintSHA256(pub)
}

// fingerprintOfLine returns the fingerprint of a line as in authorized_keys.
func fingerprintOfLine(t testing.TB, line []byte) string {
	t.Helper()
	fields := bytes.Fields(line)
	require.GreaterOrEqual(t, len(fields), 2, "%q", line)
	blob, err := base64.StdEncoding.DecodeString(string(fields[1]))
	require.NoError(t, err)
	pub, err := rawkey.ParsePublic(blob)
	require.NoError(t, err)
	return sshkey.FingerprintSHA256(pub)
}

// cheap are options that make an encrypted file quick to write and to read.
var cheap = map[engine.Format]*engine.Options{
	engine.PPK:     {Memory: 64, Rounds: 1, Parallelism: 1},
	engine.PKCS8:   {Rounds: 1000},
	engine.OpenSSH: {Rounds: 4},
}

// marshal writes a key, with the passphrase of the tests if encrypted.
func marshal(t testing.TB, key *sshkey.Key, format engine.Format, encrypted bool) []byte {
	t.Helper()
	write := func() ([]byte, error) { return engine.Marshal(key, format, nil) }
	if encrypted {
		pub, err := key.Public()
		require.NoError(t, err)
		options := cheap[format.Resolve(pub.Type())]
		write = func() ([]byte, error) {
			return engine.MarshalWithPassphrase(key, []byte(passphrase), format, options)
		}
	}
	data, err := write()
	require.NoError(t, err)
	return data
}

// puttygen runs puttygen on a file and returns what it wrote to a file of its own.
func puttygen(t testing.TB, in []byte, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	pass := keytest.WriteFile(t, dir, "pass", []byte(passphrase))
	args = append([]string{keytest.WriteFile(t, dir, "in", in), "-q", "-o", out, "--old-passphrase", pass}, args...)
	keytest.Run(t, nil, "puttygen", args...)
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	return data
}

// sshKeygen runs ssh-keygen on a copy of a file, which it changes.
func sshKeygen(t testing.TB, in []byte, args ...string) []byte {
	t.Helper()
	path := keytest.WriteFile(t, t.TempDir(), "key", in)
	keytest.Run(t, nil, "ssh-keygen", append(args, "-q", "-f", path)...)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// certify signs the public half of a key with a new authority of ssh-keygen's and
// returns the line of the certificate.
func certify(t testing.TB, key *sshkey.Key, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ca)
	pub, err := key.Public()
	require.NoError(t, err)
	path := keytest.WriteFile(t, dir, "key.pub", sshkey.AuthorizedKey(pub, ""))
	keytest.Run(t, nil, "ssh-keygen", append(append([]string{"-q", "-s", ca}, args...), path)...)
	line, err := os.ReadFile(filepath.Join(dir, "key-cert.pub"))
	require.NoError(t, err)
	return line
}

// isDocumented reports whether an error is of a type that the documentation names.
func isDocumented(err error) bool {
	return errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError)) || errors.As(err, new(*engine.NotPrivateError))
}

// algorithms are the SSH names of the key types of keytest.
var algorithms = map[string]string{
	"rsa2048": ssh.KeyAlgoRSA, "dsa1024": rawkey.KeyAlgoDSA,
	"ecdsa256": ssh.KeyAlgoECDSA256, "ecdsa384": ssh.KeyAlgoECDSA384, "ecdsa521": ssh.KeyAlgoECDSA521,
	"ed25519": ssh.KeyAlgoED25519, "ed448": rawkey.KeyAlgoED448,
}

package pemkey

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// The key types that openssl makes, with its arguments.
var opensslTypes = []struct {
	name string
	args []string
}{
	{"rsa1024", []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"}},
	{"rsa2048", []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}},
	{"rsa4096", []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"}},
	{"dsa1024", []string{"dsaparam", "-genkey", "-noout", "1024"}},
	{"ecdsa256", []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}},
	{"ecdsa384", []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"}},
	{"ecdsa521", []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"}},
	{"ed25519", []string{"genpkey", "-algorithm", "ED25519"}},
	{"ed448", []string{"genpkey", "-algorithm", "ED448"}},
}

// opensslKey is a fresh key from openssl, as plain PKCS#8, with the public half that
// openssl computes.
type opensslKey struct {
	pem, public []byte
	err         error
}

var opensslKeys sync.Map // name to func() opensslKey

// newOpenSSLKey makes one key of each type for the whole test run.
func newOpenSSLKey(t testing.TB, name string) opensslKey {
	t.Helper()
	generate := func() opensslKey {
		for _, kt := range opensslTypes {
			if kt.name != name {
				continue
			}
			made, err := keytest.RunError(t, nil, "openssl", kt.args...)
			if err != nil {
				return opensslKey{err: err}
			}
			made, err = keytest.RunError(t, made, "openssl", "pkcs8", "-topk8", "-nocrypt")
			if err != nil {
				return opensslKey{err: err}
			}
			return opensslKey{pem: made, public: opensslPublic(t, made)}
		}
		return opensslKey{err: os.ErrNotExist}
	}
	keytest.Tool(t, "openssl")
	once, _ := opensslKeys.LoadOrStore(name, sync.OnceValue(generate))
	key := once.(func() opensslKey)()
	require.NoError(t, key.err, "%s", name)
	return key
}

// opensslPublic returns the SSH blob of the public half of a key file, which openssl
// computes and crypto/x509 reads.
func opensslPublic(t testing.TB, file []byte, args ...string) []byte {
	t.Helper()
	args = append([]string{"pkey", "-pubout", "-outform", "DER"}, args...)
	der := keytest.Run(t, file, "openssl", args...)
	if pub, err := x509.ParsePKIXPublicKey(der); err == nil {
		sshPub, err := ssh.NewPublicKey(pub)
		require.NoError(t, err)
		return sshPub.Marshal()
	}
	// crypto/x509 has no Ed448, whose public half is at the end (RFC 8410 section 4).
	require.Contains(t, string(der), "\x06\x03\x2b\x65\x71")
	return rawkey.Ed448PublicKey(der[len(der)-ed448.PublicKeySize:]).Marshal()
}

// passphraseFile writes a passphrase to a file, as puttygen takes it.
func passphraseFile(t testing.TB, passphrase string) string {
	t.Helper()
	return keytest.WriteFile(t, t.TempDir(), "pass", []byte(passphrase))
}

// puttygen runs puttygen on a file and returns what it wrote. It keeps the file's
// passphrase unless there is a new one.
func puttygen(t testing.TB, file []byte, passphrase string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	args = append([]string{keytest.WriteFile(t, dir, "in", file), "-q", "-o", out, "--old-passphrase", passphraseFile(t, passphrase)}, args...)
	keytest.Run(t, nil, "puttygen", args...)
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	return data
}

// puttygenPublic returns the public blob of a file that puttygen reads.
func puttygenPublic(t testing.TB, file []byte, passphrase string) []byte {
	t.Helper()
	in := keytest.WriteFile(t, t.TempDir(), "in", file)
	return authorizedBlob(t, keytest.Run(t, nil, "puttygen", in, "-L", "--old-passphrase", passphraseFile(t, passphrase)))
}

// sshKeygen runs ssh-keygen on a copy of a file, which it changes in place.
func sshKeygen(t testing.TB, file []byte, args ...string) []byte {
	t.Helper()
	path := keytest.WriteFile(t, t.TempDir(), "key", file)
	keytest.Run(t, nil, "ssh-keygen", append(args, "-q", "-f", path)...)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// sshKeygenPublic returns the public blob of a file that ssh-keygen reads.
func sshKeygenPublic(t testing.TB, file []byte, passphrase string) []byte {
	t.Helper()
	path := keytest.WriteFile(t, t.TempDir(), "key", file)
	return authorizedBlob(t, keytest.Run(t, nil, "ssh-keygen", "-y", "-P", passphrase, "-f", path))
}

// sshCiphers returns the ciphers that this ssh-keygen offers.
func sshCiphers(t testing.TB) []string {
	t.Helper()
	ciphers := strings.Fields(string(keytest.Run(t, nil, "ssh", "-Q", "cipher")))
	require.GreaterOrEqual(t, len(ciphers), 8)
	return ciphers
}

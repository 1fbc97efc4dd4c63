package dump

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestAsPuttygen compares every type, with both orders of RSA primes, byte for byte.
func TestAsPuttygen(t *testing.T) {
	for _, kt := range keytest.Types() {
		for range 4 {
			key := kt.New(t)
			file, err := ppk.Marshal(key, nil)
			require.NoError(t, err)
			path := keytest.WriteFile(t, t.TempDir(), "key.ppk", file)
			got, err := Private(key)
			require.NoError(t, err)
			require.Equal(t, string(keytest.Run(t, nil, "puttygen", "--dump", path)), string(got), kt.Name)

			pub, err := key.Public()
			require.NoError(t, err)
			path = keytest.WriteFile(t, t.TempDir(), "key.pub", sshkey.AuthorizedKey(pub, "c"))
			got, err = Public(pub)
			require.NoError(t, err)
			require.Equal(t, string(keytest.Run(t, nil, "puttygen", "--dump", path)), string(got), kt.Name)
		}
	}
}

// certificates are the arguments that ssh-keygen signs with.
var certificates = [][]string{
	{"-I", "", "-n", "root"},
	{"-I", "id \"x\" \xc3\xa9\\ \t\b\r\n\a\x7f?", "-n", "root,a b", "-z", "18446744073709551615", "-V", "20200101:20300101"},
	{"-I", "host", "-h", "-n", "a.example,b.example", "-V", "20200101:forever"},
	{"-I", "o", "-O", "force-command=echo \"hi\"", "-O", "source-address=10.0.0.0/8", "-O", "clear", "-O", "permit-pty", "-O", "extension:foo@bar=baz", "-V", "always:20380119"},
}

func TestCertificatesAsPuttygen(t *testing.T) {
	authorities := t.TempDir()
	for _, authority := range []string{"rsa", "dsa", "ecdsa", "ed25519"} {
		keytest.Run(t, nil, "ssh-keygen", "-q", "-t", authority, "-N", "", "-f", filepath.Join(authorities, authority))
	}
	dsa := usualDSA(t, filepath.Join(authorities, "dsa"))
	for _, kt := range keytest.Types() {
		if kt.Name == "ed448" {
			continue // OpenSSH has no such certificates
		}
		for i, authority := range []string{"rsa", "dsa", "ecdsa", "ed25519"} {
			key := kt.New(t)
			if kt.Name == "dsa1024" {
				key = &sshkey.Key{Private: dsa.Private, Comment: dsa.Comment}
			}
			line := signed(t, key, filepath.Join(authorities, authority), certificates[i])
			pub, _, err := rawkey.DecodeAuthorizedKey(line)
			require.NoError(t, err)
			dir := t.TempDir()
			got, err := Public(pub)
			require.NoError(t, err)
			want := keytest.Run(t, nil, "puttygen", "--dump", keytest.WriteFile(t, dir, "key-cert.pub", line))
			require.Equal(t, string(want), string(got), "%s signed by %s", kt.Name, authority)

			key.Certificate = pub.(*ssh.Certificate)
			file, err := ppk.Marshal(key, nil)
			require.NoError(t, err)
			got, err = Private(key)
			require.NoError(t, err)
			want = keytest.Run(t, nil, "puttygen", "--dump", keytest.WriteFile(t, dir, "key.ppk", file))
			require.Equal(t, string(want), string(got), "%s signed by %s", kt.Name, authority)
		}
	}
}

// usualDSA reads a key that ssh-keygen made: it has a q of 160 bits, without which x/crypto/ssh
// takes no certificate.
func usualDSA(t *testing.T, path string) *sshkey.Key {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	key, err := pemkey.Parse(data)
	require.NoError(t, err)
	return key
}

func signed(t *testing.T, key *sshkey.Key, ca string, args []string) []byte {
	t.Helper()
	dir := t.TempDir()
	pub, err := key.Public()
	require.NoError(t, err)
	path := keytest.WriteFile(t, dir, "key.pub", sshkey.AuthorizedKey(pub, ""))
	keytest.Run(t, nil, "ssh-keygen", append(append([]string{"-q", "-s", ca}, args...), path)...)
	line, err := os.ReadFile(filepath.Join(dir, "key-cert.pub"))
	require.NoError(t, err)
	return line
}

func TestRefused(t *testing.T) {
	_, err := Private(&sshkey.Key{Private: "no key"})
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))

	x, y := elliptic.P256().Params().Gx, elliptic.P256().Params().Gy
	point := append(append([]byte{4}, x.FillBytes(make([]byte, 32))...), y.FillBytes(make([]byte, 32))...)
	token, err := ssh.ParsePublicKey(ssh.Marshal(struct{ Type, Curve, Point, Application string }{
		ssh.KeyAlgoSKECDSA256, "nistp256", string(point), "ssh:",
	}))
	require.NoError(t, err)
	_, err = Public(token)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
}

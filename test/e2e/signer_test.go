//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestSignerLogsIn: a server of OpenSSH, which has no SHA-1, takes the signers of keys that it
// knows, and that of a certificate where it knows only the authority.
func TestSignerLogsIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	authority := startSSHDWithAuthority(t, dir)
	var lines [][]byte
	names := []string{"rsa2048", "ecdsa256", "ed25519"}
	for _, name := range names {
		lines = append(lines, keytest.Read(t, "twins", name+".pub"))
	}
	known := startSSHD(t, authorize(t, lines...))
	for _, name := range names {
		key, err := keyconv.Parse(keytest.Read(t, "twins", name+".openssh"), nil)
		require.NoError(t, err)
		assert.Equal(t, loginOK, known.loginWith(t, key), name)
	}
	key, err := keyconv.Parse(keytest.Read(t, "twins", "ed25519.openssh"), nil)
	require.NoError(t, err)
	certificate, err := os.ReadFile(filepath.Join(dir, "key-cert.pub"))
	require.NoError(t, err)
	require.NoError(t, keyconv.AddCertificate(key, certificate))
	assert.Equal(t, loginOK, authority.loginWith(t, key))
}

// loginWith logs in as a program in Go does, and returns what the server's echo says.
func (s *sshd) loginWith(t *testing.T, key *sshkey.Key) string {
	t.Helper()
	signer, err := key.Signer()
	require.NoError(t, err)
	user, host, _ := strings.Cut(s.login, "@")
	client, err := ssh.Dial("tcp", host+":"+s.port, &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: keytest.Patience,
	})
	require.NoError(t, err)
	defer client.Close()
	session, err := client.NewSession()
	require.NoError(t, err)
	out, err := session.Output("echo " + loginOK)
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

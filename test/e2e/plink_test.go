//go:build unix

package e2e

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// loginOK is what the remote command prints. An exit code alone says nothing: plink
// ends with 0 after a wrong passphrase.
const loginOK = "LOGIN_OK"

// server is an SSH server for one key. It runs no command; it says loginOK.
type server struct {
	listener net.Listener
	config   *ssh.ServerConfig
	hostKey  string // fingerprint

	mu        sync.Mutex
	presented []string // fingerprints of the keys that logged in
}

// startServer lets in whoever has the private half of an authorized key.
func startServer(t *testing.T, authorized ssh.PublicKey) *server {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	host, err := ssh.NewSignerFromKey(private)
	require.NoError(t, err)
	s := &server{hostKey: ssh.FingerprintSHA256(host.PublicKey())}
	s.config = &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(authorized.Marshal()) {
			return nil, fmt.Errorf("unknown key")
		}
		return &ssh.Permissions{Extensions: map[string]string{"fingerprint": ssh.FingerprintSHA256(key)}}, nil
	}}
	s.config.AddHostKey(host)
	s.listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.listener.Close() })
	go s.accept()
	return s
}

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		go s.serve(conn)
	}
}

// serve answers every command of a client that could prove that it has the key.
func (s *server) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	login, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.presented = append(s.presented, login.Permissions.Extensions["fingerprint"])
	s.mu.Unlock()
	go ssh.DiscardRequests(requests)
	for opened := range channels {
		channel, requests, err := opened.Accept()
		if err != nil {
			return
		}
		for request := range requests {
			_ = request.Reply(request.Type == "exec", nil)
			if request.Type == "exec" {
				_, _ = fmt.Fprintln(channel, loginOK)
				_, _ = channel.SendRequest("exit-status", false, []byte{0, 0, 0, 0})
				_ = channel.Close()
			}
		}
	}
}

// logins returns the fingerprints of the keys that logged in.
func (s *server) logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.presented...)
}

// plink logs in with a .ppk. The passphrase is typed on standard input, which plink
// reads where it has no terminal.
func (s *server) plink(t *testing.T, ppk, typed string) keytest.Outcome {
	t.Helper()
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	require.NoError(t, err)
	return keytest.RunDetached(t, filepath.Dir(ppk), typed, keytest.Tool(t, "plink"),
		"-ssh", "-P", port, "-hostkey", s.hostKey, "-i", ppk, "somebody@127.0.0.1", "say it")
}

// TestPlinkLogsIn is what the .ppk files are for: PuTTY's client logs in with each,
// and the server sees the key that was converted.
func TestPlinkLogsIn(t *testing.T) {
	keytest.Tool(t, "plink")
	for _, keyType := range keytest.Some(2, []string{"rsa2048", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519"}) {
		public, _, _, _, err := ssh.ParseAuthorizedKey(keytest.Read(t, "twins", keyType+".pub"))
		require.NoError(t, err)
		for _, source := range []string{".pkcs8.pem", ".enc.openssh"} {
			for _, version := range []string{"2", "3"} {
				t.Run(keyType+source+"/v"+version, func(t *testing.T) {
					t.Parallel()
					s := startServer(t, public)
					ppk, typed := toPPKFile(t, keyType+source, "--ppk-version", version)
					got := s.plink(t, ppk, typed)
					assert.Contains(t, got.Stdout, loginOK, got.Stderr)
					assert.Equal(t, []string{ssh.FingerprintSHA256(public)}, s.logins())
				})
			}
		}
	}
}

// toPPKFile converts a twin, and returns what is to be typed to open the result.
func toPPKFile(t *testing.T, twin string, flags ...string) (ppk, typed string) {
	t.Helper()
	dir := t.TempDir()
	ppk = filepath.Join(dir, "key.ppk")
	args := append([]string{"pem2ppk", "-o", ppk}, flags...)
	if strings.Contains(twin, ".enc.") {
		pass := keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
		args = append(args, "--passphrase-file", pass)
		typed = keytest.Passphrase + "\n"
	}
	got := keytest.RunDetached(t, dir, "", keytest.Command(t), append(args, keytest.Testdata(t, "twins", twin))...)
	require.Zero(t, got.Code, got.Stderr)
	return ppk, typed
}

// TestPlinkDoesNotLogIn shows that the test above can fail.
func TestPlinkDoesNotLogIn(t *testing.T) {
	public, _, _, _, err := ssh.ParseAuthorizedKey(keytest.Read(t, "twins", "ed25519.pub"))
	require.NoError(t, err)
	s := startServer(t, public)
	encrypted, _ := toPPKFile(t, "ed25519.enc.openssh")
	other, _ := toPPKFile(t, "ecdsa256.pem")
	for name, got := range map[string]keytest.Outcome{
		"wrong passphrase": s.plink(t, encrypted, "wrong\n"),
		"other key":        s.plink(t, other, ""),
	} {
		assert.NotContains(t, got.Stdout, loginOK, name)
	}
	assert.Empty(t, s.logins())
}

// TestPlinkWithTheConsoleKey is the founding case: the key of a cloud's console.
func TestPlinkWithTheConsoleKey(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem"})
	line := keytest.RunDetached(t, dir, "", keytest.Command(t), "public", "key.pem")
	public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line.Stdout))
	require.NoError(t, err)
	s := startServer(t, public)
	require.Zero(t, keytest.RunDetached(t, dir, "", keytest.Command(t), "pem2ppk", "key.pem").Code)
	got := s.plink(t, filepath.Join(dir, "key.ppk"), "")
	assert.Contains(t, got.Stdout, loginOK, got.Stderr)
	kept, err := os.ReadFile(filepath.Join(dir, "key.pem"))
	require.NoError(t, err)
	assert.Equal(t, keytest.Read(t, "console-rsa2048.pem"), kept)
}

//go:build unix

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sshd is a real server on the loopback, which runs as the user of the test.
type sshd struct {
	dir, port, hostKey, login string
}

// startSSHD starts a server with some more lines of configuration, and stops it in
// the end.
func startSSHD(t *testing.T, config string) *sshd {
	t.Helper()
	path := keytest.Tool(t, "sshd")
	makeSeparationFolder(t)
	me, err := user.Current()
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &sshd{dir: t.TempDir(), login: me.Username + "@127.0.0.1"}
	_, s.port, err = net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	host := filepath.Join(s.dir, "host")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host)
	fingerprint := keytest.RunDetached(t, s.dir, "", keytest.Tool(t, "ssh-keygen"), "-lf", host+".pub")
	_, err = fmt.Sscanf(fingerprint.Stdout, "256 %s", &s.hostKey)
	require.NoError(t, err)
	configFile := keytest.WriteFile(t, s.dir, "sshd_config", fmt.Appendf(nil, `
HostKey %s
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
%s
`, host, config))
	s.serve(t, listener, exec.Command(path, "-i", "-e", "-f", configFile))
	return s
}

// serve gives each connection to a server of its own, as inetd does: then no port is free for a
// moment, in which another program could take it.
func (s *sshd) serve(t *testing.T, listener net.Listener, server *exec.Cmd) {
	t.Helper()
	log, err := os.Create(filepath.Join(s.dir, "log"))
	require.NoError(t, err)
	var group sync.WaitGroup
	ctx, stop := context.WithCancel(context.Background())
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			socket, err := conn.(*net.TCPConn).File()
			_ = conn.Close()
			if !assert.NoError(t, err) {
				return
			}
			cmd := exec.CommandContext(ctx, server.Path, server.Args[1:]...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = socket, socket, log
			group.Go(func() {
				_ = cmd.Run() // it fails where nobody logs in
				_ = socket.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		stop()
		group.Wait()
		_ = log.Close()
		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Log(string(text))
		}
	})
}

// makeSeparationFolder: sshd does not start without its folder, which the system makes
// at boot where the server is in use.
func makeSeparationFolder(t *testing.T) {
	t.Helper()
	const dir = "/run/sshd"
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if os.Geteuid() != 0 {
		keytest.Skip(t, "sshd needs the folder "+dir+", which only root can make")
	}
	require.NoError(t, os.MkdirAll(dir, 0o755)) // another test may make it too
}

// ssh logs in with a key file, as "ssh -i FILE" does, in the file's folder.
func (s *sshd) ssh(t *testing.T, key string, env ...string) keytest.Outcome {
	t.Helper()
	args := append(env, keytest.Tool(t, "ssh"), "-F", "/dev/null", "-i", key, "-p", s.port,
		"-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "StrictHostKeyChecking=no", "-o", "PreferredAuthentications=publickey",
		s.login, "echo "+loginOK)
	return keytest.RunDetached(t, filepath.Dir(key), "", keytest.Tool(t, "env"), args...)
}

func (s *sshd) plink(t *testing.T, key, typed string) keytest.Outcome {
	t.Helper()
	return keytest.RunDetached(t, filepath.Dir(key), typed, keytest.Tool(t, "plink"),
		"-ssh", "-P", s.port, "-hostkey", s.hostKey, "-i", key, s.login, "echo "+loginOK)
}

// authorize returns the configuration that lets the keys of twins in.
func authorize(t *testing.T, lines ...[]byte) string {
	t.Helper()
	file := keytest.WriteFile(t, t.TempDir(), "authorized_keys", bytes.Join(lines, nil))
	return "AuthorizedKeysFile " + file
}

// keyconvOK runs the command, which must succeed.
func keyconvOK(t *testing.T, dir string, args ...string) keytest.Outcome {
	t.Helper()
	got := keytest.RunDetached(t, dir, "", keytest.Command(t), args...)
	require.Zero(t, got.Code, got.Stderr)
	return got
}

// TestLogins converts keys for PuTTY and for OpenSSH, and logs in with both, with no
// more done to the files than the command did.
func TestLogins(t *testing.T) {
	keytest.Tool(t, "plink")
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{
		"console.pem": "console-rsa2048.pem", "other.ppk": "twins/ecdsa384.v3.ppk", "enc.ppk": "twins/ed25519.v3.enc.ppk",
	})
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	console := keyconvOK(t, dir, "public", "console.pem")
	s := startSSHD(t, authorize(t, []byte(console.Stdout), keytest.Read(t, "twins", "ecdsa384.pub"), keytest.Read(t, "twins", "ed25519.pub")))

	keyconvOK(t, dir, "pem2ppk", "console.pem")
	keyconvOK(t, dir, "ppk2pem", "console.ppk", "-o", "back.pem")
	keyconvOK(t, dir, "ppk2pem", "other.ppk")
	keyconvOK(t, dir, "convert", "--to", "openssh", "other.ppk", "-o", "other.openssh")
	keyconvOK(t, dir, "convert", "--to", "pkcs8", "other.ppk", "-o", "other.pkcs8")
	keyconvOK(t, dir, "ppk2pem", "--passphrase-file", "pass", "--kdf-rounds", "2", "enc.ppk")
	askpass := filepath.Join(dir, "askpass")
	require.NoError(t, os.WriteFile(askpass, []byte("#!/bin/sh\necho "+keytest.Passphrase+"\n"), 0o700))

	for name, got := range map[string]keytest.Outcome{
		"console key in PuTTY":    s.plink(t, filepath.Join(dir, "console.ppk"), ""),
		"and back in OpenSSH":     s.ssh(t, filepath.Join(dir, "back.pem")),
		".ppk in OpenSSH":         s.ssh(t, filepath.Join(dir, "other.pem")),
		"as openssh":              s.ssh(t, filepath.Join(dir, "other.openssh")),
		"as pkcs8":                s.ssh(t, filepath.Join(dir, "other.pkcs8")),
		"encrypted .ppk in PuTTY": s.plink(t, filepath.Join(dir, "enc.ppk"), keytest.Passphrase+"\n"),
		"encrypted in OpenSSH":    s.ssh(t, filepath.Join(dir, "enc.pem"), "SSH_ASKPASS="+askpass, "SSH_ASKPASS_REQUIRE=force"),
	} {
		assert.Contains(t, got.Stdout, loginOK, "%s: %s", name, got.Stderr)
	}
	for name, got := range map[string]keytest.Outcome{
		"encrypted, without its passphrase": s.ssh(t, filepath.Join(dir, "enc.pem"), "SSH_ASKPASS=/bin/false", "SSH_ASKPASS_REQUIRE=force"),
		"a .ppk in OpenSSH":                 s.ssh(t, filepath.Join(dir, "other.ppk")),
	} {
		assert.NotContains(t, got.Stdout, loginOK, name)
	}
}

// startSSHDWithAuthority starts a server that knows no key, only an authority, and puts a
// key with a certificate of it into the folder: "key" and "key-cert.pub".
func startSSHDWithAuthority(t *testing.T, dir string) *sshd {
	t.Helper()
	me, err := user.Current()
	require.NoError(t, err)
	ca := filepath.Join(dir, "ca")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ca)
	keytest.CopyInto(t, dir, map[string]string{"key": "twins/ed25519.openssh", "key.pub": "twins/ed25519.pub"})
	keytest.Run(t, nil, "ssh-keygen", "-q", "-s", ca, "-I", "test", "-n", me.Username, filepath.Join(dir, "key.pub"))
	return startSSHD(t, "AuthorizedKeysFile none\nTrustedUserCAKeys "+ca+".pub")
}

// TestLoginWithCertificate logs in to a server that knows no key, only the authority:
// with the certificate that came out of a .ppk, and with one put into a .ppk.
func TestLoginWithCertificate(t *testing.T) {
	t.Parallel()
	plink := keytest.Tool(t, "plink")
	dir := t.TempDir()
	s := startSSHDWithAuthority(t, dir)

	keyconvOK(t, dir, "pem2ppk", "--certificate", "key-cert.pub", "key", "-o", "cert.ppk")
	keyconvOK(t, dir, "ppk2pem", "cert.ppk", "-o", "out")
	keyconvOK(t, dir, "ppk2pem", "--remove-certificate", "cert.ppk", "-o", "plain")
	got := s.ssh(t, filepath.Join(dir, "out"))
	assert.Contains(t, got.Stdout, loginOK, got.Stderr)
	got = s.ssh(t, filepath.Join(dir, "plain"))
	assert.NotContains(t, got.Stdout, loginOK)
	if version := keytest.RunDetached(t, dir, "", plink, "-V"); knowsCertificates(t, version.Stdout) {
		got = s.plink(t, filepath.Join(dir, "cert.ppk"), "")
		assert.Contains(t, got.Stdout, loginOK, got.Stderr)
	}
}

// knowsCertificates: PuTTY does since 0.78 (its change log).
func knowsCertificates(t *testing.T, version string) bool {
	t.Helper()
	var minor int
	_, err := fmt.Sscanf(version, "plink: Release 0.%d", &minor)
	require.NoError(t, err, version)
	return minor >= 78
}

// TestFixedKeyLogsIn: ssh refuses a key that others can read, until its permissions are
// fixed.
func TestFixedKeyLogsIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "twins/ed25519.openssh"})
	key := filepath.Join(dir, "key.pem")
	s := startSSHD(t, authorize(t, keytest.Read(t, "twins", "ed25519.pub")))
	require.NoError(t, os.Chmod(key, 0o644))
	refused := s.ssh(t, key)
	assert.NotZero(t, refused.Code)
	assert.Contains(t, refused.Stderr, "UNPROTECTED PRIVATE KEY FILE")
	keyconvOK(t, dir, "fix-permissions", "key.pem")
	got := s.ssh(t, key)
	assert.Equal(t, loginOK, strings.TrimSpace(got.Stdout), got.Stderr)
	assert.NotContains(t, got.Stderr, "UNPROTECTED")
}

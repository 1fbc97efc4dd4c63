//go:build unix

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sessionHome is a person's machine: a home directory, and keys in a folder with a name
// that needs escapes everywhere.
type sessionHome struct {
	home, keys string
}

func newSessionHome(t *testing.T) sessionHome {
	t.Helper()
	dir := t.TempDir()
	h := sessionHome{home: filepath.Join(dir, "home"), keys: filepath.Join(dir, "my schlüssel 100% #1")}
	require.NoError(t, os.Mkdir(h.home, 0o700))
	require.NoError(t, os.Mkdir(h.keys, 0o700))
	return h
}

// run starts a program at home, in the folder of the keys. ssh, and what saves sessions for
// it, go by the entry of the account, so that this has another one in a namespace of its own,
// where the user is root.
func (h sessionHome) run(t *testing.T, program string, args ...string) keytest.Outcome {
	t.Helper()
	return h.runWith(t, "HOME="+h.home, program, args...)
}

func (h sessionHome) runWith(t *testing.T, env, program string, args ...string) keytest.Outcome {
	t.Helper()
	return h.start(t, "", env, program, args...)
}

// runTyping starts a program that reads what is typed.
func (h sessionHome) runTyping(t *testing.T, typed, program string, args ...string) keytest.Outcome {
	t.Helper()
	return h.start(t, typed, "HOME="+h.home, program, args...)
}

func (h sessionHome) start(t *testing.T, typed, env, program string, args ...string) keytest.Outcome {
	t.Helper()
	passwd := keytest.WriteFile(t, t.TempDir(), "passwd", []byte("root:x:0:0::"+h.home+":/bin/sh\n"))
	line := []string{"-rm", keytest.Tool(t, "sh"), "-c", `mount --bind "$0" /etc/passwd && exec env "$@"`, passwd, env, program}
	return keytest.RunDetached(t, h.keys, typed, keytest.Tool(t, "unshare"), append(line, args...)...)
}

func (h sessionHome) keyconv(t *testing.T, args ...string) keytest.Outcome {
	t.Helper()
	got := h.run(t, keytest.Command(t), args...)
	require.Zero(t, got.Code, got.Stderr)
	return got
}

// startSessionSSHD lets in who has the console's key or the twin ed25519, and returns
// the server as a target.
func startSessionSSHD(t *testing.T, h sessionHome) (server *sshd, target string) {
	t.Helper()
	keytest.CopyInto(t, h.keys, map[string]string{"ecs.pem": "console-rsa2048.pem", "ed.ppk": "twins/ed25519.v3.ppk"})
	console := h.keyconv(t, "public", "ecs.pem")
	server = startSSHD(t, authorize(t, []byte(console.Stdout), keytest.Read(t, "twins", "ed25519.pub")))
	return server, server.login + ":" + server.port
}

// TestSessionInPuTTY is the end of the founding story: a session with the key from the
// console, and one word logs in.
func TestSessionInPuTTY(t *testing.T) {
	t.Parallel()
	plink := keytest.Tool(t, "plink")
	h := newSessionHome(t)
	s, target := startSessionSSHD(t, h)
	for _, name := range keytest.Some(4, []string{"ecs", "my box", "100%", "büx Ж 阿里云", ".x", "a*?b", "root@1.2.3.4:22", "../x", `back\slash`}) {
		h.keyconv(t, "session", name, target, "--key", "ecs.pem", "--for", "putty")
		got := h.run(t, plink, "-batch", "-hostkey", s.hostKey, "-load", name, "echo "+loginOK)
		assert.Contains(t, got.Stdout, loginOK, "%s: %s", name, got.Stderr)
	}
	h.keyconv(t, "session", "ecs", target, "--key", "ed.ppk", "--for", "putty", "--force")
	got := h.run(t, plink, "-batch", "-hostkey", s.hostKey, "-load", "ecs", "echo "+loginOK)
	assert.Contains(t, got.Stdout, loginOK, got.Stderr)

	keytest.CopyInto(t, h.keys, map[string]string{"other.pem": "twins/rsa2048.pem"})
	h.keyconv(t, "session", "other", target, "--key", "other.pem", "--for", "putty")
	got = h.run(t, plink, "-batch", "-hostkey", s.hostKey, "-load", "other", "echo "+loginOK)
	assert.NotContains(t, got.Stdout, loginOK, "this test has to be able to fail")
}

// TestSessionByDefault is what README promises: two commands, whatever HOME is, with a key
// as it was downloaded, and with one that is damaged.
func TestSessionByDefault(t *testing.T) {
	ssh := keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	s, target := startSessionSSHD(t, h)
	known := filepath.Join(t.TempDir(), "known_hosts")
	config := filepath.Join(h.home, ".ssh", "config")
	require.NoError(t, os.Mkdir(filepath.Dir(config), 0o700))
	before := "Host *\n  IdentityAgent none\n  StrictHostKeyChecking no\n  UserKnownHostsFile " + known + "\n"
	require.NoError(t, os.WriteFile(config, []byte(before), 0o600))
	pem := keytest.Read(t, "console-rsa2048.pem")
	keytest.WriteFile(t, h.keys, "damaged.pem", append([]byte("  "), bytes.ReplaceAll(pem, []byte("\n"), []byte("\n  "))...))
	require.NoError(t, os.Chmod(filepath.Join(h.keys, "ecs.pem"), 0o644))
	for name, key := range map[string]string{"ecs": "ecs.pem", "putty": "ed.ppk", "damaged": "damaged.pem"} {
		got := h.runWith(t, "HOME=/elsewhere", keytest.Command(t), "session", name, target, "--key", key)
		require.Zero(t, got.Code, got.Stderr)
		got = h.run(t, ssh, name, "echo "+loginOK)
		assert.Contains(t, got.Stdout, loginOK, "%s: %s", name, got.Stderr)
		got = h.runWith(t, "HOME=/elsewhere", keytest.Command(t), "session", name, target, "--key", key)
		assert.Contains(t, got.Stderr, "already there", name)
		assert.Zero(t, got.Code)
	}
	kept, err := os.ReadFile(filepath.Join(h.keys, "ecs.pem"))
	require.NoError(t, err)
	assert.Equal(t, pem, kept)
	got := h.run(t, ssh, "-p", s.port, "127.0.0.1", "echo "+loginOK)
	assert.NotContains(t, got.Stdout, loginOK, "this test has to be able to fail")
}

// TestSessionInOpenSSH logs in by a Host block, with nothing done to the key.
func TestSessionInOpenSSH(t *testing.T) {
	ssh := keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	s, target := startSessionSSHD(t, h)
	known := filepath.Join(t.TempDir(), "known_hosts")
	config := filepath.Join(h.home, ".ssh", "config")
	require.NoError(t, os.Mkdir(filepath.Dir(config), 0o700))
	require.NoError(t, os.WriteFile(config, []byte("IdentityAgent none\n\nHost *\n  User nobody\n  Port 1\n  StrictHostKeyChecking no\n  UserKnownHostsFile "+known), 0o600))
	for name, key := range map[string]string{"ecs": "ecs.pem", "büx_2.x": "ed.ppk"} {
		h.keyconv(t, "session", name, target, "--key", key, "--for", "openssh", "--add")
		got := h.run(t, ssh, "-F", config, name, "echo "+loginOK)
		assert.Contains(t, got.Stdout, loginOK, "%s: %s", name, got.Stderr)
	}
	got := h.run(t, ssh, "-F", config, "-p", s.port, "127.0.0.1", "echo "+loginOK)
	assert.NotContains(t, got.Stdout, loginOK, "this test has to be able to fail")
}

// TestSessionOfIPv6: the address goes in without its brackets.
func TestSessionOfIPv6(t *testing.T) {
	ssh := keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	keytest.CopyInto(t, h.keys, map[string]string{"ecs.pem": "console-rsa2048.pem"})
	block := h.keyconv(t, "session", "ecs", "root@[2001:db8::1]:2222", "--key", "ecs.pem", "--for", "openssh", "-o", "-")
	config := keytest.WriteFile(t, h.home, "config", []byte(block.Stdout))
	got := h.run(t, ssh, "-G", "-F", config, "ecs")
	assert.Contains(t, got.Stdout, "hostname 2001:db8::1\nport 2222\n")

	h.keyconv(t, "session", "ecs", "root@[::1]:1", "--key", "ecs.pem", "--for", "putty")
	got = h.run(t, keytest.Tool(t, "plink"), "-v", "-batch", "-load", "ecs", "true")
	assert.Contains(t, got.Stderr, "Connecting to ::1 port 1")
	assert.NotZero(t, got.Code)
}

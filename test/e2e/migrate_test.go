//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// putty writes a session as PuTTY on Unix saves it.
func (h sessionHome) putty(t *testing.T, name string, lines ...string) {
	t.Helper()
	dir := filepath.Join(h.home, ".putty", "sessions")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	keytest.WriteFile(t, dir, name, []byte(strings.Join(lines, "\n")+"\nPresent=1\n"))
}

// TestMigrateLogsIn: what plink logs in with, ssh does after the move, through a jump host
// too, and knows the host, so that it asks nothing.
func TestMigrateLogsIn(t *testing.T) {
	plink, ssh := keytest.Tool(t, "plink"), keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	s, target := startSessionSSHD(t, h)
	h.keyconv(t, "session", "my box", target, "--key", "ecs.pem", "--for", "putty")
	user, _, _ := strings.Cut(target, "@")
	h.putty(t, "via", "HostName="+user+"@127.0.0.1", "PortNumber="+s.port, "Protocol=ssh", "PublicKeyFile="+filepath.Join(h.keys, "ed.ppk"),
		"ProxyMethod=6", "ProxyHost=my box", "PortForwardings=L127.0.0.4:65000=localhost:1,R65001=localhost:2,4D65002=")

	first := h.runTyping(t, "y\n", plink, "-load", "my box", "echo "+loginOK)
	require.Contains(t, first.Stdout, loginOK, first.Stderr)
	got := h.run(t, plink, "-batch", "-v", "-load", "via", "echo "+loginOK)
	require.Contains(t, got.Stdout, loginOK, got.Stderr)

	for _, forward := range []string{"127.0.0.4:65000 forwarding to localhost:1", "port 65001 forward to localhost:2", "Local IPv4 port 65002 SOCKS dynamic forwarding"} {
		assert.Contains(t, got.Stderr, forward, "as plink reads PortForwardings")
	}
	moved := h.keyconv(t, "migrate")
	forwards := h.run(t, ssh, "-G", "via").Stdout
	for _, line := range []string{"localforward [127.0.0.4]:65000 [localhost]:1", "remoteforward 65001 [localhost]:2", "dynamicforward [127.0.0.1]:65002"} {
		assert.Contains(t, forwards, line)
	}
	assert.Contains(t, moved.Stderr, `PuTTY "my box" -> my-box (`)
	assert.Contains(t, moved.Stderr, "known_hosts: written, 1 host key added")
	for _, alias := range []string{"my-box", "via"} {
		got := h.run(t, ssh, "-o", "BatchMode=yes", "-o", "IdentityAgent=none", "-o", "ClearAllForwardings=yes", alias, "echo "+loginOK)
		assert.Contains(t, got.Stdout, loginOK, "%s: %s", alias, got.Stderr)
	}
	before := keytest.Snapshot(t, h.home)
	again := h.keyconv(t, "migrate")
	assert.Contains(t, again.Stderr, "2 sessions: 2 already there")
	assert.Equal(t, before, keytest.Snapshot(t, h.home))
}

// TestMigrateOptions: each setting is what ssh then has, although blocks for all hosts say
// otherwise, and plink takes the forwarded ports for the same.
func TestMigrateOptions(t *testing.T) {
	ssh := keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	keytest.CopyInto(t, h.keys, map[string]string{"ed.ppk": "twins/ed25519.v3.ppk"})
	h.putty(t, "all", "HostName=me@[2001:db8::1]", "PortNumber=2222", "Protocol=ssh", "PublicKeyFile="+filepath.Join(h.keys, "ed.ppk"),
		"PingInterval=1", "PingIntervalSecs=5", "AgentFwd=1", "Compression=1", "X11Forward=1", "TryAgent=0", "AddressFamily=2", "LogHost=alias",
		`RemoteCommand=echo "a  # b" %d`, "Environment=A=b c,D=e", "RekeyBytes=512M", "RekeyTime=30", "LocalPortAcceptAll=1", "TCPKeepalives=1", "GssapiFwd=1",
		"PortForwardings=L8080=web:80,R9=[::1]:90,D1080=,4L1=h:2,L[::1]:5=h:6", "ProxyMethod=6", "ProxyHost=gate", "ProxyPort=2022", "ProxyUsername=bob")
	h.putty(t, "plain", "HostName=h", "Protocol=ssh", "NoPTY=1")
	require.NoError(t, os.Mkdir(filepath.Join(h.home, ".ssh"), 0o700))
	keytest.WriteFile(t, filepath.Join(h.home, ".ssh"), "config", []byte("User nobody\nMatch all\n  Port 1\nHost *\n  ServerAliveInterval 1\n  HostKeyAlias no\n"))
	h.keyconv(t, "migrate")
	options := strings.ToLower(h.run(t, ssh, "-G", "all").Stdout)
	for _, line := range []string{
		"hostname 2001:db8::1", "user me", "port 2222", "serveraliveinterval 65", "forwardagent yes", "compression yes", "forwardx11 yes", "forwardx11trusted yes",
		"identityagent none", "identitiesonly yes", "addressfamily inet6", "hostkeyalias alias", `remotecommand echo "a  # b" %d`, "setenv a=b c", "setenv d=e",
		"rekeylimit 536870912 1800", "gatewayports yes", "tcpkeepalive yes", "localforward 8080 [web]:80", "remoteforward 9 [::1]:90", "dynamicforward 1080",
		"localforward [0.0.0.0]:1 [h]:2", "localforward [::1]:5 [h]:6", "proxyjump bob@gate:2022", "identityfile " + strings.ToLower(filepath.Join(h.home, ".ssh", "ed.pem")),
	} {
		assert.Contains(t, "\n"+options, "\n"+line+"\n")
	}
	plain := h.run(t, ssh, "-G", "plain").Stdout
	assert.Contains(t, plain, "\nport 22\n")
	assert.Contains(t, plain, "\nrequesttty false\n")
	other := h.run(t, ssh, "-G", "other").Stdout
	assert.Contains(t, other, "user nobody\n")
	assert.Contains(t, other, "\nport 1\n")
	assert.Contains(t, other, "\nserveraliveinterval 1\n", "what was there holds for all others as before")
}

// TestMigratePage runs the commands of docs/migrate.md, each block as a person with another
// account, in a folder with the console's key.
func TestMigratePage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "docs", "migrate.md"))
	require.NoError(t, err)
	bin := filepath.Dir(keytest.Command(t))
	blocks := 0
	for _, m := range keytest.ShellBlock.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "" {
			continue
		}
		blocks++
		h := newSessionHome(t)
		keytest.CopyInto(t, h.keys, map[string]string{"key.pem": "console-rsa2048.pem"})
		got := h.run(t, "PATH="+bin+":"+os.Getenv("PATH"), keytest.Tool(t, "bash"), "-eu", "-c", m[2])
		assert.Zero(t, got.Code, "%s%s", got.Stdout, got.Stderr)
	}
	assert.Equal(t, 5, blocks)
}

// TestMigrateBack: plink logs in with what ssh has in its configuration, and has the host,
// user and port that "ssh -G" shows.
func TestMigrateBack(t *testing.T) {
	plink, ssh := keytest.Tool(t, "plink"), keytest.Tool(t, "ssh")
	h := newSessionHome(t)
	s, target := startSessionSSHD(t, h)
	user, _, _ := strings.Cut(target, "@")
	dir := filepath.Join(h.home, ".ssh")
	require.NoError(t, os.Mkdir(dir, 0o700))
	keytest.WriteFile(t, dir, "config", []byte("Include more\nHost box via\n  HostName 127.0.0.1\n  Port "+s.port+"\n  IdentityFile \""+strings.ReplaceAll(filepath.Join(h.keys, "ecs.pem"), "%", "%%")+"\"\n"+
		"Host via\n  ProxyJump box\n  LocalForward 127.0.0.3:65000 localhost:1\nHost other-*\n  Port 1\nMatch originalhost third user nobody\n  Port 3\nHost *\n  Port 4\n  User "+user+"\n"))
	keytest.WriteFile(t, dir, "more", []byte("Host third\n  HostName %h.example\n  User nobody\n"))
	moved := h.keyconv(t, "migrate", "--from", "openssh", "--for", "putty")
	assert.Contains(t, moved.Stderr, "3 sessions: 3 added")
	for _, alias := range []string{"box", "via", "third"} {
		data, err := os.ReadFile(filepath.Join(h.home, ".putty", "sessions", alias))
		require.NoError(t, err)
		got := h.run(t, ssh, "-G", alias)
		require.Zero(t, got.Code, got.Stderr)
		resolved := got.Stdout
		for _, pair := range [][2]string{{"HostName", "hostname"}, {"PortNumber", "port"}, {"UserName", "user"}} {
			_, value, found := strings.Cut("\n"+string(data), "\n"+pair[0]+"=")
			require.True(t, found, alias)
			value, _, _ = strings.Cut(value, "\n")
			assert.Contains(t, "\n"+resolved, "\n"+pair[1]+" "+value+"\n", alias)
		}
	}
	first := h.runTyping(t, "y\n", plink, "-load", "box", "echo "+loginOK)
	assert.Contains(t, first.Stdout, loginOK, first.Stderr)
	got := h.run(t, plink, "-batch", "-load", "via", "echo "+loginOK)
	assert.Contains(t, got.Stdout, loginOK, got.Stderr)
	again := h.keyconv(t, "migrate", "--from", "openssh", "--for", "putty")
	assert.Contains(t, again.Stderr, "3 sessions: 3 already there")
}

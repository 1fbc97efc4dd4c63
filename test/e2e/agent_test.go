//go:build unix

package e2e

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh/agent"
)

// sshByAgent logs in with the keys of an agent, and with no other.
func (s *sshd) sshByAgent(t *testing.T, socket string) keytest.Outcome {
	t.Helper()
	return withSSHAgent(t, socket, s.dir, keytest.Tool(t, "ssh"), "-F", "/dev/null", "-p", s.port,
		"-o", "IdentityFile=none", "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no",
		"-o", "PreferredAuthentications=publickey", s.login, "echo "+loginOK)
}

func (s *sshd) plinkByAgent(t *testing.T, socket string) keytest.Outcome {
	t.Helper()
	return withSSHAgent(t, socket, s.dir, keytest.Tool(t, "plink"), "-batch", "-ssh", "-agent", "-P", s.port,
		"-hostkey", s.hostKey, s.login, "echo "+loginOK)
}

// TestAgentLogins: what is in the agent logs in, with OpenSSH's client and PuTTY's, and
// what was taken out does not.
func TestAgentLogins(t *testing.T) {
	t.Parallel()
	keytest.Tool(t, "plink")
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{
		"console.pem": "console-rsa2048.pem", "ed25519.ppk": "twins/ed25519.v3.enc.ppk", "ecdsa256.p8": "twins/ecdsa256.pkcs8.pem",
		"ecdsa384.ppk": "twins/ecdsa384.v2.ppk", "ecdsa521": "twins/ecdsa521.openssh", "ssh1.key": "ssh1/rsa2048.key", "rsa.p12": "p12/rsa2048.p12",
	})
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	var authorized [][]byte
	files := keytest.Some(3, []string{"console.pem", "ed25519.ppk", "ecdsa256.p8", "ecdsa384.ppk", "ecdsa521", "ssh1.key", "rsa.p12"})
	for _, name := range files {
		public := keyconvOK(t, dir, "public", "--passphrase-file", "pass", name)
		authorized = append(authorized, []byte(public.Stdout))
	}
	s := startSSHD(t, authorize(t, authorized...))
	socket := keytest.StartSSHAgent(t)
	for _, name := range files {
		got := withSSHAgent(t, socket, dir, keytest.Command(t), "agent", "--passphrase-file", "pass", name)
		require.Zero(t, got.Code, got.Stderr)
		for client, login := range map[string]keytest.Outcome{"ssh": s.sshByAgent(t, socket), "plink": s.plinkByAgent(t, socket)} {
			assert.Contains(t, login.Stdout, loginOK, "%s, %s: %s", name, client, login.Stderr)
		}
		got = withSSHAgent(t, socket, dir, keytest.Command(t), "agent", "--delete", "--passphrase-file", "pass", name)
		require.Zero(t, got.Code, got.Stderr)
		for client, login := range map[string]keytest.Outcome{"ssh": s.sshByAgent(t, socket), "plink": s.plinkByAgent(t, socket)} {
			assert.NotContains(t, login.Stdout, loginOK, "%s, %s", name, client)
		}
	}
}

// TestAgentLoginWithCertificate: the server knows only the authority.
func TestAgentLoginWithCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startSSHDWithAuthority(t, dir)
	keyconvOK(t, dir, "pem2ppk", "--certificate", "key-cert.pub", "key", "-o", "cert.ppk")
	for args, want := range map[string]bool{
		"cert.ppk": true, "key": true, "cert.ppk --remove-certificate": false, "key --remove-certificate": false,
	} {
		socket := keytest.StartSSHAgent(t)
		got := withSSHAgent(t, socket, dir, keytest.Command(t), append([]string{"agent"}, strings.Fields(args)...)...)
		require.Zero(t, got.Code, got.Stderr)
		login := s.sshByAgent(t, socket)
		assert.Equal(t, want, strings.Contains(login.Stdout, loginOK), "%s: %s", args, login.Stderr)
	}
}

// TestAgentConfirms: an agent that gets no for an answer does not sign, and one that
// gets yes does.
func TestAgentConfirms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.ppk": "twins/ed25519.v3.ppk"})
	s := startSSHD(t, authorize(t, keytest.Read(t, "twins", "ed25519.pub")))
	for program, want := range map[string]bool{"true": true, "false": false} {
		socket := keytest.StartSSHAgent(t, "SSH_ASKPASS="+keytest.Tool(t, program), "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none")
		got := withSSHAgent(t, socket, dir, keytest.Command(t), "agent", "--confirm", "key.ppk")
		require.Zero(t, got.Code, got.Stderr)
		assert.Contains(t, got.Stderr, ", to be confirmed at each use\n")
		login := s.sshByAgent(t, socket)
		assert.Equal(t, want, strings.Contains(login.Stdout, loginOK), "%s: %s", program, login.Stderr)
	}
}

// recorder is an agent that keeps what it was asked to add, constraints and all, and
// can refuse it.
type recorder struct {
	agent.Agent
	refuse func(agent.AddedKey) bool

	mu    sync.Mutex
	added []agent.AddedKey
}

func (r *recorder) Add(key agent.AddedKey) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refuse != nil && r.refuse(key) {
		return os.ErrPermission
	}
	r.added = append(r.added, key)
	key.ConfirmBeforeUse = false // which the keyring refuses
	return r.Agent.Add(key)
}

func (r *recorder) refuseAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = func(agent.AddedKey) bool { return true }
}

// got is what was added.
func (r *recorder) got() []agent.AddedKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.added
}

// serveAgent returns the socket of an agent inside the test.
func serveAgent(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return path
}

func recordAgent(t *testing.T, refuse func(agent.AddedKey) bool) (*recorder, string) {
	t.Helper()
	r := &recorder{Agent: agent.NewKeyring(), refuse: refuse}
	return r, serveAgent(t, func(c net.Conn) { _ = agent.ServeAgent(r, c) })
}

// TestAgentConstraints: the agent is told of them, for the key and its certificate.
func TestAgentConstraints(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.ppk": "corpus/generated/ecdsa256.cert.v3.ppk"})
	for args, want := range map[string]agent.AddedKey{
		"":                  {},
		"--lifetime 1h30m":  {LifetimeSecs: 5400},
		"-t 90 -c":          {LifetimeSecs: 90, ConfirmBeforeUse: true},
		"--confirm -C mine": {ConfirmBeforeUse: true, Comment: "mine"},
	} {
		r, socket := recordAgent(t, nil)
		got := withSSHAgent(t, socket, dir, keytest.Command(t), strings.Fields("agent key.ppk "+args)...)
		require.Zero(t, got.Code, got.Stderr)
		require.Len(t, r.got(), 2)
		for i, key := range r.got() {
			assert.Equal(t, want.LifetimeSecs, key.LifetimeSecs, args)
			assert.Equal(t, want.ConfirmBeforeUse, key.ConfirmBeforeUse, args)
			assert.Equal(t, i == 1, key.Certificate != nil, args)
			if want.Comment != "" {
				assert.Equal(t, want.Comment, key.Comment)
			}
		}
	}
}

// TestAgentWithEveryTwin: the key that arrives is the key of the file, in each form
// and of each type.
func TestAgentWithEveryTwin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	socket := keytest.StartSSHAgent(t) // a real one: that of x/crypto refuses the DSA key
	for i, twin := range keytest.Twins(t, "openssh-key-v1", "pkcs8", "pkcs1", "sec1", "dsa", "sshcom", "ppk2", "ppk3") {
		if twin.Type == "ed448" || keytest.Sampled() && i%4 > 0 {
			continue // TestScripts/agent has Ed448
		}
		path := keytest.Testdata(t, "twins", twin.Name)
		got := withSSHAgent(t, socket, dir, keytest.Command(t), "agent", "--passphrase-file", "pass", path)
		require.Zero(t, got.Code, "%s: %s", twin.Name, got.Stderr)
		public := strings.Join(strings.Fields(string(keytest.Read(t, "twins", twin.Type+".pub")))[:2], " ")
		listed := withSSHAgent(t, socket, dir, keytest.Tool(t, "ssh-add"), "-L")
		assert.Equal(t, 1, strings.Count(listed.Stdout, "\n"), twin.Name)
		assert.Contains(t, listed.Stdout, public, twin.Name)
		listed = withSSHAgent(t, socket, dir, keytest.Tool(t, "ssh-add"), "-D")
		require.Zero(t, listed.Code, listed.Stderr)
	}
}

// TestAgentRefusals: what there is to say, and that what is in the agent already is no
// failure, though Pageant calls it one.
func TestAgentRefusals(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.ppk": "corpus/generated/ed25519.cert.v3.ppk"})
	r, socket := recordAgent(t, nil)
	add := func(args ...string) keytest.Outcome {
		return withSSHAgent(t, socket, dir, keytest.Command(t), append([]string{"agent", "key.ppk"}, args...)...)
	}
	require.Zero(t, add().Code)
	r.refuseAll()
	got := add()
	assert.Zero(t, got.Code)
	assert.Equal(t, "note: key.ppk: the agent has the key already\nnote: key.ppk: the agent has the certificate already\n", got.Stderr)
	for _, other := range []string{"--lifetime=5", "--comment=other", "--confirm"} {
		got = add(other)
		assert.Equal(t, 1, got.Code, other)
		assert.Equal(t, "keyconv: key.ppk: the agent already has it, and does not change it\n"+
			"hint: keyconv agent --delete key.ppk takes it out first\n", got.Stderr)
	}

	r, socket = recordAgent(t, func(key agent.AddedKey) bool { return key.Certificate != nil })
	got = add()
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "added key.ppk to the agent")
	assert.Contains(t, got.Stderr, "\nkeyconv: key.ppk: the agent has the key, but refused its certificate\n"+
		"hint: --remove-certificate leaves the certificate out\n")
	assert.Len(t, r.got(), 1)
}

// TestDeadAgentDoesNotHang: something listens, and never answers. No passphrase is
// asked for then.
func TestDeadAgentDoesNotHang(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.ppk": "twins/ed25519.v3.enc.ppk"})
	silent := serveAgent(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	got := withSSHAgent(t, silent, dir, keytest.Command(t), "agent", "key.ppk")
	assert.Equal(t, keytest.Outcome{Code: 1, Stderr: "keyconv: the agent does not answer as an agent does: no answer within 10s\n" +
		"hint: eval \"$(ssh-agent)\" starts one for this shell\n"}, got)
	closing := serveAgent(t, func(c net.Conn) { _ = c.Close() })
	got = withSSHAgent(t, closing, dir, keytest.Command(t), "agent", "key.ppk")
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "keyconv: the agent does not answer as an agent does: the connection was closed\n")
}

// TestAgentThatGoesAway between two requests: writing to it makes the signal of a broken
// pipe, which is not that of a reader of the messages.
func TestAgentThatGoesAway(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.ppk": "twins/ed25519.v3.ppk"})
	socket := serveAgent(t, func(c net.Conn) {
		defer c.Close()
		_, _ = io.ReadFull(c, make([]byte, 5))             // a request for the list
		_, _ = c.Write([]byte{0, 0, 0, 5, 12, 0, 0, 0, 0}) // SSH_AGENT_IDENTITIES_ANSWER, none
	})
	got := withSSHAgent(t, socket, dir, keytest.Command(t), "agent", "key.ppk")
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "keyconv: ")
}

// withSSHAgent runs the command with the agent of a socket.
func withSSHAgent(t *testing.T, socket, dir, program string, args ...string) keytest.Outcome {
	t.Helper()
	return keytest.RunDetached(t, dir, "", keytest.Tool(t, "env"), append([]string{"SSH_AUTH_SOCK=" + socket, program}, args...)...)
}

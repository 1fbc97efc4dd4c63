package agentconn

import (
	"fmt"
	"net"
	"testing"

	"github.com/Microsoft/go-winio"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh/agent"
)

// listenPipe serves an agent there, unless the machine has one of its own.
func listenPipe(t *testing.T, path string) net.Listener {
	t.Helper()
	user, err := currentUser()
	require.NoError(t, err)
	l, err := winio.ListenPipe(path, &winio.PipeConfig{SecurityDescriptor: fmt.Sprintf("O:%[1]sD:P(A;;GA;;;%[1]s)", user)})
	if err != nil {
		t.Skipf("an agent runs on this machine: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(agent.NewKeyring(), c) }()
		}
	}()
	return l
}

// TestDialPipes: SSH_AUTH_SOCK before OpenSSH's agent before Pageant.
func TestDialPipes(t *testing.T) {
	private, _ := newKey(t)
	dials := func(want string, o Options) {
		t.Helper()
		a, err := Dial(t.Context(), o)
		require.NoError(t, err)
		defer a.Close()
		assert.Equal(t, want, a.Name)
		require.NoError(t, a.Add(agent.AddedKey{PrivateKey: private}))
	}
	t.Setenv("SSH_AUTH_SOCK", "")
	name, err := pageantPipe()
	require.NoError(t, err)
	assert.Regexp(t, `^\\\\\.\\pipe\\pageant\..+\.[0-9a-f]{64}$`, name)
	again, err := pageantPipe()
	require.NoError(t, err)
	assert.Equal(t, name, again, "Pageant and its clients make the name apart")

	listenPipe(t, name)
	openSSHAgent := listenPipe(t, openSSHPipe)
	dials("OpenSSH's agent", Options{})
	dials("Pageant", Options{Pageant: true})
	listenPipe(t, `\\.\pipe\keyconv-test`)
	for _, path := range []string{`\\.\pipe\keyconv-test`, "//./pipe/keyconv-test"} {
		t.Setenv("SSH_AUTH_SOCK", path)
		dials("the agent", Options{})
		dials("Pageant", Options{Pageant: true})
	}
	require.NoError(t, openSSHAgent.Close())
	t.Setenv("SSH_AUTH_SOCK", "")
	dials("Pageant", Options{})
}

func TestDialNothing(t *testing.T) {
	for path, want := range map[string]string{
		"/tmp/ssh-abc/agent.12":        "SSH_AUTH_SOCK: it names no pipe of Windows",
		`C:\agent.sock`:                "SSH_AUTH_SOCK: it names no pipe of Windows",
		`\\.\pipe\keyconv-no-such-one`: "no ssh-agent at SSH_AUTH_SOCK: ",
	} {
		t.Setenv("SSH_AUTH_SOCK", path)
		_, err := Dial(t.Context(), Options{})
		var missing *NotRunningError
		require.ErrorAs(t, err, &missing)
		require.ErrorContains(t, err, want)
	}
	t.Setenv("SSH_AUTH_SOCK", "/tmp/ssh-abc/agent.12")
	_, err := Dial(t.Context(), Options{})
	require.ErrorIs(t, err, ErrNotAPipe)
}

package agentconn

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/sys/windows"
)

// createPipe makes an instance of a pipe that belongs to the user, as Pageant's does.
func createPipe(path string) (windows.Handle, error) {
	user, err := currentUser()
	if err != nil {
		return 0, err
	}
	security, err := windows.SecurityDescriptorFromString(fmt.Sprintf("O:%[1]sD:P(A;;GA;;;%[1]s)", user))
	if err != nil {
		return 0, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: security}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	return windows.CreateNamedPipe(name, windows.PIPE_ACCESS_DUPLEX, windows.PIPE_TYPE_BYTE|windows.PIPE_WAIT,
		windows.PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, attributes)
}

// servePipe serves an agent there until the test ends. At any time there is one instance more
// than there are clients.
func servePipe(t *testing.T, path string) {
	t.Helper()
	pipe, err := createPipe(path)
	if err != nil {
		t.Skipf("an agent of this machine has the pipe: %v", err)
	}
	var stopped atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			next, err := createPipe(path)
			if !assert.NoError(t, err) {
				break
			}
			err = windows.ConnectNamedPipe(pipe, nil)
			c := os.NewFile(uintptr(pipe), path)
			pipe = next
			if errors.Is(err, windows.ERROR_PIPE_CONNECTED) || errors.Is(err, windows.ERROR_NO_DATA) {
				err = nil // the client came before, and may have left
			}
			if stopped.Load() || !assert.NoError(t, err) {
				_ = c.Close()
				break
			}
			go func() {
				_ = agent.ServeAgent(agent.NewKeyring(), c)
				_ = c.Close()
			}()
		}
		_ = windows.CloseHandle(pipe)
	}()
	t.Cleanup(func() {
		stopped.Store(true)
		wake, err := os.OpenFile(path, os.O_RDWR, 0) // what waits for a client gets one
		if assert.NoError(t, err) {
			<-ended
			_ = wake.Close()
		}
	})
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

	servePipe(t, name)
	dials("Pageant", Options{Pageant: true})
	dials("Pageant", Options{})
	servePipe(t, openSSHPipe)
	dials("OpenSSH's agent", Options{})
	dials("Pageant", Options{Pageant: true})
	servePipe(t, `\\.\pipe\keyconv-test`)
	for _, path := range []string{`\\.\pipe\keyconv-test`, "//./pipe/keyconv-test"} {
		t.Setenv("SSH_AUTH_SOCK", path)
		dials("the agent", Options{})
		dials("Pageant", Options{Pageant: true})
	}
}

func TestDialNothing(t *testing.T) {
	for path, want := range map[string]string{
		"/tmp/ssh-abc/agent.12":        "no ssh-agent at SSH_AUTH_SOCK: it names no pipe of Windows",
		`C:\agent.sock`:                "no ssh-agent at SSH_AUTH_SOCK: it names no pipe of Windows",
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

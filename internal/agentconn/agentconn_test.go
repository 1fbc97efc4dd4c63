package agentconn

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// shortly is the patience with an agent that will not answer.
const shortly = 20 * time.Millisecond

// served returns an agent whose other end the function serves.
func served(t *testing.T, patience time.Duration, serve func(net.Conn)) *Agent {
	t.Helper()
	here, there := net.Pipe()
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	go serve(there)
	return newAgent(here, "the agent", patience)
}

func keyring(t *testing.T, ring agent.Agent) *Agent {
	t.Helper()
	return served(t, time.Minute, func(c net.Conn) { _ = agent.ServeAgent(ring, c) })
}

func newKey(t *testing.T) (ed25519.PrivateKey, ssh.PublicKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	pub, err := ssh.NewPublicKey(public)
	require.NoError(t, err)
	return private, pub
}

func TestAddListRemove(t *testing.T) {
	a := keyring(t, agent.NewKeyring())
	private, pub := newKey(t)
	require.NoError(t, a.Add(agent.AddedKey{PrivateKey: private, Comment: "mine"}))
	keys, err := a.List()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	assert.Equal(t, "mine", keys[0].Comment)
	assert.Equal(t, pub.Marshal(), keys[0].Blob)
	require.NoError(t, a.Remove(pub))
	keys, err = a.List()
	require.NoError(t, err)
	assert.Empty(t, keys)
	require.ErrorIs(t, a.Remove(pub), ErrRefused)
}

// TestRefused: a locked agent refuses, and goes on answering.
func TestRefused(t *testing.T) {
	ring := agent.NewKeyring()
	require.NoError(t, ring.Lock([]byte("locked")))
	a := keyring(t, ring)
	private, _ := newKey(t)
	for range 2 {
		require.ErrorIs(t, a.Add(agent.AddedKey{PrivateKey: private}), ErrRefused)
	}
	require.NoError(t, ring.Unlock([]byte("locked")))
	require.NoError(t, a.Add(agent.AddedKey{PrivateKey: private}))
}

// readOnce reads a request.
func readOnce(c net.Conn) { _, _ = c.Read(make([]byte, 1<<16)) }

// TestDeadAgents: an agent that is dead in any way is an error, in words, and stays one.
func TestDeadAgents(t *testing.T) {
	for _, test := range []struct {
		name, want string
		patience   time.Duration
		serve      func(net.Conn)
	}{
		{"closes", "the agent: the connection was closed", time.Minute, func(c net.Conn) { readOnce(c); _ = c.Close() }},
		{"reads, and says nothing", "the agent: no answer within 20ms", shortly, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"does not even read", "the agent: no answer within 20ms", shortly, func(net.Conn) {}},
		{"stops in its answer", "the agent: the connection was closed", time.Minute, func(c net.Conn) {
			readOnce(c)
			_, _ = c.Write([]byte{0, 0, 0, 9, 12})
			_ = c.Close()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := served(t, test.patience, test.serve)
			private, _ := newKey(t)
			require.EqualError(t, a.Add(agent.AddedKey{PrivateKey: private}), test.want)
			_, err := a.List()
			require.EqualError(t, err, test.want)
			require.False(t, errors.Is(err, ErrRefused))
		})
	}
}

// TestNoAgentProtocol: another program listens there.
func TestNoAgentProtocol(t *testing.T) {
	a := served(t, time.Minute, func(c net.Conn) {
		readOnce(c)
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
	})
	_, err := a.List()
	require.Error(t, err)
}

// TestAddWire: the request is that of the protocol, and the agent goes on answering.
func TestAddWire(t *testing.T) {
	private, pub := newKey(t)
	wire := ssh.Marshal(struct {
		Type        string
		Public, Key []byte
	}{pub.Type(), private.Public().(ed25519.PublicKey), private})
	ring := agent.NewKeyring()
	a := keyring(t, ring)
	require.NoError(t, a.AddWire(wire, agent.AddedKey{Comment: "mine"}))
	require.NoError(t, a.AddWire(wire, agent.AddedKey{Comment: "mine", LifetimeSecs: 1000}))
	keys, err := a.List()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	assert.Equal(t, "mine", keys[0].Comment)
	assert.Equal(t, pub.Marshal(), keys[0].Blob)
	require.ErrorIs(t, a.AddWire([]byte("\x00\x00\x00\x08ssh-moonsecret"), agent.AddedKey{}), ErrRefused)
	require.NoError(t, ring.Lock([]byte("locked")))
	require.ErrorIs(t, a.AddWire(wire, agent.AddedKey{}), ErrRefused)
	_, err = a.List()
	require.NoError(t, err)
}

// TestAddWireConstraints: the bytes of a request with constraints.
func TestAddWireConstraints(t *testing.T) {
	for _, test := range []struct {
		key  agent.AddedKey
		want string
	}{
		{agent.AddedKey{Comment: "c"}, "\x00\x00\x00\x09\x11key\x00\x00\x00\x01c"},
		{agent.AddedKey{LifetimeSecs: 258}, "\x00\x00\x00\x0d\x19key\x00\x00\x00\x00\x01\x00\x00\x01\x02"},
		{agent.AddedKey{ConfirmBeforeUse: true}, "\x00\x00\x00\x09\x19key\x00\x00\x00\x00\x02"},
		{agent.AddedKey{LifetimeSecs: 1, ConfirmBeforeUse: true}, "\x00\x00\x00\x0e\x19key\x00\x00\x00\x00\x01\x00\x00\x00\x01\x02"},
	} {
		got := make(chan string, 1)
		a := served(t, time.Minute, func(c net.Conn) {
			b := make([]byte, 100)
			n, _ := c.Read(b)
			got <- string(b[:n])
			_, _ = c.Write([]byte{0, 0, 0, 1, 6})
		})
		require.NoError(t, a.AddWire([]byte("key"), test.key))
		assert.Equal(t, test.want, <-got)
	}
}

// kindAgent takes one request, and keeps the memory that it was in.
type kindAgent struct {
	net.Conn
	answer  io.Reader
	request []byte
}

func (k *kindAgent) SetDeadline(time.Time) error { return nil }

func (k *kindAgent) Read(p []byte) (int, error) { return k.answer.Read(p) }

func (k *kindAgent) Write(p []byte) (int, error) {
	k.request = p
	return len(p), nil
}

// TestAddWireLeavesNoCopy: the key is in one buffer, which is wiped.
func TestAddWireLeavesNoCopy(t *testing.T) {
	k := &kindAgent{answer: strings.NewReader("\x00\x00\x00\x01\x06")}
	a := newAgent(k, "the agent", time.Minute)
	private := bytes.Repeat([]byte("key"), 1<<20) // far more than what goes on beside it allocates
	spent := keytest.Allocated(func() {
		require.NoError(t, a.AddWire(private, agent.AddedKey{Comment: "mine", LifetimeSecs: 1, ConfirmBeforeUse: true}))
	})
	assert.Less(t, spent, uint64(len(private)*3/2))
	assert.Empty(t, bytes.Trim(k.request, "\x00"))
}

// TestAddWireToDeadAgents: see TestDeadAgents.
func TestAddWireToDeadAgents(t *testing.T) {
	for _, answer := range [][]byte{nil, {0, 0}, {0, 0, 0, 2, 6}, {0, 0, 0, 0}, {0xff, 0xff, 0xff, 0xff}} {
		a := served(t, time.Minute, func(c net.Conn) {
			readOnce(c)
			_, _ = c.Write(answer)
			_ = c.Close()
		})
		err := a.AddWire([]byte("key"), agent.AddedKey{})
		require.Error(t, err)
		assert.NotErrorIs(t, err, ErrRefused)
		_, err = a.List()
		require.Error(t, err)
	}
}

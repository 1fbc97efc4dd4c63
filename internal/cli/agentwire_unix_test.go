//go:build unix

package cli

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newAgentOf listens as an agent that takes every key, and lists none. It returns the bodies of
// the requests but those for the list.
func newAgentOf(t *testing.T) (requests <-chan []byte) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent") // a path of at most 104 bytes
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(dir, "s"))
	got := make(chan []byte, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serveRequests(c, got)
		}
	}()
	return got
}

func serveRequests(c net.Conn, got chan<- []byte) {
	defer c.Close()
	for {
		head := make([]byte, 4)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head))
		if _, err := io.ReadFull(c, body); err != nil {
			return
		}
		answer := []byte{0, 0, 0, 1, 6}
		if body[0] == 11 { // the list of keys, an empty one
			answer = []byte{0, 0, 0, 5, 12, 0, 0, 0, 0}
		} else {
			got <- body
		}
		if _, err := c.Write(answer); err != nil {
			return
		}
	}
}

// TestAgentTakesComposite: an agent that has the type gets both seeds, as OpenSSH sends them.
func TestAgentTakesComposite(t *testing.T) {
	requests := newAgentOf(t)
	key := keytest.Type(t, "mldsa44-ed25519").New(t)
	key.Comment = "a comment"
	data, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.OpenSSH})
	require.NoError(t, err)
	path := keytest.WriteFile(t, t.TempDir(), "key", data)
	var stderr bytes.Buffer
	code := Run(t.Context(), []string{"agent", "--lifetime", "5m", path}, Streams{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr})
	require.Zero(t, code, stderr.String())
	assert.Contains(t, stderr.String(), "ssh-mldsa44-ed25519 256")
	private := key.Private.(*sshkey.MLDSA44Ed25519PrivateKey)
	want := []byte{25}
	for _, field := range [][]byte{[]byte("ssh-mldsa44-ed25519"), private.Public, private.Seeds, []byte("a comment")} {
		want = append(binary.BigEndian.AppendUint32(want, uint32(len(field))), field...)
	}
	want = append(want, 1, 0, 0, 1, 44)
	assert.Equal(t, want, <-requests)
}

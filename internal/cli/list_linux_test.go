package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestListOnATerminal: a table with a head, as wide as the terminal.
func TestListOnATerminal(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"id_ed25519": "twins/ed25519.openssh", "id_ed25519.pub": "twins/ed25519.pub"})
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("SSH_AUTH_SOCK", "")
	const sha = "SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM"
	for columns, want := range map[uint16]string{
		80: "~:\nTYPE     BITS  SHA256         STATE        FILE               COMMENT\n" +
			"ed25519   256  nM0YyZY/6H...  unencrypted  id_ed25519 (.pub)  \"ed25519 twin\"\n",
		140: "~:\nTYPE     BITS  SHA256                                              STATE        FILE               COMMENT\n" +
			"ed25519   256  " + sha + "  unencrypted  id_ed25519 (.pub)  \"ed25519 twin\"\n",
		40: "~/id_ed25519 (.pub)\n    ed25519 256, unencrypted\n    " + sha + "\n    \"ed25519 twin\"\n",
	} {
		user, terminal := keytest.OpenTerminal(t)
		require.NoError(t, unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
		var stderr bytes.Buffer
		code := Run(t.Context(), []string{"list", dir}, Streams{Stdin: strings.NewReader(""), Stdout: terminal, Stderr: &stderr})
		assert.Equal(t, fault.Done, code)
		assert.Empty(t, stderr.String())
		_, err := terminal.WriteString("the end")
		require.NoError(t, err)
		got, _, _ := strings.Cut(readUntil(t, user, "the end"), "the end")
		assert.Equal(t, want, strings.ReplaceAll(got, "\r", ""))
	}
}

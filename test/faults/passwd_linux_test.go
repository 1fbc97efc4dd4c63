package faults

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPasswdOffersOpenSSH: a key of a cloud's console is in a form that a passphrase hardly
// protects, and a person at a terminal is asked for another.
func TestPasswdOffersOpenSSH(t *testing.T) {
	for answer, code := range map[string]int{"y": 0, "Yes": 0, "": fault.NotAKey, "hunter2": fault.NotAKey} {
		dir := makeSignalFolder(t)
		before := keytest.Read(t, "console-rsa2048.pem")
		s := keytest.StartSignalled(t, dir, "passwd", "--new-passphrase", "--kdf-rounds", "1", "key.pem")
		types := func(prompt, text string) {
			s.Sees(t, prompt)
			_, err := s.User.WriteString(text + "\n")
			require.NoError(t, err)
		}
		types("Put it into OpenSSH's own form, in place? [y/N] ", answer)
		if code == 0 {
			types("New passphrase: ", "new one")
			types("The same passphrase again: ", "new one")
		}
		_ = s.Cmd.Wait()
		assert.Equal(t, code, s.Cmd.ProcessState.ExitCode(), s.Stderr.String())
		after, err := os.ReadFile(filepath.Join(dir, "key.pem"))
		require.NoError(t, err)
		if code != 0 {
			assert.Equal(t, before, after, answer)
			assert.NotContains(t, s.Stderr.String(), "hunter2")
			continue
		}
		_, err = pemkey.Parse(after)
		require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
		key, err := pemkey.ParseWithPassphrase(after, []byte("new one"))
		require.NoError(t, err)
		same, err := pemkey.Parse(before)
		require.NoError(t, err)
		assert.True(t, key.Equal(same))
	}
}

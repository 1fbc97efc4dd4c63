//go:build !windows

package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPassphraseInPlaceOfItsName gives a passphrase to every flag that takes the name of
// its place: no message has it, and each says which flag it is about.
func TestPassphraseInPlaceOfItsName(t *testing.T) {
	const secret, number = "hunter2-Tr0ub4dor", "73219465"
	args := map[string][]string{
		"keyconv": {"key.pem"}, "keyconv session": {"session", "s", "h", "--key", "key.pem", "--for", "winscp", "--key-path", `C:\k.ppk`},
		"keyconv generate": {"generate", "-o", "new"}, "keyconv convert": {"convert", "--to", "openssh", "key.pem", "-o", "new"},
		"keyconv ppk2pem": {"ppk2pem", "old.ppk"}, "keyconv inspect": {"inspect", "--dump", "key.pem"},
		"keyconv public": {"public", "p8.pem"}, "keyconv repair": {"repair", "damaged.pem"},
		"keyconv migrate": {"migrate", "WinSCP.ini", "--keys", "."},
	}
	tried := 0
	eachCommand(t, func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(f.Name, "passphrase") || cmd.Name() == "agent" { // which has to be there first
				return
			}
			line := args[cmd.CommandPath()]
			if line == nil {
				line = []string{cmd.Name(), "key.pem"}
			}
			for _, value := range []string{secret, number, "-" + number} {
				flag := []string{"--" + f.Name + "=" + value}
				t.Run(strings.Join(append(line, flag...), " "), func(t *testing.T) {
					assertNotEchoed(t, append(line, flag...), f.Name, value)
				})
				tried++
			}
		})
	})
	assert.Greater(t, tried, 100)
	t.Run("-p", func(t *testing.T) { assertNotEchoed(t, []string{"pem2ppk", "key.pem", "-p" + secret}, "'p'", secret) })
}

func assertNotEchoed(t *testing.T, args []string, flag, secret string) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"key.pem": "twins/rsa2048.enc.openssh", "old.ppk": "twins/rsa2048.v3.enc.ppk", "p8.pem": "twins/rsa2048.pkcs8.enc.pem",
	}
	if strings.HasPrefix(flag, "new-") {
		files = map[string]string{"key.pem": "twins/rsa2048.openssh", "old.ppk": "twins/rsa2048.v3.ppk"}
	}
	keytest.CopyInto(t, dir, files)
	damaged := bytes.ReplaceAll(keytest.Read(t, "twins", "rsa2048.enc.openssh"), []byte("\n"), []byte(" "))
	keytest.WriteFile(t, dir, "damaged.pem", damaged)
	keytest.WriteFile(t, dir, "WinSCP.ini", []byte("[Sessions\\x]\nHostName=h\nPublicKeyFile=old.ppk\n"))
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	assert.NotZero(t, code)
	for _, text := range []string{stdout.String(), stderr.String()} {
		assert.NotContains(t, text, secret)
	}
	assert.Contains(t, stderr.String(), flag)
	_, err := os.Stat("new")
	require.ErrorIs(t, err, os.ErrNotExist)
}

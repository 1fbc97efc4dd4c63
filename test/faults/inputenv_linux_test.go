package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInputEnvIsNotShown holds the secrets of a damaged key in a variable against all
// that is printed of it.
func TestInputEnvIsNotShown(t *testing.T) {
	dir := makeLeakFolder(t)
	secret := leakNeedles(t, dir)
	for _, test := range []struct {
		code int
		file string
		args string
	}{
		{3, "cut.pem", "pem2ppk --input-env KEY -o -"},
		{2, "key.pem", "pem2ppk --input-env KEY"},
		{3, "altered.pem", "pem2ppk --input-env KEY -o new.ppk"},
		{3, "cut.ppk", "ppk2pem --json --input-env KEY -o new"},
		{3, "altered.ppk", "check --input-env KEY"},
		{7, "indented.pem", "check --strict --json --input-env KEY"},
		{2, "key.pem", "check --input-env KEY --passphrase-env KEY"},
		{2, "key.pem", "pem2ppk --input-env KEY key.pem"},
		{3, "altered.pem", "inspect --input-env KEY"},
		{0, "key.pem", "inspect --json --input-env KEY"},
		{0, "key.pem", "check --input-env KEY"},
	} {
		t.Run(test.file+" "+test.args, func(t *testing.T) {
			key, err := os.ReadFile(filepath.Join(dir, test.file))
			require.NoError(t, err)
			cmd := exec.CommandContext(keytest.Patiently(t), keytest.Command(t), strings.Fields(test.args)...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "KEY="+string(key))
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			out, _ := cmd.CombinedOutput()
			assert.Equal(t, test.code, cmd.ProcessState.ExitCode(), "%s", out)
			assert.NotEmpty(t, out)
			assert.Empty(t, secret.found(string(out)), "%s", out)
		})
	}
}

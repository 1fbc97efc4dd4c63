//go:build !windows

package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waits are commands that ask a person, each for a passphrase.
var waits = []string{
	"enc.ppk -o new",
	"-d folder enc.ppk enc.key",
	"pem2ppk enc.key -o new",
	"pem2ppk enc.p8 -o new",
	"pem2ppk enc.pem -o new",
	"pem2ppk --new-passphrase key.pem -o new",
	"ppk2pem enc.ppk -o new",
	"ppk2pem --json -q enc.ppk -o new",
	"ppk2pem --new-passphrase --passphrase-file pass enc.ppk -o new",
	"convert --to pkcs8 enc.ppk -o new",
	"convert --to public enc.p8 -o new",
	"public enc.p8",
	"check enc.ppk",
	"check --json enc.p8",
	"inspect --dump enc.ppk",
	"passwd enc.ppk",
	"passwd plain.ppk",
	"passwd --new-passphrase plain.ppk",
	"passwd --no-passphrase enc.key",
	"generate -o new --new-passphrase",
}

// TestNeverWaits: without a terminal there is nobody to ask, whatever standard input
// is. One that is open and says nothing, as that of many CI runners, would be waited
// for until the job is killed.
func TestNeverWaits(t *testing.T) {
	silent, open, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close(); _ = open.Close() })
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	t.Cleanup(func() { _ = null.Close() })
	for name, stdin := range map[string]struct {
		file  *os.File
		shell string
	}{
		"open":   {silent, `exec keyconv "$@"`},
		"empty":  {null, `exec keyconv "$@"`},
		"closed": {null, `exec keyconv "$@" <&-`},
	} {
		for _, args := range waits {
			t.Run(name+"/"+args, func(t *testing.T) {
				dir := keytest.FailingFolder(t)
				before := keytest.Snapshot(t, dir)
				ctx, cancel := context.WithTimeout(t.Context(), keytest.Patience)
				defer cancel()
				cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", stdin.shell, "sh"}, strings.Fields(args)...)...)
				cmd.Dir, cmd.Stdin = dir, stdin.file
				cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
				out, err := cmd.CombinedOutput()
				require.NoError(t, ctx.Err(), "it waits")
				require.Error(t, err)
				assert.Equal(t, fault.NeedsPassphrase, cmd.ProcessState.ExitCode(), "%s", out)
				assert.Contains(t, string(out), "there is no terminal to ask for the passphrase")
				assert.Equal(t, before, keytest.Snapshot(t, dir))
			})
		}
	}
}

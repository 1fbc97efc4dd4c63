package e2e

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterruptedReport: who interrupts a run still has a report of what was at work.
func TestInterruptedReport(t *testing.T) {
	schema := reportSchema(t)
	for sig, code := range map[syscall.Signal]int{syscall.SIGINT: fault.Interrupted, syscall.SIGTERM: fault.Terminated} {
		s := keytest.StartSignalled(t, keytest.FailingFolder(t), "ppk2pem", "--json", "enc.ppk", "-o", "new")
		s.Sees(t, "Passphrase for enc.ppk: ")
		require.NoError(t, s.Cmd.Process.Signal(sig))
		require.Error(t, s.Cmd.Wait())
		assert.Equal(t, code, s.Cmd.ProcessState.ExitCode())
		assert.Equal(t, 1, assertReport(t, schema, s.Stdout.String()))
		assert.Contains(t, s.Stdout.String(), fmt.Sprintf(`"error":{"code":"interrupted","exit":%d,`, code))
	}
}

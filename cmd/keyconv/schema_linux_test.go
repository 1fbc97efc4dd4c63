package main

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterruptedReport: who interrupts a run still has a report of what was at work.
func TestInterruptedReport(t *testing.T) {
	schema := reportSchema(t)
	for sig, code := range map[syscall.Signal]int{syscall.SIGINT: fault.Interrupted, syscall.SIGTERM: fault.Terminated} {
		s := startSignalled(t, makeFailingFolder(t), "ppk2pem", "--json", "enc.ppk", "-o", "new")
		s.sees(t, "Passphrase for enc.ppk: ")
		require.NoError(t, s.cmd.Process.Signal(sig))
		require.Error(t, s.cmd.Wait())
		assert.Equal(t, code, s.cmd.ProcessState.ExitCode())
		assert.Equal(t, 1, assertReport(t, schema, s.stdout.String()))
		assert.Contains(t, s.stdout.String(), fmt.Sprintf(`"error":{"code":"interrupted","exit":%d,`, code))
	}
}

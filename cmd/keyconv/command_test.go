//go:build !windows

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// patience is for a machine that is stuck; nothing waits for it otherwise.
const patience = 60 * time.Second

// outcome is what a process left behind.
// patiently ends a program that is stuck: no test waits without a limit.
func patiently(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// openReadPipe opens a named pipe to write to it, once somebody reads it.
func openReadPipe(t testing.TB, path string) *os.File {
	t.Helper()
	var pipe *os.File
	require.Eventually(t, func() bool {
		var err error // ENXIO without a reader (fifo(7))
		pipe, err = os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		return err == nil
	}, patience, time.Millisecond, "nobody reads %s", path)
	return pipe
}

type outcome struct {
	code           int
	stdout, stderr string
}

// runDetached runs a program in dir, without a terminal.
func runDetached(t testing.TB, dir, stdin, program string, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(patiently(t), program, args...)
	cmd.WaitDelay = time.Second // for what it started, and left with its output
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	cmd.Stdin = bytes.NewBufferString(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// eachCommand calls do for a command and those below it.
func eachCommand(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, do)
	}
}

// commandNamed returns a command, with its help.
func commandNamed(t testing.TB, name string) *cobra.Command {
	t.Helper()
	cmd, _, err := cli.Root().Find([]string{name})
	require.NoError(t, err)
	return cmd
}

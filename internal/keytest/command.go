//go:build unix

package keytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const commandPackage = "github.com/keyconv/keyconv/cmd/keyconv"

// MainWithCommand runs the tests of a package with the command, built once for all of
// them, first in the PATH. It is the TestMain of such a package.
func MainWithCommand(m *testing.M) {
	os.Exit(runWithCommand(m))
}

func runWithCommand(m *testing.M) int {
	dir, err := os.MkdirTemp("", "keyconv-command")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// Tests that take root's rights away from a child let it start the command too.
	if err := os.Chmod(dir, 0o755); err != nil {
		panic(err)
	}
	if err := BuildCommand(filepath.Join(dir, "keyconv")); err != nil {
		panic(err)
	}
	for name, value := range map[string]string{
		"PATH": dir + string(os.PathListSeparator) + os.Getenv("PATH"),
		// Otherwise the race detector sleeps for a second at the end of each process.
		"GORACE": "atexit_sleep_ms=0",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

// Command returns the path of the command, which TestMain has put into the PATH.
func Command(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("keyconv")
	require.NoError(t, err)
	return path
}

// BuildCommand puts the command into path.
func BuildCommand(path string, flags ...string) error {
	if underRace {
		flags = append(flags, "-race")
	}
	return Build(path, commandPackage, flags...)
}

// Build puts the program of a package into path. "go run" keeps what it linked in the build
// cache, as "go build" does not, so that the packages that need a program link it once; here
// cp runs in place of the program.
func Build(path, pkg string, flags ...string) error {
	args := slices.Concat([]string{"run", "-exec", "cp"}, flags, []string{pkg, path})
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", pkg, err, out)
	}
	return nil
}

// BuildRelease builds the command as a release does, and returns its path.
func BuildRelease(t testing.TB) string {
	t.Helper()
	t.Setenv("CGO_ENABLED", "0")
	path := filepath.Join(t.TempDir(), "keyconv")
	require.NoError(t, Build(path, commandPackage, "-trimpath", "-ldflags=-s -w"))
	return path
}

// Patiently ends a program that is stuck: no test waits without a limit.
func Patiently(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// OpenReadPipe opens a named pipe to write to it, once a program reads it.
func OpenReadPipe(t testing.TB, path string) *os.File {
	t.Helper()
	var pipe *os.File
	require.Eventually(t, func() bool {
		var err error // ENXIO without a reader (fifo(7))
		pipe, err = os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		return err == nil
	}, Patience, time.Millisecond, "nothing reads %s", path)
	return pipe
}

// Outcome is what a process left behind.
type Outcome struct {
	Code           int
	Stdout, Stderr string
}

// RunDetached runs a program in dir, without a terminal.
func RunDetached(t testing.TB, dir, stdin, program string, args ...string) Outcome {
	t.Helper()
	cmd := exec.CommandContext(Patiently(t), program, args...)
	cmd.WaitDelay = Patience // for what it started, and left with its output
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
	return Outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

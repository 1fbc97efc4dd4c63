package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// waiting starts the command and lets it wait for a passphrase, so that one can look
// at it. The last argument is what it waits for.
func waiting(t *testing.T, env string, attr *syscall.SysProcAttr) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o777))
	keytest.CopyInto(t, dir, map[string]string{"enc.ppk": "twins/ed25519.v3.enc.ppk"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "enc.ppk"), 0o644))
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, unix.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Chmod(pipe, 0o666))
	cmd := exec.CommandContext(keytest.Patiently(t), openProgram(t), "convert", "--to", "ppk", "--passphrase-env", "SECRET", "--new-passphrase-file", "pipe", "enc.ppk", "-o", "new")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SECRET="+env, "GOTRACEBACK=crash")
	cmd.SysProcAttr = attr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	f := keytest.OpenReadPipe(t, pipe) // SECRET was used by then
	t.Cleanup(func() { _ = f.Close() })
	return cmd
}

func (p proc) file(t *testing.T, name string) string {
	t.Helper()
	return readFile(t, fmt.Sprintf("/proc/%d/%s", p, name))
}

type proc int

// TestWhatOthersSee looks at a running process from outside: no secret among the
// arguments; the environment that it was started with is in /proc for as long as it
// runs, for root alone.
func TestWhatOthersSee(t *testing.T) {
	cmd := waiting(t, keytest.Passphrase, asNobody())
	p := proc(cmd.Process.Pid)
	assert.NotContains(t, p.file(t, "cmdline"), keytest.Passphrase)
	look := exec.CommandContext(t.Context(), "cat", fmt.Sprintf("/proc/%d/environ", p))
	look.SysProcAttr = asNobody()
	out, err := look.CombinedOutput()
	require.Error(t, err, "the same user can read the environment")
	assert.Contains(t, string(out), "Permission denied")
	assert.NotContains(t, string(out), keytest.Passphrase)
	if os.Getuid() == 0 {
		assert.Contains(t, p.file(t, "environ"), "SECRET="+keytest.Passphrase, "SECURITY.md says that root can see it")
	}
}

// TestNoCoreDump crashes the process where a core dump is asked for.
func TestNoCoreDump(t *testing.T) {
	var old unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_CORE, &old))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: old.Max, Max: old.Max}))
	t.Cleanup(func() { assert.NoError(t, unix.Setrlimit(unix.RLIMIT_CORE, &old)) })
	cmd := waiting(t, keytest.Passphrase, asNobody())
	assert.Regexp(t, `Max core file size +0 +0 `, proc(cmd.Process.Pid).file(t, "limits"))
	require.NoError(t, cmd.Process.Signal(syscall.SIGABRT))
	_ = cmd.Wait()
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	assert.True(t, status.Signaled(), "it did not crash: %v", cmd.ProcessState)
	assert.False(t, status.CoreDump())
}

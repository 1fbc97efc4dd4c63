package faults

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/fault"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// manyKeys is a folder with so many keys that a run over it is not over at once.
func manyKeys(t *testing.T, count int) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "in"), 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "out"), 0o700))
	for i := range count {
		keytest.WriteFile(t, filepath.Join(dir, "in"), fmt.Sprintf("%04d.pem", i), keytest.Read(t, "twins", "ed25519.openssh"))
	}
	return dir
}

// TestReaderGoes is keyconv ... | head: the run ends without a word, and cleans up.
func TestReaderGoes(t *testing.T) {
	rounds := 5
	if keytest.Sampled() {
		rounds = 2
	}
	for range rounds {
		dir := manyKeys(t, 300)
		cmd := exec.CommandContext(keytest.Patiently(t), keytest.Command(t), "pem2ppk", "--json", "-q", "-r", "in", "-d", "out")
		cmd.Dir = dir
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = bufio.NewReaderSize(stdout, 16).ReadByte()
		require.NoError(t, err)
		require.NoError(t, stdout.Close())
		_ = cmd.Wait()
		assert.Equal(t, fault.BrokenPipe, cmd.ProcessState.ExitCode(), cmd.ProcessState)
		assert.Empty(t, stderr.String())
		assertNoTemporary(t, filepath.Join(dir, "out"))
	}
}

// TestHangUp: a terminal that is closed ends a run as TERM does, unless nohup is in the
// way. The tests themselves may run under nohup.
func TestHangUp(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	t.Cleanup(func() { signal.Reset(syscall.SIGHUP) })
	dir := makeSignalFolder(t)
	s := keytest.StartSignalled(t, dir, "ppk2pem", "enc.ppk")
	s.Sees(t, "Passphrase for enc.ppk: ")
	require.NoError(t, s.Cmd.Process.Signal(syscall.SIGHUP))
	_ = s.Cmd.Wait()
	assert.Equal(t, fault.HungUp, s.Cmd.ProcessState.ExitCode(), s.Cmd.ProcessState)
	assert.Equal(t, s.Before, s.Modes(t), "the terminal is not as it was")

	got := keytest.RunDetached(t, dir, "", "/bin/sh", "-c", `trap '' HUP; "$0" pem2ppk pipe -o new.ppk & sleep 0.2; kill -HUP $!; cat key.pem >pipe; wait $!`, keytest.Command(t))
	assert.Zero(t, got.Code, got.Stderr)
	assert.FileExists(t, filepath.Join(dir, "new.ppk"))
}

// TestFullStandardOutput is said once; the files are written all the same.
func TestFullStandardOutput(t *testing.T) {
	dir := manyKeys(t, 100)
	got := keytest.RunDetached(t, dir, "", "/bin/sh", "-c", `exec "$0" pem2ppk --json -r in -d out >/dev/full`, keytest.Command(t))
	assert.Equal(t, 1, got.Code)
	assert.Equal(t, 1, strings.Count(got.Stderr, "keyconv: "), got.Stderr)
	assert.Contains(t, got.Stderr, "keyconv: cannot write standard output: no space left on device\n")
	assert.Contains(t, got.Stderr, "\n100 files: 0 converted, 100 failed\n")
	written, err := os.ReadDir(filepath.Join(dir, "out"))
	require.NoError(t, err)
	assert.Len(t, written, 100)
}

// spyingWriter keeps what it was given, not a copy.
type spyingWriter struct{ given [][]byte }

func (w *spyingWriter) Write(p []byte) (int, error) {
	w.given = append(w.given, p)
	return len(p), nil
}

// TestSecretNumbersDoNotWait: those of several keys go to standard output at once, and
// stay in no buffer.
func TestSecretNumbersDoNotWait(t *testing.T) {
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"a": "console-rsa2048.pem", "b": "twins/ed25519.v3.ppk"})
	stdout := &spyingWriter{}
	code := cli.Run(t.Context(), []string{"inspect", "--dump", filepath.Join(dir, "a"), filepath.Join(dir, "b")},
		cli.Streams{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: io.Discard})
	require.Zero(t, code)
	require.Len(t, stdout.given, 2)
	for _, text := range stdout.given {
		assert.NotEmpty(t, text)
		assert.Equal(t, make([]byte, len(text)), text)
	}
}

// TestInterruptedAtAPipe: keyconv FILE... waits for a pipe when it is its turn, until a signal
// ends that, and then begins nothing more.
func TestInterruptedAtAPipe(t *testing.T) {
	dir := makeSignalFolder(t)
	s := keytest.StartSignalled(t, dir, "--jobs", "1", "pipe", "key.pem")
	s.Reads(t, filepath.Join(dir, "pipe"))
	require.NoError(t, s.Cmd.Process.Signal(unix.SIGINT))
	_ = s.Cmd.Wait()
	assert.Equal(t, fault.Interrupted, s.Cmd.ProcessState.ExitCode(), s.Cmd.ProcessState)
	assert.NoFileExists(t, filepath.Join(dir, "key.ppk"))
}

package main

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// signalled is a command that a test sends signals to, on a terminal of its own.
type signalled struct {
	cmd            *exec.Cmd
	user, terminal *os.File
	stdout, stderr bytes.Buffer
	before         unix.Termios
}

// startSignalled starts keyconv in dir on a new terminal, of which the test is the
// user. Standard input is a pipe that stays open. SIGHUP ends keyconv even where the tests
// run under nohup, which ignores it for all that it starts.
func startSignalled(t *testing.T, dir string, args ...string) *signalled {
	t.Helper()
	s := &signalled{}
	s.user, s.terminal = keytest.OpenTerminal(t)
	s.before = s.modes(t)
	s.cmd = exec.CommandContext(patiently(t), keyconvPath(t), args...)
	s.cmd.Dir = dir
	_, err := s.cmd.StdinPipe()
	require.NoError(t, err)
	s.cmd.Stdout, s.cmd.Stderr = &s.stdout, &s.stderr
	s.cmd.ExtraFiles = []*os.File{s.terminal}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP) // a signal that is caught has its default in a child (execve(2))
	defer signal.Stop(hangUps)
	require.NoError(t, s.cmd.Start())
	return s
}

func (s *signalled) modes(t *testing.T) unix.Termios {
	t.Helper()
	modes, err := unix.IoctlGetTermios(int(s.terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return *modes
}

// sees waits until the terminal shows a text.
func (s *signalled) sees(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, s.user.SetReadDeadline(time.Now().Add(patience)))
	for shown, buf := "", make([]byte, 256); !strings.Contains(shown, text); {
		n, err := s.user.Read(buf)
		require.NoError(t, err, "the terminal shows %q", shown)
		shown += string(buf[:n])
	}
}

// worksHard waits until the process has used some time of the processor: it is in the
// key derivation then, since nothing else here takes so long.
func (s *signalled) worksHard(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
		require.NoError(t, err)
		_, numbers, _ := strings.Cut(string(stat), ") ")
		ticks, err := strconv.Atoi(strings.Fields(numbers)[11]) // utime, in 1/100 s (proc(5))
		require.NoError(t, err)
		return ticks >= 50
	}, patience, 10*time.Millisecond)
}

// reads waits until the process has a file open for reading a passphrase.
func (s *signalled) reads(t *testing.T, path string) {
	t.Helper()
	fd := openReadPipe(t, path)
	t.Cleanup(func() { _ = fd.Close() })
}

// TestSignals ends the command where it waits and where it works: with the exit code
// of the signal, the echo back on, and nothing new in the folder.
func TestSignals(t *testing.T) {
	prompt := func(text string) func(*testing.T, *signalled) {
		return func(t *testing.T, s *signalled) {
			s.sees(t, text)
			assert.Zero(t, s.modes(t).Lflag&unix.ECHO, "the echo is on at the prompt")
		}
	}
	work := func(t *testing.T, s *signalled) { s.worksHard(t) }
	for _, test := range []struct {
		name, args string
		until      func(*testing.T, *signalled)
	}{
		{"at the prompt", "ppk2pem enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"at the prompt without a command", "enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"at the prompt for a new passphrase", "pem2ppk --new-passphrase key.pem", prompt("New passphrase: ")},
		{"at the prompt of generate", "generate --new-passphrase -o new.ppk", prompt("New passphrase: ")},
		{"at the prompt of passwd", "passwd enc.ppk", prompt("Passphrase for enc.ppk: ")},
		{"while it reads a key", "pem2ppk pipe -o new.ppk", func(t *testing.T, s *signalled) { s.reads(t, s.cmd.Dir+"/pipe") }},
		{"while it reads a passphrase", "ppk2pem --passphrase-file pipe enc.ppk", func(t *testing.T, s *signalled) { s.reads(t, s.cmd.Dir+"/pipe") }},
		{"while it derives a key to read", "ppk2pem --max-kdf-work 4294967295 --passphrase-file pass slow.ppk", work},
		{"while it derives a key to write", "pem2ppk --new-passphrase-file pass --kdf-memory 16384 --kdf-passes 640 key.pem", work},
		{"while it derives a key for passwd", "passwd --passphrase-file pass --kdf-memory 16384 --kdf-passes 640 -C x enc.ppk", work},
	} {
		for sig, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
			t.Run(test.name+"/"+sig.String(), func(t *testing.T) {
				dir := makeSignalFolder(t)
				before := keytest.Snapshot(t, dir)
				s := startSignalled(t, dir, strings.Fields(test.args)...)
				test.until(t, s)
				require.NoError(t, s.cmd.Process.Signal(sig))
				_ = s.cmd.Wait()
				assert.Equal(t, code, s.cmd.ProcessState.ExitCode(), "%v: %s", s.cmd.ProcessState, &s.stderr)
				assert.Empty(t, s.stdout.String())
				assert.Empty(t, s.stderr.String())
				assert.Equal(t, s.before, s.modes(t), "the terminal is not as it was")
				assert.Equal(t, before, keytest.Snapshot(t, dir))
			})
		}
	}
}

// makeSignalFolder has a key whose derivation takes hours.
func makeSignalFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem", "enc.ppk": "twins/ed25519.v3.enc.ppk", "other.ppk": "twins/ecdsa256.v3.enc.ppk"})
	slow := bytes.Replace(keytest.Read(t, "twins", "ed25519.v3.enc.ppk"), []byte("Argon2-Passes: 1\n"), []byte("Argon2-Passes: 60000000\n"), 1)
	keytest.WriteFile(t, dir, "slow.ppk", slow)
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	require.NoError(t, unix.Mkfifo(dir+"/pipe", 0o600))
	return dir
}

// TestCtrlCAtThePrompt is what a person does: the terminal makes the signal.
func TestCtrlCAtThePrompt(t *testing.T) {
	dir := makeSignalFolder(t)
	before := keytest.Snapshot(t, dir)
	s := startSignalled(t, dir, "ppk2pem", "enc.ppk", "other.ppk")
	s.sees(t, "Passphrase for enc.ppk: ")
	_, err := s.user.WriteString("half a passphr\x03")
	require.NoError(t, err)
	_ = s.cmd.Wait()
	assert.Equal(t, 130, s.cmd.ProcessState.ExitCode(), s.stderr.String())
	assert.Equal(t, "2 files: 0 converted, 2 not done\nhint: the same command with --continue does the rest\n", s.stderr.String())
	assert.Equal(t, s.before, s.modes(t), "the terminal is not as it was")
	assert.Equal(t, before, keytest.Snapshot(t, dir))
}

// TestFirstOfSeveralStays keeps what was written before the signal.
func TestFirstOfSeveralStays(t *testing.T) {
	dir := makeSignalFolder(t)
	s := startSignalled(t, dir, "key.pem", "enc.ppk")
	s.sees(t, "Passphrase for enc.ppk: ")
	require.Eventually(t, func() bool { // the other is written meanwhile
		_, err := os.Stat(dir + "/key.ppk")
		return err == nil
	}, patience, time.Millisecond)
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	_ = s.cmd.Wait()
	assert.Equal(t, 143, s.cmd.ProcessState.ExitCode(), s.stderr.String())
	assert.FileExists(t, dir+"/key.ppk")
	assert.NoFileExists(t, dir+"/enc.pem")
}

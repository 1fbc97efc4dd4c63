package keytest

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

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Signalled is a command that a test sends signals to, on a terminal of its own.
type Signalled struct {
	Cmd            *exec.Cmd
	User           *os.File // the end of the user
	Stdout, Stderr bytes.Buffer
	Before         unix.Termios // the modes of the terminal at the start

	terminal *os.File
}

// StartSignalled starts keyconv in dir on a new terminal, of which the test is the
// user. Standard input is a pipe that stays open. SIGHUP ends keyconv even where the tests
// run under nohup, which ignores it for everything that it starts.
func StartSignalled(t testing.TB, dir string, args ...string) *Signalled {
	t.Helper()
	s := &Signalled{}
	s.User, s.terminal = OpenTerminal(t)
	s.Before = s.Modes(t)
	s.Cmd = exec.CommandContext(Patiently(t), Command(t), args...)
	s.Cmd.Dir = dir
	_, err := s.Cmd.StdinPipe()
	require.NoError(t, err)
	s.Cmd.Stdout, s.Cmd.Stderr = &s.Stdout, &s.Stderr
	s.Cmd.ExtraFiles = []*os.File{s.terminal}
	s.Cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP) // a signal that is caught has its default in a child (execve(2))
	defer signal.Stop(hangUps)
	require.NoError(t, s.Cmd.Start())
	return s
}

// Modes returns the modes of the terminal.
func (s *Signalled) Modes(t testing.TB) unix.Termios {
	t.Helper()
	modes, err := unix.IoctlGetTermios(int(s.terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return *modes
}

// Sees waits until the terminal shows a text.
func (s *Signalled) Sees(t testing.TB, text string) {
	t.Helper()
	require.NoError(t, s.User.SetReadDeadline(time.Now().Add(Patience)))
	for shown, buf := "", make([]byte, 256); !strings.Contains(shown, text); {
		n, err := s.User.Read(buf)
		require.NoError(t, err, "the terminal shows %q", shown)
		shown += string(buf[:n])
	}
}

// WorksHard waits until the process has used some time of the processor: it is in the
// key derivation then, since nothing else here takes so long.
func (s *Signalled) WorksHard(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(s.Cmd.Process.Pid) + "/stat")
		require.NoError(t, err)
		_, numbers, _ := strings.Cut(string(stat), ") ")
		ticks, err := strconv.Atoi(strings.Fields(numbers)[11]) // utime, in 1/100 s (proc(5))
		require.NoError(t, err)
		return ticks >= 50
	}, Patience, 10*time.Millisecond)
}

// Reads waits until the process has a file open for reading a passphrase.
func (s *Signalled) Reads(t testing.TB, path string) {
	t.Helper()
	fd := OpenReadPipe(t, path)
	t.Cleanup(func() { _ = fd.Close() })
}

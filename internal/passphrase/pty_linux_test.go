package passphrase

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// childEnv makes the test program only ask for a passphrase, in a session of its
// own with the terminal that its parent gave it, or with none.
const childEnv = "KEYCONV_PASSPHRASE_CHILD"

// stdinData is what the child has on its standard input: data, not an answer.
const stdinData = "data on stdin\n"

// patience ends a test on a machine that is stuck; otherwise nothing waits so long.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if mode := os.Getenv(childEnv); mode != "" {
		child(mode)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(mode string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	signal.Ignore(syscall.SIGHUP)
	var line []byte
	var err error
	switch mode {
	case "twice":
		line, err = AskTwice(ctx, "New: ", "Again: ")
	case "show":
		err = Show("only now\n")
	default:
		line, err = Ask(ctx, "Passphrase: ")
	}
	data, _ := io.ReadAll(os.Stdin)
	fmt.Printf("%q %s %q", line, nameOf(err), data)
}

// nameOf names the error for the parent.
func nameOf(err error) string {
	for name, target := range map[string]error{
		"canceled": context.Canceled, "mismatch": ErrMismatch, "no input": ErrNoInput, "no terminal": ErrNoTerminal,
	} {
		if errors.Is(err, target) {
			return name
		}
	}
	return fmt.Sprint(err)
}

// pty is a child that asks on a terminal whose user is the test.
type pty struct {
	user     *os.File // what the user types and sees
	terminal *os.File
	child    *exec.Cmd
	stdout   bytes.Buffer
	seen     string
	before   unix.Termios
}

// startChild runs the child on a new terminal, which prepare can change first.
func startChild(t *testing.T, mode string, prepare func(*unix.Termios)) *pty {
	t.Helper()
	p := &pty{}
	p.user, p.terminal = openPty(t)
	modes := p.modes(t)
	prepare(&modes)
	p.set(t, modes)
	p.before = p.modes(t)

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	p.child = exec.CommandContext(ctx, os.Args[0])
	p.child.Env = childEnviron(mode)
	p.child.Stdin = strings.NewReader(stdinData)
	p.child.Stdout, p.child.Stderr = &p.stdout, &p.stdout
	p.child.ExtraFiles = []*os.File{p.terminal}
	p.child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	require.NoError(t, p.child.Start())
	return p
}

// childEnviron also spares the race detector its second of sleep at the end.
func childEnviron(mode string) []string {
	return append(os.Environ(), childEnv+"="+mode, "GORACE=atexit_sleep_ms=0")
}

func unchanged(*unix.Termios) {}

func openPty(t *testing.T) (user, terminal *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = user.Close() })
	raw, err := user.SyscallConn()
	require.NoError(t, err)
	var number int
	require.NoError(t, raw.Control(func(fd uintptr) {
		require.NoError(t, unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0))
		number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		require.NoError(t, err)
	}))
	terminal, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	return user, terminal
}

func (p *pty) modes(t *testing.T) unix.Termios {
	t.Helper()
	modes, err := unix.IoctlGetTermios(int(p.terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return *modes
}

func (p *pty) set(t *testing.T, modes unix.Termios) {
	t.Helper()
	require.NoError(t, unix.IoctlSetTermios(int(p.terminal.Fd()), unix.TCSETS, &modes))
}

// see waits until the terminal has shown exactly this text since the start.
func (p *pty) see(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, p.user.SetReadDeadline(time.Now().Add(patience)))
	for buf := make([]byte, 1024); len(p.seen) < len(text); {
		n, err := p.user.Read(buf)
		require.NoError(t, err, "so far the terminal showed %q", p.seen)
		p.seen += string(buf[:n])
	}
	require.Equal(t, text, p.seen)
}

func (p *pty) typeKeys(t *testing.T, keys string) {
	t.Helper()
	_, err := p.user.WriteString(keys)
	require.NoError(t, err)
}

func (p *pty) assertHidden(t *testing.T) {
	t.Helper()
	modes := p.modes(t)
	assert.Zero(t, modes.Lflag&(unix.ECHO|unix.ECHONL), "the echo is on")
	assert.NotZero(t, modes.Lflag&unix.ICANON, "Backspace does not work")
	assert.NotZero(t, modes.Lflag&unix.ISIG, "Ctrl-C does not work")
}

// end waits for the child and checks its result, its terminal, and that its
// standard input was left alone.
func (p *pty) end(t *testing.T, line, err string) {
	t.Helper()
	require.NoError(t, p.child.Wait(), "%s", p.stdout.String())
	assert.Equal(t, fmt.Sprintf("%q %s %q", line, err, stdinData), p.stdout.String())
	assert.Equal(t, p.before, p.modes(t), "the terminal is not as it was")
}

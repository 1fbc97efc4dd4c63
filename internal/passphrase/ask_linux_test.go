package passphrase

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestAsk(t *testing.T) {
	raw := func(modes *unix.Termios) {
		modes.Lflag &^= unix.ICANON | unix.ISIG | unix.ECHO
		modes.Iflag &^= unix.ICRNL
	}
	tests := map[string]struct {
		prepare    func(*unix.Termios)
		keys, want string
	}{
		"line":                  {unchanged, "hunter2\n", "hunter2"},
		"Enter is CR":           {unchanged, "hunter2\r", "hunter2"},
		"spaces":                {unchanged, " hunter 2 \n", " hunter 2 "},
		"empty":                 {unchanged, "\n", ""},
		"UTF-8":                 {unchanged, "hüntér€\n", "hüntér€"},
		"Backspace":             {unchanged, "hunters\x7f2\n", "hunter2"},
		"Ctrl-U":                {unchanged, "wrong\x15hunter2\n", "hunter2"},
		"Ctrl-D after text":     {unchanged, "hunter2\x04\x04", "hunter2"},
		"from a raw terminal":   {raw, "hunter2\r", "hunter2"},
		"with the newline echo": {func(m *unix.Termios) { m.Lflag |= unix.ECHONL }, "hunter2\n", "hunter2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := startChild(t, "ask", tt.prepare)
			p.see(t, "Passphrase: ")
			p.assertHidden(t)
			p.typeKeys(t, tt.keys)
			p.end(t, tt.want, "<nil>")
			p.see(t, "Passphrase: \r\n")
		})
	}
}

func TestAskEnds(t *testing.T) {
	tests := map[string]struct {
		end  func(t *testing.T, p *pty)
		want string
	}{
		"Ctrl-D": {func(t *testing.T, p *pty) { p.typeKeys(t, "\x04") }, "no input"},
		"Ctrl-C": {func(t *testing.T, p *pty) { p.typeKeys(t, "hunt\x03") }, "canceled"},
		"SIGTERM": {func(t *testing.T, p *pty) {
			require.NoError(t, p.child.Process.Signal(syscall.SIGTERM))
		}, "canceled"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := startChild(t, "ask", unchanged)
			p.see(t, "Passphrase: ")
			p.assertHidden(t)
			tt.end(t, p)
			p.end(t, "", tt.want)
			p.see(t, "Passphrase: \r\n")
		})
	}
}

func TestHangUp(t *testing.T) {
	p := startChild(t, "ask", unchanged)
	p.see(t, "Passphrase: ")
	require.NoError(t, p.terminal.Close())
	require.NoError(t, p.user.Close())
	require.NoError(t, p.child.Wait())
	assert.Equal(t, fmt.Sprintf("%q no input %q", "", stdinData), p.stdout.String())
}

// TestResume does what a shell does after Ctrl-Z and fg.
func TestResume(t *testing.T) {
	p := startChild(t, "ask", unchanged)
	p.see(t, "Passphrase: ")
	require.NoError(t, p.child.Process.Signal(syscall.SIGSTOP))
	p.set(t, p.before)
	require.NoError(t, p.child.Process.Signal(syscall.SIGCONT))
	p.see(t, "Passphrase: Passphrase: ")
	p.assertHidden(t)
	p.typeKeys(t, "hunter2\n")
	p.end(t, "hunter2", "<nil>")
	p.see(t, "Passphrase: Passphrase: \r\n")
}

func TestAskTwice(t *testing.T) {
	for name, tt := range map[string]struct{ second, want, err string }{
		"same":      {"hunter2\n", "hunter2", "<nil>"},
		"different": {"hunter3\n", "", "mismatch"},
		"empty":     {"\n", "", "mismatch"},
		"Ctrl-D":    {"\x04", "", "no input"},
		"Ctrl-C":    {"\x03", "", "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			p := startChild(t, "twice", unchanged)
			p.see(t, "New: ")
			p.assertHidden(t)
			p.typeKeys(t, "hunter2\n")
			p.see(t, "New: \r\nAgain: ")
			p.assertHidden(t)
			p.typeKeys(t, tt.second)
			p.end(t, tt.want, tt.err)
			p.see(t, "New: \r\nAgain: \r\n")
		})
	}
}

// TestShow prints on the terminal, and not on the output of the process.
func TestShow(t *testing.T) {
	p := startChild(t, "show", unchanged)
	p.see(t, "only now\r\n")
	p.end(t, "", "<nil>")
}

func TestNoTerminal(t *testing.T) {
	for _, mode := range []string{"ask", "twice", "show"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = childEnviron(mode)
		cmd.Stdin = strings.NewReader(stdinData)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Equal(t, fmt.Sprintf("%q no terminal %q", "", stdinData), string(out))
	}
}

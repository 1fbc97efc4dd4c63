package passphrase

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// interruptGrace is how long a read that Ctrl-C has ended waits before it returns. It
// ends as at the end of the input, and the signal comes a moment later.
const interruptGrace = 100 * time.Millisecond

// terminal is the console of the process.
type terminal struct {
	in, out *os.File
	saved   uint32
}

var errUnattended = errors.New("nobody sees a console of this program")

func openTerminal() (*terminal, error) {
	switch {
	case Attended():
	case inMSYS():
		return nil, ErrMSYS
	default:
		return nil, errUnattended
	}
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	t := &terminal{in: in, out: out}
	if err := windows.GetConsoleMode(windows.Handle(in.Fd()), &t.saved); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// close does not wait for the input: Close of a console on which a read still blocks
// waits for that read, which means for the user.
func (t *terminal) close() {
	go func() { _ = t.in.Close() }()
	_ = t.out.Close()
}

// hide turns the echo off, and the console's own line editing, which cuts long
// lines; Ctrl-C stays a signal.
func (t *terminal) hide() error {
	mode := t.saved&^(windows.ENABLE_ECHO_INPUT|windows.ENABLE_LINE_INPUT) | windows.ENABLE_PROCESSED_INPUT
	return windows.SetConsoleMode(windows.Handle(t.in.Fd()), mode)
}

func (t *terminal) show() { _ = windows.SetConsoleMode(windows.Handle(t.in.Fd()), t.saved) }

func (t *terminal) print(text string) error {
	_, err := t.out.WriteString(text)
	return err
}

func (t *terminal) readLine() ([]byte, error) {
	line, err := readTypedLine(t.in, true)
	if errors.Is(err, ErrNoInput) {
		time.Sleep(interruptGrace)
	}
	return line, err
}

// onResume never reports anything: Windows does not stop processes.
func onResume() (resumed <-chan os.Signal, stop func()) { return nil, func() {} }

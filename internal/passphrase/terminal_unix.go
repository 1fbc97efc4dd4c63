//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package passphrase

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// terminal is the controlling terminal of the process.
type terminal struct {
	file  *os.File
	saved unix.Termios
}

func openTerminal() (*terminal, error) {
	// Not os.OpenFile, which makes a terminal non-blocking for its poller;
	// where it cannot poll one (macOS), it has to be undone.
	fd, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	t := &terminal{file: os.NewFile(uintptr(fd), "/dev/tty")}
	saved, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		t.close()
		return nil, err
	}
	t.saved = *saved
	return t, nil
}

// close closes the terminal. While a read still blocks, the File closes the descriptor
// only when the read ends, so that its number is not used for another file meanwhile.
func (t *terminal) close() { _ = t.file.Close() }

// hide turns the echo off, in the mode that takes whole lines and turns Ctrl-C
// into a signal, whatever mode the terminal was in.
func (t *terminal) hide() error {
	hidden := t.saved
	hidden.Lflag &^= unix.ECHO | unix.ECHONL
	hidden.Lflag |= unix.ICANON | unix.ISIG
	hidden.Iflag |= unix.ICRNL
	return t.set(&hidden)
}

func (t *terminal) show() { _ = t.set(&t.saved) }

func (t *terminal) set(mode *unix.Termios) error {
	return unix.IoctlSetTermios(int(t.file.Fd()), setTermios, mode)
}

func (t *terminal) print(text string) error {
	_, err := t.file.WriteString(text)
	return err
}

func (t *terminal) readLine() ([]byte, error) { return readTypedLine(t.file, false) }

// onResume reports when the process goes on after Ctrl-Z and fg.
func onResume() (resumed <-chan os.Signal, stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGCONT)
	return signals, func() { signal.Stop(signals) }
}

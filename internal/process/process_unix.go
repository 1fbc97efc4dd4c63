//go:build unix

package process

import (
	"golang.org/x/sys/unix"
)

// readerGone reports whether no process reads the output any more (poll(2): POLLERR is
// set for the write end of a pipe when the read end has been closed; macOS says POLLHUP).
func readerGone() bool {
	fds := []unix.PollFd{{Fd: 1, Events: unix.POLLOUT}, {Fd: 2, Events: unix.POLLOUT}}
	if _, err := unix.Poll(fds, 0); err != nil {
		return true
	}
	return (fds[0].Revents|fds[1].Revents)&(unix.POLLERR|unix.POLLHUP) != 0
}

// OwnConsole returns nil: here a terminal has a shell in it, or stays open by itself.
func OwnConsole() (waitForKey func()) { return nil }

// OpenedInExplorer reports false: there is no Explorer.
func OpenedInExplorer() bool { return false }

// LeaveConsole has nothing to do: a terminal is never opened for this program alone.
func LeaveConsole() {}

// NeedConsole has nothing to do.
func NeedConsole() {}

//go:build unix

package passphrase

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// inheritedFile opens a file descriptor that the process was started with.
func inheritedFile(n int) (f *os.File, problem string) {
	if n < 0 {
		return nil, "is not one that a process can have"
	}
	if n == 1 || n == 2 {
		return nil, "is for output"
	}
	// One that closes on exec did not come from the parent: the Go runtime
	// has files of its own open (cgroup limits, epoll), at just the numbers
	// a user takes, and a line from one of those would become the passphrase.
	flags, err := unix.FcntlInt(uintptr(n), unix.F_GETFD, 0)
	if err != nil || flags&unix.FD_CLOEXEC != 0 {
		return nil, "is not open"
	}
	status, err := unix.FcntlInt(uintptr(n), unix.F_GETFL, 0)
	if err != nil || status&unix.O_ACCMODE == unix.O_WRONLY {
		return nil, "is not open for reading"
	}
	return os.NewFile(uintptr(n), "fd"+strconv.Itoa(n)), ""
}

//go:build unix && !linux && !darwin && !freebsd

package safefile

import "golang.org/x/sys/unix"

// searchOnly would open a folder that may be entered, but not listed; these systems have
// no such flag.
const searchOnly = unix.O_RDONLY

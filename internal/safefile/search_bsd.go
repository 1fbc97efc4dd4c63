//go:build darwin || freebsd

package safefile

import "golang.org/x/sys/unix"

// searchOnly is the flag that opens a folder that may be entered, but not listed.
const searchOnly = unix.O_SEARCH

//go:build unix && !linux

package process

import "syscall"

// DisableCoreDumps makes a crash write no image of the memory, which may hold a key,
// to the disk.
func DisableCoreDumps() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

//go:build unix && !linux

package process

import "syscall"

// DisableCoreDumps keeps a crash from writing an image of the memory, which may hold a
// key, to the disk.
func DisableCoreDumps() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

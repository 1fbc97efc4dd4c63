//go:build unix && !linux

package main

import "syscall"

// keepMemoryPrivate makes a crash write no image of the memory, which may hold a key,
// to the disk.
func keepMemoryPrivate() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

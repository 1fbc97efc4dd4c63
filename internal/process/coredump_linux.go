package process

import "golang.org/x/sys/unix"

// DisableCoreDumps keeps a crash from writing an image of the memory, which may hold a
// key, to the disk. Crash handlers that the kernel pipes the image to ignore the limit,
// but not the flag (core(5), prctl(2)), which also keeps the user's other programs from
// reading the memory and the environment through /proc or a debugger. Neither can fail
// in a way that matters to the conversion.
func DisableCoreDumps() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

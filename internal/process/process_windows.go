package process

import (
	"os"
	"unsafe"

	"github.com/keyconv/keyconv/internal/passphrase"
	"golang.org/x/sys/windows"
)

var getConsoleProcessList = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")

// OwnConsole returns a function that waits for a key, if the console is ours alone and a
// person sees it; otherwise nil. No user can press a key for a service or a task of the
// system (session 0), and a program that reads our output must not wait for one.
func OwnConsole() (waitForKey func()) {
	if consoleProcesses() != 1 || isService() || !passphrase.Attended() {
		return nil
	}
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		if !isConsole(f) {
			return nil
		}
	}
	return waitForKeypress
}

// consoleProcesses counts the programs of our console; it returns 0 without a console.
func consoleProcesses() int {
	var ids [2]uint32 // enough to distinguish one from several
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids)))
	return int(n)
}

// isService reports true when it does not know: then nothing waits.
func isService() bool {
	var session uint32
	err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &session)
	return err != nil || session == 0
}

func isConsole(f *os.File) bool {
	var mode uint32
	return windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil
}

// waitForKeypress drops keys that were pressed before, such as a second Enter after a
// passphrase, and waits. Without line input the console gives each key at once; Ctrl-C
// stays a signal. An error means that no user can press a key.
func waitForKeypress() {
	h := windows.Handle(os.Stdin.Fd())
	if windows.SetConsoleMode(h, windows.ENABLE_PROCESSED_INPUT) != nil {
		return
	}
	if windows.FlushConsoleInputBuffer(h) != nil {
		return
	}
	var key [1]uint16
	var n uint32
	_ = windows.ReadConsole(h, &key[0], 1, &n, nil)
}

// DisableCoreDumps has nothing to do: Windows writes no image of the memory of a Go
// program that crashes, unless an administrator configured that.
func DisableCoreDumps() {}

// readerGone is never called: Windows has no signal for a broken pipe.
func readerGone() bool { return true }

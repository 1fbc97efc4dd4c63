package process

import (
	"os"
	"unsafe"

	"github.com/keyconv/keyconv/internal/passphrase"
	"golang.org/x/sys/windows"
)

var getConsoleProcessList = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")

// OwnConsole finds a console that nobody else uses and that a person sees: a service or a
// task of the system (session 0) has nobody to press a key, and a program that reads our
// output must not wait for one.
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

// consoleProcesses counts the programs of our console; 0 without one.
func consoleProcesses() int {
	var ids [2]uint32 // two are enough to know one from more
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids)))
	return int(n)
}

// isService says yes when it does not know: then nothing waits.
func isService() bool {
	var session uint32
	err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &session)
	return err != nil || session == 0
}

func isConsole(f *os.File) bool {
	var mode uint32
	return windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil
}

// waitForKeypress forgets keys that were pressed before, such as a second Enter after a
// passphrase. Without line input the console gives each key at once; Ctrl-C stays a
// signal. An error means that there is nobody to wait for.
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

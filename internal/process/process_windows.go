package process

import (
	"os"
	"strings"
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

var (
	allocConsole     = windows.NewLazySystemDLL("kernel32.dll").NewProc("AllocConsole")
	freeConsole      = windows.NewLazySystemDLL("kernel32.dll").NewProc("FreeConsole")
	getConsoleWindow = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleWindow")
)

// detachedPolicy is the first build of Windows (11 24H2) that obeys the console policy of
// our manifest: a program that Explorer starts has no console.
const detachedPolicy = 26100

// OpenedInExplorer reports whether a person who has no shell opened the program: it has a
// visible console that is nobody else's, or none because of our manifest.
func OpenedInExplorer() bool {
	return OwnConsole() != nil || hasNoConsole() && windows.RtlGetVersion().BuildNumber >= detachedPolicy && startedBy("explorer.exe")
}

// hasNoConsole reports whether the program has no console and no other streams, and is on
// a desktop that a person sees.
func hasNoConsole() bool {
	if hwnd, _, _ := getConsoleWindow.Call(); hwnd != 0 || consoleProcesses() != 0 || isService() || !passphrase.IsStationVisible() {
		return false
	}
	var info windows.StartupInfo
	if windows.GetStartupInfo(&info) != nil || info.Flags&windows.STARTF_USESTDHANDLES != 0 {
		return false
	}
	isHidden := info.Flags&windows.STARTF_USESHOWWINDOW != 0 && info.ShowWindow == windows.SW_HIDE
	return !isHidden
}

// startedBy reports whether the parent of this process is that program.
func startedBy(program string) bool {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return false
	}
	defer func() { _ = windows.CloseHandle(snapshot) }()
	parent, names := uint32(0), map[uint32]string{}
	entry := windows.ProcessEntry32{}
	entry.Size = uint32(unsafe.Sizeof(entry))
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		names[entry.ProcessID] = windows.UTF16ToString(entry.ExeFile[:])
		if entry.ProcessID == windows.GetCurrentProcessId() {
			parent = entry.ParentProcessID
		}
	}
	return strings.EqualFold(names[parent], program)
}

// LeaveConsole closes the console that was opened for this program alone.
func LeaveConsole() { _, _, _ = freeConsole.Call() }

// NeedConsole opens a console where Explorer started the program without one.
func NeedConsole() {
	if !hasNoConsole() {
		return
	}
	if ok, _, _ := allocConsole.Call(); ok == 0 {
		return
	}
	for _, stream := range []struct {
		name string
		file **os.File
	}{{"CONIN$", &os.Stdin}, {"CONOUT$", &os.Stdout}, {"CONOUT$", &os.Stderr}} {
		if f, err := os.OpenFile(stream.name, os.O_RDWR, 0); err == nil {
			*stream.file = f
		}
	}
}

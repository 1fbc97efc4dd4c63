package process

import (
	"os"
	"strings"
	"unsafe"

	"github.com/keyconv/keyconv/internal/passphrase"
	"golang.org/x/sys/windows"
)

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

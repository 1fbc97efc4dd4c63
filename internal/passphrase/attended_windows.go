package passphrase

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// pseudoConsole is the window class of a console that another program draws (ConPTY:
// Windows Terminal, VS Code, sshd). That window is always hidden, seen or not
// (microsoft/terminal, InteractivityFactory.cpp).
const pseudoConsole = "PseudoConsoleWindow"

// painters lists programs that hide the window of a console, share the console and draw
// it themselves: winpty's agent, ConEmu's server, and sshd before ConPTY.
var painters = []string{"winpty-agent.exe", "conemuc.exe", "conemuc64.exe", "ssh-shellhost.exe"}

var (
	user32                    = windows.NewLazySystemDLL("user32.dll")
	getConsoleWindow          = kernel32.NewProc("GetConsoleWindow")
	getConsoleProcessList     = kernel32.NewProc("GetConsoleProcessList")
	getAncestor               = user32.NewProc("GetAncestor")
	getProcessWindowStation   = user32.NewProc("GetProcessWindowStation")
	getUserObjectInformationW = user32.NewProc("GetUserObjectInformationW")
)

// Attended reports whether a person can see the console of this process and type there.
// Nearly every program has a console, but one that was started without a window
// (CREATE_NO_WINDOW, SW_HIDE) or by a service has no user in front of it, and the
// standard handles of one that runs in Git Bash or in a script are not a console.
func Attended() bool {
	hwnd, _, _ := getConsoleWindow.Call()
	// A server without a desktop has no user32.dll, and no windows.
	if hwnd == 0 || user32.Load() != nil || !slices.ContainsFunc([]*os.File{os.Stdin, os.Stdout, os.Stderr}, isConsole) {
		return false
	}
	window := windows.HWND(hwnd)
	return isDrawnElsewhere(window) || windows.IsWindowVisible(window) && IsStationVisible() || hasPainter()
}

func isConsole(f *os.File) bool {
	var mode uint32
	return windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil
}

// isDrawnElsewhere reports whether the console shows its text elsewhere than in its
// window: a pseudo console does, and in wine a Unix terminal, whose window is message-only.
func isDrawnElsewhere(window windows.HWND) bool {
	const parent = 1 // GA_PARENT (winuser.h)
	above, _, _ := getAncestor.Call(uintptr(window), parent)
	return className(window) == pseudoConsole || className(windows.HWND(above)) == "Message"
}

func className(window windows.HWND) string {
	var name [256]uint16 // the longest (WNDCLASSEX)
	n, err := windows.GetClassName(window, &name[0], int32(len(name)))
	if err != nil {
		return ""
	}
	return windows.UTF16ToString(name[:n])
}

// IsStationVisible reports whether windows are on a screen. Those of a service are not, nor
// those of a task that runs whether or not its user is logged on.
func IsStationVisible() bool {
	const (
		flags   = 1 // UOI_FLAGS (winuser.h)
		visible = 1 // WSF_VISIBLE
	)
	var info struct{ inherit, reserved, flags uint32 } // USEROBJECTFLAGS
	station, _, _ := getProcessWindowStation.Call()
	ok, _, _ := getUserObjectInformationW.Call(station, flags, uintptr(unsafe.Pointer(&info)), unsafe.Sizeof(info), 0)
	return ok != 0 && info.flags&visible != 0
}

// hasPainter reports whether a painter is among the programs of the console.
func hasPainter() bool {
	var ids [64]uint32 // more than a console has; with more programs none is filled in
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids)))
	return n <= uintptr(len(ids)) && slices.ContainsFunc(ids[:n], isPainter)
}

func isPainter(id uint32) bool {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, id)
	if err != nil {
		return false
	}
	defer func() { _ = windows.CloseHandle(process) }()
	name := make([]uint16, windows.MAX_LONG_PATH)
	size := uint32(len(name))
	if windows.QueryFullProcessImageName(process, 0, &name[0], &size) != nil {
		return false
	}
	return slices.Contains(painters, strings.ToLower(filepath.Base(windows.UTF16ToString(name))))
}

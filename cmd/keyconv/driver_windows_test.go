package main

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/window"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

var (
	user32      = windows.NewLazySystemDLL("user32.dll")
	postMessage = user32.NewProc("PostMessageW")
	sendMessage = user32.NewProc("SendMessageTimeoutW")
	getDlgItem  = user32.NewProc("GetDlgItem")
	isEnabled   = user32.NewProc("IsWindowEnabled")

	setForeground = user32.NewProc("SetForegroundWindow")
)

// The messages that a person's hand would cause (winuser.h).
const (
	wmSetText   = 0x000C
	wmGetText   = 0x000D
	wmClose     = 0x0010
	wmKeyDown   = 0x0100
	wmCommand   = 0x0111
	wmPaste     = 0x0302
	cbSetCurSel = 0x014E
	bmGetCheck  = 0x00F0
)

// driver is a person in front of the window of a process, without eyes and hands: it
// reads the controls and sends messages.
type driver struct {
	t       *testing.T
	process windows.Handle
	id      uint32
	main    windows.HWND
}

// patience is how long something may take on a machine that is busy.
const patience = keytest.Patience

// openWindowOf starts keyconv as Explorer does, in a console of its own, and waits for the
// window.
func openWindowOf(t *testing.T, keyconv string, args ...string) *driver {
	t.Helper()
	info := windows.StartupInfo{Cb: uint32(unsafe.Sizeof(windows.StartupInfo{}))}
	line, err := windows.UTF16PtrFromString(windows.ComposeCommandLine(append([]string{keyconv}, args...)))
	require.NoError(t, err)
	var process windows.ProcessInformation
	require.NoError(t, windows.CreateProcess(nil, line, nil, nil, false, windows.CREATE_NEW_CONSOLE, nil, nil, &info, &process))
	_ = windows.CloseHandle(process.Thread)
	d := &driver{t: t, process: process.Process, id: process.ProcessId}
	t.Cleanup(func() {
		_ = windows.TerminateProcess(d.process, stillWaits)
		_, _ = windows.WaitForSingleObject(d.process, uint32(patience.Milliseconds())) // its file can be deleted then
		_ = windows.CloseHandle(d.process)
	})
	d.main = d.window(window.Main.Get().Title, "keyconv.window")
	return d
}

// enumerated are the windows that the last EnumWindows found. There is one callback for
// all, since a process has few of them.
var (
	enumerated []windows.HWND
	enumerate  = sync.OnceValue(func() uintptr {
		return windows.NewCallback(func(h windows.HWND, _ uintptr) uintptr {
			enumerated = append(enumerated, h)
			return 1
		})
	})
)

// windows lists the windows of the process that can be seen.
func (d *driver) windows() []windows.HWND {
	enumerated = nil
	_ = windows.EnumWindows(enumerate(), nil)
	return slices.DeleteFunc(enumerated, func(h windows.HWND) bool {
		var id uint32
		_, _ = windows.GetWindowThreadProcessId(h, &id)
		return id != d.id || !windows.IsWindowVisible(h)
	})
}

// window waits for a window of that title and class.
func (d *driver) window(title, class string) windows.HWND {
	d.t.Helper()
	var found windows.HWND
	d.wait("a window "+title, func() bool {
		for _, h := range d.windows() {
			if text(h) == title && classOf(h) == class && h != d.main {
				found = h
				return true
			}
		}
		return false
	})
	return found
}

func classOf(h windows.HWND) string {
	var name [64]uint16
	n, _ := windows.GetClassName(h, &name[0], int32(len(name)))
	return windows.UTF16ToString(name[:n])
}

// wait polls, since nothing reports that another process has drawn something.
func (d *driver) wait(what string, until func() bool) {
	d.t.Helper()
	for end := time.Now().Add(patience); !until(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			var open []string
			for _, h := range d.windows() {
				open = append(open, classOf(h)+" "+text(h)+": "+text(control(h, 0xFFFF)))
			}
			d.t.Fatalf("waited in vain for %s; open: %q; status: %q", what, open, d.text(window.StatusLine))
		}
	}
}

// send returns the answer to a message; 0 if the window is gone. It waits as long as the rest:
// a window of a program that is busy is not one without a text.
func send(h windows.HWND, message, wParam, lParam uintptr) uintptr {
	var result uintptr
	_, _, _ = sendMessage.Call(uintptr(h), message, wParam, lParam, 0, uintptr(patience.Milliseconds()), uintptr(unsafe.Pointer(&result)))
	return result
}

func text(h windows.HWND) string {
	buffer := make([]uint16, 16<<10)
	n := send(h, wmGetText, uintptr(len(buffer)), uintptr(unsafe.Pointer(&buffer[0])))
	return windows.UTF16ToString(buffer[:min(n, uintptr(len(buffer)))])
}

func control(h windows.HWND, id window.ID) windows.HWND {
	item, _, _ := getDlgItem.Call(uintptr(h), uintptr(id))
	return windows.HWND(item)
}

func (d *driver) text(id window.ID) string { return text(control(d.main, id)) }

// focused returns the control that the keyboard types into, 0 while another window is in front.
// Then the person clicks on the title of this one: a console, even one that is closing, may have
// come before it.
func (d *driver) focused() windows.HWND {
	thread, _ := windows.GetWindowThreadProcessId(d.main, nil)
	info := windows.GUIThreadInfo{Size: uint32(unsafe.Sizeof(windows.GUIThreadInfo{}))}
	if windows.GetGUIThreadInfo(thread, &info) != nil {
		return 0
	}
	if info.Focus == 0 {
		_, _, _ = setForeground.Call(uintptr(d.main))
	}
	return info.Focus
}

func parentOf(h windows.HWND) windows.HWND {
	parent, _, _ := user32.NewProc("GetParent").Call(uintptr(h))
	return windows.HWND(parent)
}

// enabled reports whether a control can be used.
func (d *driver) enabled(id window.ID) bool {
	r, _, _ := isEnabled.Call(uintptr(control(d.main, id)))
	return r != 0
}

// idle waits until no work goes on.
func (d *driver) idle() {
	d.t.Helper()
	d.wait("the end of the work", func() bool { return d.enabled(window.ChooseKey) })
}

func (d *driver) type_(h windows.HWND, id window.ID, value string) {
	d.t.Helper()
	p, err := windows.UTF16PtrFromString(value)
	require.NoError(d.t, err)
	require.NotZero(d.t, send(control(h, id), wmSetText, 0, uintptr(unsafe.Pointer(p))), "%q was not typed", value)
}

// press presses a button, as a click reports it to the window around it.
func press(h windows.HWND, id window.ID) {
	_, _, _ = postMessage.Call(uintptr(h), wmCommand, uintptr(id), uintptr(control(h, id)))
}

// gone waits until a dialog is closed.
func (d *driver) gone(h windows.HWND) {
	d.t.Helper()
	d.wait("the end of a dialog", func() bool { return !slices.Contains(d.windows(), h) })
}

// chooseFile fills in a dialog of Windows for files.
func (d *driver) chooseFile(title, path string) {
	d.t.Helper()
	h := d.window(title, "#32770")
	name := window.ID(0x480) // edt1 of dlgs.h, or cmb13
	if control(h, name) == 0 {
		name = 0x47c
	}
	// The dialog puts a name there itself while it fills its list.
	d.wait("the name "+path, func() bool {
		d.type_(h, name, path)
		return text(control(h, name)) == path
	})
	press(h, window.OK)
	d.gone(h)
}

// answer reads a message box, and presses a button of it.
func (d *driver) answer(button window.ID) (message string) {
	d.t.Helper()
	h := d.window(window.Main.Get().Title, "#32770")
	message = text(control(h, 0xFFFF)) // the text of every message box
	press(h, button)
	d.gone(h)
	return message
}

// The buttons of a message box (winuser.h).
const (
	idOK  window.ID = 1
	idYes window.ID = 6
	idNo  window.ID = 7
)

// status waits for a word of what was done.
func (d *driver) status(part string) string {
	d.t.Helper()
	d.wait("the status "+part, func() bool { return strings.Contains(d.text(window.StatusLine), part) })
	d.idle()
	return d.text(window.StatusLine)
}

// opened waits until a key is shown.
func (d *driver) opened(part string) string {
	d.t.Helper()
	d.wait("the key "+part, func() bool { return strings.Contains(d.text(window.KeyInfo), part) })
	d.idle()
	return d.text(window.KeyInfo)
}

// closes closes the window, and expects that the program ends well.
func (d *driver) closes() {
	d.t.Helper()
	_, _, _ = postMessage.Call(uintptr(d.main), wmClose, 0, 0)
	event, err := windows.WaitForSingleObject(d.process, uint32(patience.Milliseconds()))
	require.NoError(d.t, err)
	require.EqualValues(d.t, windows.WAIT_OBJECT_0, event, "it goes on")
	var code uint32
	require.NoError(d.t, windows.GetExitCodeProcess(d.process, &code))
	require.Zero(d.t, code)
}

// needsDesktop skips where no window can be opened, and waits until no other test has one.
func needsDesktop(t *testing.T) {
	t.Helper()
	if os.Getenv("KEYCONV_DESKTOP") == "" {
		t.Skip("there may be no desktop: KEYCONV_DESKTOP is not set")
	}
	keytest.AloneOnDesktop(t)
}

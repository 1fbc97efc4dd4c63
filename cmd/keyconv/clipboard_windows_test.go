package main

import (
	"runtime"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

var (
	kernel32     = windows.NewLazySystemDLL("kernel32.dll")
	globalAlloc  = kernel32.NewProc("GlobalAlloc")
	globalLock   = kernel32.NewProc("GlobalLock")
	globalUnlock = kernel32.NewProc("GlobalUnlock")
)

// paste pastes files that were copied in Explorer. A drop has the same data, but its
// message cannot be sent to another process in wine: see internal/window.
func (d *driver) paste(paths ...string) {
	d.t.Helper()
	const header = 20 // DROPFILES of shlobj_core.h
	var names []uint16
	for _, path := range paths {
		letters, err := windows.UTF16FromString(path)
		require.NoError(d.t, err)
		names = append(names, letters...)
	}
	names = append(names, 0)
	data := make([]byte, header, header+2*len(names))
	data[0], data[16] = header, 1 // the names are after it, and in UTF-16
	for _, letter := range names {
		data = append(data, byte(letter), byte(letter>>8))
	}
	d.setClipboard(15, data) // CF_HDROP
	_, _, _ = postMessage.Call(uintptr(d.main), wmPaste, 0, 0)
}

// pasteText pastes a text.
func (d *driver) pasteText(text string) {
	d.t.Helper()
	letters, err := windows.UTF16FromString(text)
	require.NoError(d.t, err)
	var data []byte
	for _, letter := range letters {
		data = append(data, byte(letter), byte(letter>>8))
	}
	d.setClipboard(13, data) // CF_UNICODETEXT
	_, _, _ = postMessage.Call(uintptr(d.main), wmPaste, 0, 0)
}

func (d *driver) setClipboard(format uintptr, data []byte) {
	d.t.Helper()
	memory, _, _ := globalAlloc.Call(2, uintptr(len(data))) // GMEM_MOVEABLE
	at, _, _ := globalLock.Call(memory)
	copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(data)), data)
	_, _, _ = globalUnlock.Call(memory)
	runtime.LockOSThread() // which the clipboard belongs to, while it is open
	defer runtime.UnlockOSThread()
	d.wait("the clipboard", func() bool { // which the window may still have open, after the last paste
		ok, _, _ := user32.NewProc("OpenClipboard").Call(0)
		return ok != 0
	})
	_, _, _ = user32.NewProc("EmptyClipboard").Call()
	set, _, err := user32.NewProc("SetClipboardData").Call(format, memory)
	_, _, _ = user32.NewProc("CloseClipboard").Call()
	require.NotZero(d.t, set, err)
}

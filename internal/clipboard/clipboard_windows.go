package clipboard

import (
	"context"
	"errors"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard    = user32.NewProc("OpenClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	closeClipboard   = user32.NewProc("CloseClipboard")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
)

const (
	unicodeText = 13  // CF_UNICODETEXT
	moveable    = 0x2 // GMEM_MOVEABLE, which SetClipboardData asks for
)

// Another program holds the clipboard for a moment at a time, for example one that keeps a
// history.
const (
	tries    = 20
	tryAgain = 50 * time.Millisecond
)

var errHeld = errors.New("another program holds the clipboard")

// Copy puts a text on the clipboard.
func Copy(ctx context.Context, text string) error {
	for range tries {
		if err := Set(0, text); !errors.Is(err, errHeld) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(tryAgain):
		}
	}
	return errHeld
}

// Set puts a text on the clipboard for a window, 0 for none, without waiting.
func Set(window uintptr, text string) error {
	letters, err := windows.UTF16FromString(text)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // the clipboard belongs to the thread that opened it
	defer runtime.UnlockOSThread()
	if ok, _, _ := openClipboard.Call(window); ok == 0 {
		return errHeld
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	_, _, _ = emptyClipboard.Call()
	data, _, _ := globalAlloc.Call(moveable, uintptr(2*len(letters)))
	at, _, _ := globalLock.Call(data)
	if at == 0 {
		return errHeld
	}
	// go vet takes a conversion of at itself for one of an address in Go's memory.
	copy(unsafe.Slice((*uint16)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(letters)), letters)
	_, _, _ = globalUnlock.Call(data)
	if ok, _, _ := setClipboardData.Call(unicodeText, data); ok == 0 {
		_, _, _ = globalFree.Call(data)
		return errHeld
	}
	return nil
}

package window

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

var (
	findWindowEx = user32.NewProc("FindWindowExW")
	getDlgItem   = user32.NewProc("GetDlgItem")
)

// TestDropOnTheWindow: the message of a drop, with names beyond ASCII. All other tests of
// the real window drive the program from outside, in cmd/keyconv.
func TestDropOnTheWindow(t *testing.T) {
	if os.Getenv("KEYCONV_DESKTOP") == "" {
		t.Skip("there may be no desktop: KEYCONV_DESKTOP is not set")
	}
	keytest.AloneOnDesktop(t)
	path := keytest.WriteFile(t, t.TempDir(), "schlüssel ключ 🔑.pem", keytest.Read(t, "console-rsa2048.pem"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for ever: what is left in its queue ends with the thread
		ended <- run(ctx, nil, &machine{})
	}()

	var h windows.HWND
	wait(t, "the window", func() bool {
		h = ownWindow()
		return h != 0
	})
	item := func(id ID) windows.HWND {
		require.Empty(t, ended, "the window was closed")
		c, _, _ := getDlgItem.Call(uintptr(h), uintptr(id))
		return windows.HWND(c)
	}
	wait(t, "the controls", func() bool {
		enabled, _, _ := isWindowEnabled.Call(uintptr(item(ChooseKey)))
		return enabled != 0 && string(readText(item(StatusLine))) == welcome
	})
	_, _, _ = postMessage.Call(uintptr(h), wmDropFiles, dropOf(t, path), 0)
	wait(t, "the key", func() bool {
		return strings.Contains(string(readText(item(KeyInfo))), "schlüssel ключ 🔑.pem, in ")
	})

	cancel() // as a signal to end does
	select {
	case err := <-ended:
		assert.NoError(t, err)
	case <-time.After(keytest.Patience):
		t.Fatal("the window stays open")
	}
}

// ownWindow finds the window of this process: another one of keyconv may be open.
func ownWindow() windows.HWND {
	for h := uintptr(0); ; {
		h, _, _ = findWindowEx.Call(0, h, uintptr(unsafe.Pointer(wide(windowClass))), 0)
		var process uint32
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(h), &process); h == 0 || err == nil && process == windows.GetCurrentProcessId() {
			return windows.HWND(h)
		}
	}
}

func wait(t *testing.T, what string, until func() bool) {
	t.Helper()
	for end := time.Now().Add(keytest.Patience); !until(); time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "waited in vain for %s", what)
	}
}

var globalAlloc = kernel32.NewProc("GlobalAlloc")

// dropOf makes a DROPFILES (shlobj_core.h).
func dropOf(t *testing.T, path string) uintptr {
	const header = 20
	letters, err := windows.UTF16FromString(path)
	require.NoError(t, err)
	letters = append(letters, 0)
	memory, _, _ := globalAlloc.Call(2, uintptr(header+2*len(letters)))
	at, _, _ := globalLock.Call(memory)
	data := unsafe.Slice((*byte)(pointer(at)), header+2*len(letters))
	clear(data)
	data[0], data[16] = header, 1 // the names are after it, and in UTF-16
	for i, letter := range letters {
		data[header+2*i], data[header+2*i+1] = byte(letter), byte(letter>>8)
	}
	_, _, _ = globalUnlock.Call(memory)
	return memory
}

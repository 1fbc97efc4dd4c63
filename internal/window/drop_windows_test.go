package window

import (
	"context"
	"os"
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
	findWindow = user32.NewProc("FindWindowW")
	getDlgItem = user32.NewProc("GetDlgItem")
)

// TestDropOnTheWindow: the message of a drop, with names beyond ASCII. All other tests of
// the real window drive the program from outside, in cmd/keyconv.
func TestDropOnTheWindow(t *testing.T) {
	if os.Getenv("KEYCONV_DESKTOP") == "" {
		t.Skip("there may be no desktop: KEYCONV_DESKTOP is not set")
	}
	path := keytest.WriteFile(t, t.TempDir(), "schlüssel ключ 🔑.pem", keytest.Read(t, "console-rsa2048.pem"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, nil, &machine{}) }()

	var h windows.HWND
	wait(t, "the window", func() bool {
		found, _, _ := findWindow.Call(uintptr(unsafe.Pointer(wide(windowClass))), 0)
		h = windows.HWND(found)
		return found != 0
	})
	item := func(id ID) windows.HWND {
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
	case <-time.After(time.Minute):
		t.Fatal("the window stays open")
	}
}

func wait(t *testing.T, what string, until func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !until(); time.Sleep(20 * time.Millisecond) {
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

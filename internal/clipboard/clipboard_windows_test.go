package clipboard

import (
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// TestCopy reads back what it copied, as a program does in which it is pasted.
func TestCopy(t *testing.T) {
	keytest.AloneOnDesktop(t)
	for _, text := range []string{"ssh-ed25519 AAAA schlüssel für höst 😀", "ssh-rsa AAAA"} {
		require.NoError(t, Copy(t.Context(), text))
		assert.Equal(t, text, paste(t))
	}
	assert.Error(t, Copy(t.Context(), "a\x00b"))
}

func paste(t *testing.T) string {
	t.Helper()
	runtime.LockOSThread() // the clipboard belongs to the thread that opened it
	defer runtime.UnlockOSThread()
	for end := time.Now().Add(keytest.Patience); ; time.Sleep(tryAgain) { // see tryAgain
		ok, _, err := openClipboard.Call(0)
		if ok != 0 {
			break
		}
		require.True(t, time.Now().Before(end), err)
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	data, _, err := user32.NewProc("GetClipboardData").Call(unicodeText)
	require.NotZero(t, data, err)
	at, _, err := globalLock.Call(data)
	require.NotZero(t, at, err)
	defer func() { _, _, _ = globalUnlock.Call(data) }()
	return windows.UTF16PtrToString(*(**uint16)(unsafe.Pointer(&at)))
}

package keytest

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// AloneOnDesktop waits until no other test of this user, in any package, uses what all programs
// share: the clipboard, and which window is in front. Then it keeps the others waiting until
// the test has ended. Go runs the tests of several packages at a time.
func AloneOnDesktop(t testing.TB) {
	t.Helper()
	name, err := windows.UTF16PtrFromString("keyconv-test-desktop")
	require.NoError(t, err)
	mutex, err := windows.CreateMutex(nil, false, name)
	if mutex == 0 { // otherwise the error is that another test has made it before
		require.NoError(t, err)
	}
	runtime.LockOSThread()    // which the mutex belongs to; cleanups run in the goroutine of the test
	const last = 8 * Patience // there may be a test of each package before
	event, err := windows.WaitForSingleObject(mutex, uint32(last.Milliseconds()))
	t.Cleanup(func() {
		_ = windows.ReleaseMutex(mutex)
		_ = windows.CloseHandle(mutex)
		runtime.UnlockOSThread()
	})
	require.NoError(t, err)
	require.Contains(t, []uint32{windows.WAIT_OBJECT_0, windows.WAIT_ABANDONED}, event, "other tests use the desktop for too long")
}

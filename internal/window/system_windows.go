package window

import "golang.org/x/sys/windows"

// systemSteps are for errors of Windows that say little.
func systemSteps() []errorStep {
	return []errorStep{
		{is(windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED), always(stepDiskFull)},
		{is(windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION), always(stepInUse)},
		{is(windows.ERROR_WRITE_PROTECT), always(stepReadOnly)},
	}
}

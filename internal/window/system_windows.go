package window

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// systemSteps are for errors of Windows that say little.
var systemSteps = []struct {
	is   func(error) bool
	step func(error) string
}{
	{isAnyOf(windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED), always(stepDiskFull)},
	{isAnyOf(windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION), always(stepInUse)},
	{isAnyOf(windows.ERROR_WRITE_PROTECT), always(stepReadOnly)},
}

func isAnyOf(codes ...syscall.Errno) func(error) bool {
	return func(err error) bool {
		for _, code := range codes {
			if errors.Is(err, code) {
				return true
			}
		}
		return false
	}
}

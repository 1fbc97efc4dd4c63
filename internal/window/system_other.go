//go:build !windows

package window

import (
	"context"
	"errors"
	"syscall"
)

// systemSteps are for errors of a system that say little.
func systemSteps() []errorStep {
	return []errorStep{
		{is(syscall.ENOSPC), always(stepDiskFull)},
		{is(syscall.EBUSY), always(stepInUse)},
		{is(syscall.EROFS), always(stepReadOnly)},
	}
}

// Available reports false: the window is for Windows.
func Available() bool { return false }

// Run returns an error: the window is for Windows.
func Run(context.Context, []string) error {
	return errors.New("the window is for Windows; here keyconv is a command")
}

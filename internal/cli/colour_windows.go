package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableColour makes a console read control sequences: those of Windows before 10 cannot.
func enableColour(console *os.File) bool {
	var mode uint32
	handle := windows.Handle(console.Fd())
	if windows.GetConsoleMode(handle, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

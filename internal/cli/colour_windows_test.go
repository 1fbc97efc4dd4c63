package cli

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

// TestEnableColour: a console is set to read control sequences, and what is not a console
// gets none. (Wine takes the mode, but does not know the sequences.)
func TestEnableColour(t *testing.T) {
	kernel32 := windows.NewLazySystemDLL("kernel32.dll")
	for _, name := range []string{"FreeConsole", "AllocConsole"} { // one of its own, where it had one or not
		_, _, _ = kernel32.NewProc(name).Call()
	}
	console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	require.NoError(t, err)
	defer console.Close()
	require.True(t, enableColour(console))
	var mode uint32
	require.NoError(t, windows.GetConsoleMode(windows.Handle(console.Fd()), &mode))
	assert.NotZero(t, mode&windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)

	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	assert.False(t, enableColour(w))
}

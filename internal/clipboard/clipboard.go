// Package clipboard puts a text on the clipboard of the desktop: on Windows itself, elsewhere
// with the program of the system that does it.
package clipboard

// NoneError reports that there is no clipboard, or no program that reaches it.
type NoneError struct {
	// Programs are those that would, of which one has to be installed; nil where there is no
	// desktop.
	Programs []string
}

func (e *NoneError) Error() string {
	if len(e.Programs) == 0 {
		return "there is no clipboard: no desktop is in reach (neither WAYLAND_DISPLAY nor DISPLAY is set)"
	}
	return "there is no program for the clipboard"
}

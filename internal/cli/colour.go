package cli

import (
	"os"
	"runtime"
)

// Select graphic rendition (ECMA-48, 8.3.117), which all terminals have.
const (
	bold   = "\x1b[1m"
	yellow = "\x1b[33m"
	plain  = "\x1b[m"
)

// wantsColour reports whether errors and warnings on a stream stand out: on a terminal that
// says what it is, unless the person wants none (https://no-color.org).
func wantsColour(stream any) bool {
	if !isTerminal(stream) || os.Getenv("NO_COLOR") != "" {
		return false
	}
	kind := os.Getenv("TERM")
	if kind == "dumb" || kind == "" && runtime.GOOS != "windows" {
		return false
	}
	return enableColour(stream.(*os.File))
}

// in returns a text as a terminal shows it in a style, and as it is where there is no colour.
func (p *printer) in(style, text string) string {
	if !p.colour {
		return text
	}
	return style + text + plain
}

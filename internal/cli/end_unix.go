//go:build !windows

package cli

// endOfInput is what ends the input of a terminal.
const endOfInput = "Ctrl-D on a new line"

//go:build !windows

package process

// OwnConsole returns nil: a terminal has a shell in it here, or stays open by itself.
func OwnConsole() (waitForKey func()) { return nil }

//go:build !windows

package process

// OpenedInExplorer reports false: there is no Explorer.
func OpenedInExplorer() bool { return false }

// LeaveConsole has nothing to do: a terminal is never opened for this program alone.
func LeaveConsole() {}

// NeedConsole has nothing to do.
func NeedConsole() {}

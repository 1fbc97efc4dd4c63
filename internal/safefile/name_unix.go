//go:build unix

package safefile

// checkName has nothing to forbid: every name can be that of a file.
func checkName(string) error { return nil }

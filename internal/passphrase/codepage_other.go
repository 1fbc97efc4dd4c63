//go:build !windows

package passphrase

// systemPages is nothing: a terminal and its files have UTF-8 here.
func systemPages() []encoding { return nil }

// fromSystem leaves the bytes as they are: nothing tells which encoding they have.
func fromSystem(line []byte, _ kind) []byte { return line }

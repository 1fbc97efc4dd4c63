//go:build !windows

package passphrase

import "github.com/keyconv/keyconv/internal/codepage"

// systemPages returns nothing: terminals and their files have UTF-8 here.
func systemPages() []codepage.Page { return nil }

// fromSystem leaves the bytes as they are: nothing says which encoding they have.
func fromSystem(line []byte, _ kind) []byte { return line }

package ppk

import (
	"github.com/keyconv/keyconv/internal/quote"
)

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ppk", err) }

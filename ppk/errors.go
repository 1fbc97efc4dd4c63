package ppk

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// refused is the error of a choice for writing that the format does not have.
func refused(format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedOption, What: fmt.Sprintf(format, args...)}
}

// errNotDecoded is the error of a File that did not come from Decode.
var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ppk", err) }

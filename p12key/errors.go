package p12key

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

// unsupportedf is for what no program is known to read without more than a passphrase.
func unsupportedf(format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: sshkey.UnsupportedForm, What: fmt.Sprintf(format, args...)}
}

// errNotDecoded is the error of a File that did not come from Decode.
var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("p12key", err) }

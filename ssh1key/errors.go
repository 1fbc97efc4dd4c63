package ssh1key

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

func syntaxf(format string, args ...any) error {
	return &sshkey.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

// errNotDecoded is the error of a File that did not come from Decode.
var errNotDecoded = &sshkey.InvalidKeyError{Msg: "the file did not come from Decode"}

// prefixed puts the package's name before an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("ssh1key", err) }

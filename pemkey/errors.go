package pemkey

import (
	"fmt"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/sshkey"
)

func syntaxf(format string, args ...any) error {
	return &sshkey.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

func unsupportedf(code sshkey.UnsupportedCode, format string, args ...any) error {
	return &sshkey.UnsupportedError{Code: code, What: fmt.Sprintf(format, args...)}
}

func invalidf(format string, args ...any) error {
	return &sshkey.InvalidKeyError{Msg: fmt.Sprintf(format, args...)}
}

// refused is the error of a choice for writing that a form does not have.
func refused(format string, args ...any) error {
	return unsupportedf(sshkey.UnsupportedOption, format, args...)
}

// prefixed adds the package's name to an error that leaves the package.
func prefixed(err error) error { return quote.InPackage("pemkey", err) }

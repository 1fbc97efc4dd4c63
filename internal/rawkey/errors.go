package rawkey

import "fmt"

// The errors are those of package sshkey, which is above this one: it sets these functions
// when it is initialised, and every program that reads a key has it.
var (
	// NewInvalid makes an *sshkey.InvalidKeyError.
	NewInvalid func(msg string) error
	// NewSyntax makes an *sshkey.SyntaxError.
	NewSyntax func(line int, msg string) error
	// NewUnsupported makes an *sshkey.UnsupportedError.
	NewUnsupported func(code, what, algorithm string) error
	// NewKeySize makes an *sshkey.LimitError.
	NewKeySize func(what string, bits, max int) error
)

// The sizes that keys may have, which package sshkey has as constants too.
const (
	MaxRSABits      = 16384
	MaxDSABits      = 3072
	MaxDSAOrderBits = 256
)

func invalid(format string, args ...any) error { return NewInvalid(fmt.Sprintf(format, args...)) }

func unsupported(code, what string) error { return NewUnsupported(code, what, "") }

func checkKeySize(what string, bits, max int) error {
	if bits <= max {
		return nil
	}
	return NewKeySize(what, bits, max)
}

package sshkey

import "github.com/keyconv/keyconv/internal/rawkey"

func init() {
	rawkey.NewInvalid = func(msg string) error { return &InvalidKeyError{Msg: msg} }
	rawkey.NewSyntax = func(line int, msg string) error { return &SyntaxError{Line: line, Msg: msg} }
	rawkey.NewUnsupported = func(code, what, algorithm string) error {
		return &UnsupportedError{Code: UnsupportedCode(code), What: what, Algorithm: algorithm}
	}
	rawkey.NewKeySize = func(what string, bits, max int) error {
		return &LimitError{Kind: LimitKeySize, What: what, Value: uint64(bits), Max: uint64(max)}
	}
}

//go:build !js

package passphrase

import "golang.org/x/text/unicode/norm"

// composed returns text with its letters composed (Unicode NFC).
func composed(text []byte) []byte { return norm.NFC.Bytes(text) }

// decomposed returns text with its letters taken apart (Unicode NFD).
func decomposed(text []byte) []byte { return norm.NFD.Bytes(text) }

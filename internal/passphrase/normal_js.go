package passphrase

import "syscall/js"

// composed returns text with its letters composed (Unicode NFC). Every JavaScript has the
// tables for that; a page would be 50 kB larger with those of golang.org/x/text.
func composed(text []byte) []byte { return normalized(text, "NFC") }

// decomposed returns text with its letters taken apart (Unicode NFD).
func decomposed(text []byte) []byte { return normalized(text, "NFD") }

func normalized(text []byte, form string) []byte {
	normalize := js.Global().Get("String").Get("prototype").Get("normalize")
	return []byte(normalize.Call("call", string(text), form).String())
}

package passphrase

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	problemNUL   = "has a NUL byte, which no passphrase can hold"
	problemUTF16 = "is not valid UTF-16"
)

// firstLine returns a copy of the first line of a text in any encoding that
// editors and shells on Windows write, as UTF-8, or says why there is none.
// The caller may clear raw afterwards.
func firstLine(raw []byte) (line Text, problem string) {
	text, order := encodingOf(raw)
	if order != nil {
		var ok bool
		if text, ok = decodeUTF16(text, order); !ok {
			return Text{}, problemUTF16
		}
		defer clear(text)
	}
	// A NUL anywhere in the text counts: the text can be UTF-16 that was not
	// recognized, and its first line would be wrong even without a NUL in it.
	if bytes.IndexByte(text, 0) >= 0 {
		return Text{}, problemNUL
	}
	end := bytes.IndexAny(text, "\r\n")
	if end < 0 {
		return Text{Bytes: bytes.Clone(text)}, ""
	}
	line.Bytes = bytes.Clone(text[:end])
	if rest := text[end:]; len(rest) == 1 || string(rest) == "\r\n" {
		line.LineEnd = string(rest)
	}
	return line, ""
}

// encodingOf removes the byte order mark, and returns the byte order where the
// text is UTF-16: PowerShell 5 writes that with `>` and Out-File.
func encodingOf(raw []byte) ([]byte, binary.ByteOrder) {
	for _, mark := range []struct {
		bytes string
		order binary.ByteOrder
	}{
		{"\xef\xbb\xbf", nil},
		{"\xff\xfe", binary.LittleEndian},
		{"\xfe\xff", binary.BigEndian},
	} {
		if text, found := bytes.CutPrefix(raw, []byte(mark.bytes)); found {
			return text, mark.order
		}
	}
	var nulls [2]int // at even and at odd places
	for i, b := range raw {
		if b == 0 {
			nulls[i%2]++
		}
	}
	switch units := len(raw) / 2; {
	case len(raw) == 0 || len(raw)%2 != 0:
	case nulls == [2]int{0, units}:
		return raw, binary.LittleEndian
	case nulls == [2]int{units, 0}:
		return raw, binary.BigEndian
	}
	return raw, nil
}

// decodeUTF16 converts raw to UTF-8, and refuses a unit that is not a character: a
// replacement character would silently be a wrong passphrase.
func decodeUTF16(raw []byte, order binary.ByteOrder) ([]byte, bool) {
	if len(raw)%2 != 0 {
		return nil, false
	}
	text := make([]byte, 0, len(raw)/2*utf8.UTFMax)
	for ; len(raw) > 0; raw = raw[2:] {
		r := rune(order.Uint16(raw))
		if utf16.IsSurrogate(r) {
			if len(raw) < 4 {
				return nil, false
			}
			r = utf16.DecodeRune(r, rune(order.Uint16(raw[2:])))
			if r == utf8.RuneError {
				return nil, false
			}
			raw = raw[2:]
		}
		text = utf8.AppendRune(text, r)
	}
	return text, true
}

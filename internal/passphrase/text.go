package passphrase

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	problemNUL   = "it has a NUL byte, which no passphrase can hold"
	problemUTF16 = "it is not valid UTF-16"
)

// firstLine returns a copy of the first line of a text in any encoding that
// editors and shells on Windows write, as UTF-8, or says why there is none.
// raw may be cleared afterwards.
func firstLine(raw []byte) (line Text, problem string) {
	text, order := encodingOf(raw)
	if order != nil {
		var ok bool
		if text, ok = decodeUTF16(text, order); !ok {
			return Text{}, problemUTF16
		}
		defer clear(text)
	}
	// NUL counts in the whole text, since it can be UTF-16 that was not
	// found out, and then the first line would be read wrong without a NUL in it.
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

// encodingOf takes the byte order mark off, and returns the byte order where the
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
	switch even, odd := nulls(raw); {
	case len(raw) == 0 || len(raw)%2 != 0:
	case even == 0 && odd == len(raw)/2:
		return raw, binary.LittleEndian
	case even == len(raw)/2 && odd == 0:
		return raw, binary.BigEndian
	}
	return raw, nil
}

// nulls counts the NUL bytes at even and at odd places.
func nulls(raw []byte) (even, odd int) {
	for i, b := range raw {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	return even, odd
}

// decodeUTF16 makes UTF-8 of it, and takes no unit that stands for nothing: a
// replacement character would be a wrong passphrase in silence.
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

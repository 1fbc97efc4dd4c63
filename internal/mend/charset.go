package mend

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// decodeCharset removes byte order marks and decodes UTF-16 and UTF-32, which have a
// mark, or NUL bytes between the letters.
func decodeCharset(data []byte) *reading {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe, 0, 0}), isUTF32(data, binary.LittleEndian):
		return decodeUTF32(data, binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0, 0, 0xfe, 0xff}), isUTF32(data, binary.BigEndian):
		return decodeUTF32(data, binary.BigEndian)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order, data = binary.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order, data = binary.BigEndian, data[2:]
	case mostlyNUL(data, 1):
		order = binary.LittleEndian
	case mostlyNUL(data, 0):
		order = binary.BigEndian
	default:
		return &reading{text: string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))}
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return &reading{text: string(utf16.Decode(units)), codes: []string{"utf-16"}}
}

// withoutNUL drops NUL bytes and the byte order marks of UTF-16.
func withoutNUL(data []byte) string {
	var b strings.Builder
	b.Grow(len(data))
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == 0:
		case c >= 0xfe && i+1 < len(data) && c^data[i+1] == 1:
			i++
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isUTF32 reports whether a text begins with usual characters in four bytes each.
func isUTF32(data []byte, order binary.ByteOrder) bool {
	const sample = 16
	if len(data) < 4*sample {
		return false
	}
	for i := range sample {
		if r := order.Uint32(data[4*i:]); r == 0 || r > 0xffff {
			return false
		}
	}
	return true
}

func decodeUTF32(data []byte, order binary.ByteOrder) *reading {
	runes := make([]rune, 0, len(data)/4)
	for ; len(data) >= 4; data = data[4:] {
		if r := order.Uint32(data); r != 0xfeff {
			runes = append(runes, rune(min(r, 0x110000)))
		}
	}
	return &reading{text: string(runes), codes: []string{"utf-16"}}
}

// mostlyNUL reports whether, at the beginning of the data, most of every other byte from
// first on is NUL, as in ASCII in UTF-16.
func mostlyNUL(data []byte, first int) bool {
	data = data[:min(len(data), 128)&^1]
	nul := 0
	for i := first; i < len(data); i += 2 {
		if data[i] == 0 {
			nul++
		}
	}
	return nul > len(data)/4
}

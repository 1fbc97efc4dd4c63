package passphrase

import (
	"bytes"
	"fmt"
	"unicode/utf8"
	"unsafe"

	"github.com/keyconv/keyconv/internal/codepage"
	"golang.org/x/sys/windows"
)

// The code pages of the system, as Windows numbers them (winnls.h): CP_ACP, which
// windows without Unicode and old editors use, and CP_OEMCP, which is that of the
// console.
const (
	ansiPage = 0
	oemPage  = 1
)

// errInvalidChars is MB_ERR_INVALID_CHARS (winnls.h): bytes without a meaning are an
// error, and not replaced.
const errInvalidChars = 8

var (
	kernel32            = windows.NewLazySystemDLL("kernel32.dll")
	wideCharToMultiByte = kernel32.NewProc("WideCharToMultiByte")
	getOEMCP            = kernel32.NewProc("GetOEMCP")
)

// systemPages returns the code pages of this Windows, which can have letters of more than
// one byte.
func systemPages() []codepage.Page {
	oem, _, _ := getOEMCP.Call()
	return []codepage.Page{
		{Name: fmt.Sprintf("Windows-%d", windows.GetACP()), Encode: func(text string) ([]byte, bool) { return toPage(ansiPage, text) }},
		{Name: fmt.Sprintf("code page %d", oem), Encode: func(text string) ([]byte, bool) { return toPage(oemPage, text) }},
	}
}

// toPage encodes a text. It replaces a letter that the code page does not have by one that
// looks like it, or by "?", as Windows does for every program that asks for text in a code
// page, and did for PuTTYgen when the passphrase was set.
func toPage(page uint32, text string) ([]byte, bool) {
	wide, err := windows.UTF16FromString(text)
	if err != nil || len(wide) < 2 {
		return nil, false
	}
	defer clear(wide)
	wide = wide[:len(wide)-1]
	// Four bytes are the longest letter of any code page (GB 18030).
	out := make([]byte, 4*len(wide))
	n, _, _ := wideCharToMultiByte.Call(uintptr(page), 0,
		uintptr(unsafe.Pointer(&wide[0])), uintptr(len(wide)),
		uintptr(unsafe.Pointer(&out[0])), uintptr(len(out)), 0, 0)
	return out[:n], n > 0
}

// fromSystem converts a line that is not UTF-8 to UTF-8. In a file it has the ANSI code
// page, in which Set-Content of PowerShell 5 and old editors write; in a pipe that of the
// console, in which cmd writes. Bytes that are not text there either stay as they are.
func fromSystem(line []byte, from kind) []byte {
	if utf8.Valid(line) {
		return line
	}
	page := uint32(ansiPage)
	if from == fd {
		page = oemPage
	}
	text, ok := fromPage(page, line)
	if !ok {
		return line
	}
	if back, ok := toPage(page, text); !ok || !bytes.Equal(back, line) {
		return line
	}
	clear(line)
	return []byte(text)
}

func fromPage(page uint32, line []byte) (string, bool) {
	wide := make([]uint16, len(line)) // never longer than the bytes
	defer clear(wide)
	n, err := windows.MultiByteToWideChar(page, errInvalidChars, &line[0], int32(len(line)), &wide[0], int32(len(wide)))
	if err != nil || n <= 0 {
		return "", false
	}
	return windows.UTF16ToString(wide[:n]), true
}

package window

import (
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/keyconv/keyconv/internal/clipboard"
	"golang.org/x/sys/windows"
)

// droppedFiles returns the names that a drop, or the clipboard, has.
func droppedFiles(drop uintptr) []string {
	count, _, _ := dragQueryFile.Call(drop, 0xFFFFFFFF, 0, 0)
	var files []string
	for i := range count {
		n, _, _ := dragQueryFile.Call(drop, i, 0, 0)
		buffer := make([]uint16, n+1)
		_, _, _ = dragQueryFile.Call(drop, i, uintptr(unsafe.Pointer(&buffer[0])), n+1)
		files = append(files, windows.UTF16ToString(buffer))
	}
	return files
}

// The formats of the clipboard.
const (
	clipboardUnicode = 13 // CF_UNICODETEXT
	clipboardDrop    = 15 // CF_HDROP
)

// onClipboard runs f with the data of a format, if there is some.
func (a *app) onClipboard(format uintptr, f func(data uintptr)) {
	if has, _, _ := isClipboardFormatAvailable.Call(format); has == 0 {
		return
	}
	if ok, _, _ := openClipboard.Call(uintptr(a.main.window)); ok == 0 {
		return
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	if data, _, _ := getClipboardData.Call(format); data != 0 {
		f(data)
	}
}

func (a *app) clipboardFiles() (files []string) {
	a.onClipboard(clipboardDrop, func(data uintptr) { files = droppedFiles(data) })
	return files
}

func (a *app) clipboardText() (text []byte) {
	a.onClipboard(clipboardUnicode, func(data uintptr) {
		size, _, _ := globalSize.Call(data)
		at, _, _ := globalLock.Call(data)
		if at == 0 {
			return
		}
		defer func() { _, _, _ = globalUnlock.Call(data) }()
		letters := unsafe.Slice((*uint16)(pointer(at)), min(size/2, maxText+1))
		for i, letter := range letters {
			if letter == 0 {
				letters = letters[:i]
				break
			}
		}
		text = utf8Of(letters)
	})
	return text
}

// Copy puts text on the clipboard.
func (a *app) Copy(text string) (err error) {
	a.call(func() { err = clipboard.Set(uintptr(a.main.window), text) })
	return err
}

// maxNames is how many letters the names of the files that are chosen may have.
const maxNames = 64 << 10

// Flags of the dialogs for files.
const (
	hideReadOnly    = 0x4
	keepFolder      = 0x8 // OFN_NOCHANGEDIR
	severalFiles    = 0x200
	pathMustExist   = 0x800
	fileMustExist   = 0x1000
	noTestFile      = 0x10000
	explorerStyle   = 0x80000
	notInRecentList = 0x2000000
)

// filter returns pairs of a name and patterns, in the form of the dialog.
func filter(pairs ...string) *uint16 {
	var letters []uint16
	for _, text := range pairs {
		wide, _ := windows.UTF16FromString(text) // it has no NUL
		letters = append(letters, wide...)
	}
	return &append(letters, 0)[0]
}

// OpenFiles asks which key files to open.
func (a *app) OpenFiles() (files []string) {
	a.call(func() {
		buffer := make([]uint16, maxNames)
		o := openFileName{
			owner: a.top.window, file: &buffer[0], maxFile: maxNames, caption: wide("Choose the key that you have"),
			filter: filter("Keys (*.pem, *.key, *.ppk, id_*)", "*.pem;*.key;*.ppk;*.p12;*.pfx;id_*", "All files", "*.*"),
			flags:  explorerStyle | hideReadOnly | keepFolder | severalFiles | pathMustExist | fileMustExist | notInRecentList,
		}
		o.size = uint32(unsafe.Sizeof(o))
		if ok, _, _ := getOpenFileName.Call(uintptr(unsafe.Pointer(&o))); ok != 0 {
			files = chosenFiles(buffer)
		}
	})
	return files
}

// chosenFiles returns the names: one path, or a folder and the names in it.
func chosenFiles(buffer []uint16) []string {
	var parts []string
	for len(buffer) > 0 && buffer[0] != 0 {
		part := windows.UTF16ToString(buffer)
		parts = append(parts, part)
		for len(buffer) > 0 && buffer[0] != 0 {
			buffer = buffer[1:]
		}
		buffer = buffer[min(1, len(buffer)):]
	}
	if len(parts) < 2 {
		return parts
	}
	for i := range parts[1:] {
		parts[i+1] = filepath.Join(parts[0], parts[i+1])
	}
	return parts[1:]
}

// SaveAs asks for the name of a file. The model asks before one is replaced.
func (a *app) SaveAs(s SaveAs) (path string) {
	a.call(func() {
		buffer := make([]uint16, maxNames)
		name, _ := windows.UTF16FromString(filepath.Base(s.Path))
		copy(buffer, name)
		o := openFileName{
			owner: a.top.window, file: &buffer[0], maxFile: maxNames, caption: wide(s.Title),
			filter:    filter(s.Kind+" (*"+s.Extension+")", "*"+s.Extension, "All files", "*.*"),
			extension: wide(strings.TrimPrefix(s.Extension, ".")),
			flags:     explorerStyle | hideReadOnly | keepFolder | pathMustExist | noTestFile | notInRecentList,
		}
		if folder := filepath.Dir(s.Path); folder != "." {
			o.folder = wide(folder)
		}
		o.size = uint32(unsafe.Sizeof(o))
		if ok, _, _ := getSaveFileName.Call(uintptr(unsafe.Pointer(&o))); ok != 0 {
			path = windows.UTF16ToString(buffer)
		}
	})
	return path
}

// Folder asks for a folder.
func (a *app) Folder(title string) (path string) {
	a.call(func() {
		name := make([]uint16, windows.MAX_LONG_PATH)
		b := browseInfo{owner: a.top.window, name: &name[0], title: wide(title), flags: 0x1 | 0x10 | 0x40} // BIF_RETURNONLYFSDIRS, BIF_EDITBOX, BIF_NEWDIALOGSTYLE
		list, _, _ := shBrowseForFolder.Call(uintptr(unsafe.Pointer(&b)))
		if list == 0 {
			return
		}
		defer func() { _, _, _ = coTaskMemFree.Call(list) }()
		if ok, _, _ := shGetPathFromIDList.Call(list, uintptr(unsafe.Pointer(&name[0]))); ok != 0 {
			path = windows.UTF16ToString(name)
		}
	})
	return path
}

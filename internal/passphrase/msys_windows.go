package passphrase

import (
	"os"
	"regexp"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// msysPipe matches the names of the pipes that Cygwin and MSYS2 use as a terminal:
// \msys-dd50a72ab4668b33-pty0-to-master.
var msysPipe = regexp.MustCompile(`^\\(msys|cygwin)-[0-9a-f]+-pty[0-9]+-`)

// inMSYS reports whether the terminal, if there is one, is that of Git Bash, MSYS2 or
// Cygwin. The shells of the first two set MSYSTEM.
func inMSYS() bool {
	return os.Getenv("MSYSTEM") != "" || slices.ContainsFunc([]*os.File{os.Stdin, os.Stdout, os.Stderr}, isMSYSPipe)
}

func isMSYSPipe(f *os.File) bool {
	var info struct { // FILE_NAME_INFO
		size uint32
		name [windows.MAX_PATH]uint16
	}
	h := windows.Handle(f.Fd())
	// The name of a file on a disk could be anything, and a console has none.
	if kind, err := windows.GetFileType(h); err != nil || kind != windows.FILE_TYPE_PIPE {
		return false
	}
	err := windows.GetFileInformationByHandleEx(h, windows.FileNameInfo, (*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err == nil && msysPipe.MatchString(windows.UTF16ToString(info.name[:min(info.size/2, windows.MAX_PATH)]))
}

package agentconn

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

const pageant = "Pageant"

// dialPageant connects to the pipe that Pageant has had since PuTTY 0.75, or to the window
// of older versions and of programs that take its place.
func dialPageant(ctx context.Context) (conn, string, error) {
	name, err := pageantPipe()
	if err == nil {
		var c conn
		if c, err = dialPipe(ctx, name, nil); err == nil {
			return c, pageant, nil
		}
	}
	if window := findPageant(); window != 0 {
		return &windowConn{window: window}, pageant, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", &NotRunningError{What: "Pageant is not running"}
	}
	return nil, "", &NotRunningError{"no answer from Pageant", err}
}

// pageantPipe returns the name of the pipe, made as in windows/utils/agent_named_pipe_name.c of PuTTY.
func pageantPipe() (string, error) {
	user, err := puttyUser()
	if err != nil {
		return "", err
	}
	return `\\.\pipe\pageant.` + user + "." + obfuscated(pageant), nil
}

// puttyUser is PuTTY's get_username: the user of the domain, or otherwise of the machine.
func puttyUser() (string, error) {
	if name, err := userName(windows.NameUserPrincipal); err == nil {
		user, _, _ := strings.Cut(name, "@")
		return user, nil
	}
	name, err := userName(windows.NameSamCompatible)
	return name[strings.LastIndexByte(name, '\\')+1:], err
}

func userName(form uint32) (string, error) {
	size := uint32(256)
	for {
		buffer := make([]uint16, size)
		err := windows.GetUserNameEx(form, &buffer[0], &size)
		switch {
		case err == nil:
			return windows.UTF16ToString(buffer), nil
		case !errors.Is(err, windows.ERROR_MORE_DATA):
			return "", err
		}
	}
}

var protectMemory = windows.NewLazySystemDLL("crypt32.dll").NewProc("CryptProtectMemory")

const (
	protectBlock        = 16 // CRYPTPROTECTMEMORY_BLOCK_SIZE
	protectCrossProcess = 1  // CRYPTPROTECTMEMORY_CROSS_PROCESS
)

// obfuscated is PuTTY's capi_obfuscate_string: encrypted with a key of the user's
// session, hashed as an SSH string, in hexadecimal. Like PuTTY it goes on where
// encryption is not available.
func obfuscated(text string) string {
	blocks := len(text)/protectBlock + 1 // with a NUL at least
	data := make([]byte, 4+blocks*protectBlock)
	binary.BigEndian.PutUint32(data, uint32(blocks*protectBlock))
	copy(data[4:], text)
	if protectMemory.Find() == nil {
		_, _, _ = protectMemory.Call(uintptr(unsafe.Pointer(&data[4])), uintptr(blocks*protectBlock), protectCrossProcess)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

package agentconn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What follows is the old way to talk to Pageant (windows/agent-client.c of PuTTY): the
// request is in shared memory, whose name goes to a window, and the answer replaces it.

var (
	user32             = windows.NewLazySystemDLL("user32.dll")
	findWindow         = user32.NewProc("FindWindowW")
	sendMessageTimeout = user32.NewProc("SendMessageTimeoutW")
)

const (
	copyDataID     = 0x804e50ba // AGENT_COPYDATA_ID of PuTTY
	wmCopyData     = 0x4a
	abortIfHung    = 2    // SMTO_ABORTIFHUNG
	maxMessageSize = 8192 // AGENT_MAX_MSGLEN of the PuTTY of that time, with the length
)

// findPageant returns the window of Pageant, or 0 without one.
func findPageant() uintptr {
	name, err := windows.UTF16PtrFromString(pageant)
	if err != nil {
		return 0
	}
	window, _, _ := findWindow.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)))
	return window
}

// windowConn makes the window look like a connection.
type windowConn struct {
	window   uintptr
	deadline time.Time
	answer   []byte
}

func (c *windowConn) Close() error { return nil }

func (c *windowConn) SetDeadline(t time.Time) error {
	c.deadline = t
	return nil
}

func (c *windowConn) Read(p []byte) (int, error) {
	if len(c.answer) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.answer)
	c.answer = c.answer[n:]
	return n, nil
}

// Write sends a request and waits for the answer.
func (c *windowConn) Write(p []byte) (int, error) {
	if len(p) > maxMessageSize {
		return 0, fmt.Errorf("the key is too large for this Pageant, which takes %d bytes", maxMessageSize)
	}
	// PuTTY names the memory after the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	name := fmt.Sprintf("PageantRequest%08x", windows.GetCurrentThreadId())
	memory, unmap, err := sharedMemory(name)
	if err != nil {
		return 0, err
	}
	defer unmap()
	defer clear(memory)
	copy(memory, p)
	if err := c.send(name); err != nil {
		return 0, err
	}
	size := int(binary.BigEndian.Uint32(memory))
	if size < 1 || size > maxMessageSize-4 {
		return 0, errors.New("the answer is damaged")
	}
	c.answer = append(c.answer, memory[:4+size]...)
	return len(p), nil
}

// copyData is COPYDATASTRUCT.
type copyData struct {
	id   uintptr
	size uint32
	data *byte
}

func (c *windowConn) send(name string) error {
	text, err := windows.BytePtrFromString(name)
	if err != nil {
		return err
	}
	message := copyData{copyDataID, uint32(len(name) + 1), text}
	wait := max(time.Until(c.deadline).Milliseconds(), 0)
	var taken uintptr
	done, _, err := sendMessageTimeout.Call(c.window, wmCopyData, 0, uintptr(unsafe.Pointer(&message)),
		abortIfHung, uintptr(wait), uintptr(unsafe.Pointer(&taken)))
	switch {
	case done == 0 && errors.Is(err, windows.ERROR_TIMEOUT):
		return os.ErrDeadlineExceeded
	case done == 0:
		return err
	case taken == 0:
		return errors.New("the request was not taken")
	}
	return nil
}

// sharedMemory makes memory that only the user can open, and owns: Pageant checks that.
func sharedMemory(name string) ([]byte, func(), error) {
	user, err := currentUser()
	if err != nil {
		return nil, nil, err
	}
	security, err := windows.SecurityDescriptorFromString(fmt.Sprintf("O:%[1]sD:P(A;;GA;;;%[1]s)", user))
	if err != nil {
		return nil, nil, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: security}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, nil, err
	}
	mapping, err := windows.CreateFileMapping(windows.InvalidHandle, attributes, windows.PAGE_READWRITE, 0, maxMessageSize, wide)
	if err != nil {
		return nil, nil, err
	}
	address, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_WRITE, 0, 0, 0)
	if err != nil {
		_ = windows.CloseHandle(mapping)
		return nil, nil, err
	}
	memory := unsafe.Slice((*byte)(pointer(address)), maxMessageSize)
	return memory, func() {
		_ = windows.UnmapViewOfFile(address)
		_ = windows.CloseHandle(mapping)
	}, nil
}

// pointer converts an address outside of Go's memory.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

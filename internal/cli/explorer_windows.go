package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// changeMenus adds keyconv to the menus of Explorer and to Send to, or takes it away.
func changeMenus(add bool) error {
	dir, err := os.UserConfigDir()
	if err != nil {
		return err
	}
	link := filepath.Join(dir, "Microsoft", "Windows", "SendTo", "keyconv.lnk")
	if !add {
		for _, m := range menus {
			if err := removeMenu(m); err != nil {
				return err
			}
		}
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	for _, m := range menus {
		if err := addMenu(m, program); err != nil {
			return err
		}
	}
	if err := makeLink(link, program, "gui", menuTitle); err != nil {
		return fmt.Errorf("cannot make %s: %w", link, err)
	}
	return nil
}

// addMenu adds the entry to a menu. One that is there already, such as of a program that
// was in another folder, is changed.
func addMenu(m menu, program string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, m.key(), registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer func() { _ = key.Close() }()
	values := [][2]string{{"", menuTitle}, {"Icon", program + ",0"}}
	if m.appliesTo != "" {
		values = append(values, [2]string{"AppliesTo", m.appliesTo})
	}
	for _, v := range values {
		if err := key.SetStringValue(v[0], v[1]); err != nil {
			return err
		}
	}
	command, _, err := registry.CreateKey(key, "command", registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer func() { _ = command.Close() }()
	return command.SetStringValue("", menuCommand(program))
}

// removeMenu removes the entry, and the keys above it that have nothing else in them.
func removeMenu(m menu) error {
	for _, path := range []string{m.key() + `\command`, m.key()} {
		if err := registry.DeleteKey(registry.CURRENT_USER, path); err != nil && !errors.Is(err, registry.ErrNotExist) {
			return err
		}
	}
	for path := parent(m.key()); path != classes; path = parent(path) {
		key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
		if errors.Is(err, registry.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		info, err := key.Stat()
		_ = key.Close()
		if err != nil || info.SubKeyCount > 0 || info.ValueCount > 0 {
			return err
		}
		if err := registry.DeleteKey(registry.CURRENT_USER, path); err != nil {
			return err
		}
	}
	return nil
}

func parent(path string) string { return path[:strings.LastIndexByte(path, '\\')] }

var (
	ole32            = windows.NewLazySystemDLL("ole32.dll")
	coCreateInstance = ole32.NewProc("CoCreateInstance")
)

// The shortcut of the shell (shobjidl_core.h): its class, and the two interfaces that it
// is filled in and saved through.
var (
	classShellLink   = windows.GUID{Data1: 0x00021401, Data4: [8]byte{0xC0, 0, 0, 0, 0, 0, 0, 0x46}}
	interfaceLink    = windows.GUID{Data1: 0x000214F9, Data4: [8]byte{0xC0, 0, 0, 0, 0, 0, 0, 0x46}}
	interfacePersist = windows.GUID{Data1: 0x0000010B, Data4: [8]byte{0xC0, 0, 0, 0, 0, 0, 0, 0x46}}
)

// The methods that are called, by their place in the tables of IShellLinkW and
// IPersistFile.
const (
	queryInterface = 0
	release        = 2
	setDescription = 7
	setArguments   = 11
	setPath        = 20
	persistSave    = 6
)

// object is one of COM.
type object struct{ methods *[21]uintptr }

// call calls a method; addresses among the arguments stay valid meanwhile.
//
//go:uintptrescapes
func (o *object) call(method int, arguments ...uintptr) error {
	r, _, _ := syscall.SyscallN(o.methods[method], append([]uintptr{uintptr(unsafe.Pointer(o))}, arguments...)...)
	if int32(r) < 0 {
		return syscall.Errno(r)
	}
	return nil
}

// makeLink makes a shortcut to a program, in the place of one that is there.
func makeLink(path, program, arguments, description string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED); err != nil && !errors.Is(err, syscall.Errno(1)) { // S_FALSE: it was done
		return err
	}
	defer windows.CoUninitialize()
	var link, file *object
	const inProcess = 1 // CLSCTX_INPROC_SERVER
	r, _, _ := coCreateInstance.Call(uintptr(unsafe.Pointer(&classShellLink)), 0, inProcess, uintptr(unsafe.Pointer(&interfaceLink)), uintptr(unsafe.Pointer(&link)))
	if int32(r) < 0 {
		return syscall.Errno(r)
	}
	defer func() { _ = link.call(release) }()
	for _, text := range []struct {
		method int
		value  string
	}{{setPath, program}, {setArguments, arguments}, {setDescription, description}} {
		p, err := windows.UTF16PtrFromString(text.value)
		if err == nil {
			err = link.call(text.method, uintptr(unsafe.Pointer(p)))
		}
		runtime.KeepAlive(p)
		if err != nil {
			return err
		}
	}
	if err := link.call(queryInterface, uintptr(unsafe.Pointer(&interfacePersist)), uintptr(unsafe.Pointer(&file))); err != nil {
		return err
	}
	defer func() { _ = file.call(release) }()
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	err = file.call(persistSave, uintptr(unsafe.Pointer(p)), 1)
	runtime.KeepAlive(p)
	return err
}

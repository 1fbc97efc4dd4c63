package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// createOwnerOnly makes the file with its access list already on it. No other
// program can open it while it is written. A file that others may read takes the
// access list of its folder instead, as every new file does.
func createOwnerOnly(name string, perm fs.FileMode) (*os.File, error) {
	var access *windows.SecurityAttributes
	if perm&^ownerOnly == 0 {
		var err error
		if access, err = ownerOnlyAccess(); err != nil {
			return nil, err
		}
	}
	p, err := longPathPtr(name)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(p, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, access,
		windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), name), nil
}

// ownerOnlyAccess returns a protected access list, so that nothing is inherited from
// the folder, with full access for the user, SYSTEM and the Administrators: the
// three that OpenSSH for Windows accepts on a private key.
func ownerOnlyAccess() (*windows.SecurityAttributes, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("cannot tell who the user is: %w", err)
	}
	sddl := fmt.Sprintf("D:P(A;;FA;;;%s)(A;;FA;;;SY)(A;;FA;;;BA)", user.User.Sid)
	descriptor, err := windows.SecurityDescriptorFromString(sddl)
	if err != nil {
		return nil, fmt.Errorf("cannot make the access list: %w", err)
	}
	access := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	access.Length = uint32(unsafe.Sizeof(*access))
	return access, nil
}

// setPerm has nothing to do: the access list was there before the file.
func setPerm(*os.File, fs.FileMode) error { return nil }

// keepOwner has nothing to do: the new access list has everyone who may replace a key.
func keepOwner(*os.File, *entry) bool { return true }

// inspect finds out whether the volume keeps access lists at all: FAT does not.
func inspect(f *os.File, want fs.FileMode) (Result, error) {
	var flags uint32
	err := windows.GetVolumeInformationByHandle(windows.Handle(f.Fd()), nil, 0, nil, nil, &flags, nil, 0)
	if err != nil {
		return Result{}, fmt.Errorf("cannot find out what the volume can hold: %w", err)
	}
	noLists := flags&windows.FILE_PERSISTENT_ACLS == 0
	return Result{Mode: want, WiderMode: noLists && want&^ownerOnly == 0}, nil
}

func isUnsupported(err error) bool { return errors.Is(err, errors.ErrUnsupported) }

// publishNew moves the temporary to its name, which fails when the name is taken.
func publishNew(d *folder, temporary, name string) error {
	err := move(d.path+temporary, d.path+name, windows.MOVEFILE_WRITE_THROUGH)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	return err
}

// publishOver replaces the file with that name; the access list is that of the temporary.
func publishOver(d *folder, temporary, name string) error {
	return move(d.path+temporary, d.path+name, windows.MOVEFILE_WRITE_THROUGH|windows.MOVEFILE_REPLACE_EXISTING)
}

// move tries again for about half a second: a virus scanner opens new files
// just when they are to be moved, and soon closes them.
func move(from, to string, flags uint32) error {
	fromPtr, err := longPathPtr(from)
	if err != nil {
		return err
	}
	toPtr, err := longPathPtr(to)
	if err != nil {
		return err
	}
	for pause := time.Millisecond; ; pause *= 2 {
		err = windows.MoveFileEx(fromPtr, toPtr, flags)
		if !isBusy(err) || pause > 256*time.Millisecond {
			return err
		}
		time.Sleep(pause)
	}
}

func isBusy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// checkName refuses a name that Windows does not take for that of a file: a device
// (CON, NUL; before Windows 11 also aux.ppk), or a stream hidden in another file
// (key.ppk:name), where no program looks for a key.
func checkName(base string) error {
	switch {
	case strings.Contains(base, ":"):
		return fmt.Errorf("a file name has no colon: %q would be a stream hidden in a file", base)
	case base != "." && base != ".." && !filepath.IsLocal(base):
		return &reason{fmt.Sprintf("Windows takes the name %q for a device", base), ErrSpecial}
	}
	return nil
}

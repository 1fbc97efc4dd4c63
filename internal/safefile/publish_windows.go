package safefile

import (
	"errors"
	"io/fs"
	"time"

	"golang.org/x/sys/windows"
)

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

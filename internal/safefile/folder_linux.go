package safefile

import (
	"golang.org/x/sys/unix"
)

// renameNew renames and fails when the name is taken, in one step, which FAT and exFAT
// can do too (renameat2(2)).
func (d *folder) renameNew(from, to string) error {
	return unix.Renameat2(d.fd, from, d.fd, to, unix.RENAME_NOREPLACE)
}

// searchOnly is the flag that opens a folder that may be entered, but not listed.
const searchOnly = unix.O_PATH

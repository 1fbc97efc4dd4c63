package safefile

import "golang.org/x/sys/unix"

// renameNew renames and fails when the name is taken, in one step, which FAT and exFAT
// can do too (renameat2(2)).
func renameNew(from, to string) error {
	return unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
}

package safefile

import "golang.org/x/sys/unix"

// renameNew renames and fails when the name is taken, in one step (renamex_np(2)).
func renameNew(from, to string) error {
	return unix.RenamexNp(from, to, unix.RENAME_EXCL)
}

package safefile

import "golang.org/x/sys/unix"

// renameNew renames and fails when the name is taken, in one step (renameatx_np(2)).
func (d *folder) renameNew(from, to string) error {
	return unix.RenameatxNp(d.fd, from, d.fd, to, unix.RENAME_EXCL)
}

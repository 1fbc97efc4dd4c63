//go:build unix

package safefile

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerReads is the mode bit without which a key is of no use.
const ownerReads fs.FileMode = 0o400

// AccessWord precedes what Restricted says about the access.
const AccessWord = "mode"

// restrict keeps a mode of 0400, which is narrower than ssh requires, and never sets a mode
// with which the owner cannot read the file.
func restrict(f *os.File, info fs.FileInfo) (Restricted, error) {
	before := info.Mode().Perm()
	r := Restricted{Before: modeText(before), After: modeText(before)}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		r.Owner = userName(stat.Uid)
	}
	if before&^ownerOnly == 0 {
		return r, nil
	}
	chmodErr := f.Chmod(before&ownerOnly | ownerReads)
	if isDenied(chmodErr) && r.Owner != "" {
		return r, &reason{"it belongs to " + r.Owner + ", who alone can change who may read it", ErrForeign}
	}
	if chmodErr != nil && !isDenied(chmodErr) && !isUnsupported(chmodErr) {
		return r, chmodErr
	}
	info, err := f.Stat()
	if err != nil {
		return r, err
	}
	r.After = modeText(info.Mode().Perm())
	if info.Mode().Perm()&^ownerOnly != 0 {
		return r, cannotHold(r.After)
	}
	return r, nil
}

func modeText(mode fs.FileMode) string { return fmt.Sprintf("%04o", mode) }

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if owner, err := user.LookupId(id); err == nil {
		return owner.Username
	}
	return "the user with the number " + id
}

//go:build unix

package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// folder is a directory that was opened once. Every call for a file in it is relative to
// the descriptor: to exchange the directory, or one above it, for a symlink meanwhile
// changes nothing.
type folder struct {
	fd   int
	path string // as it was given, for messages
}

// entry describes what a folder has under a name.
type entry struct {
	mode     fs.FileMode
	links    uint64
	uid, gid uint32
	dev, ino uint64
}

// maxLinks is how many symlinks a path may lead through: as many as Linux follows
// (path_resolution(7)).
const maxLinks = 40

// maxTarget is the length of the longest symlink: PATH_MAX of Linux.
const maxTarget = 4096

// openFolder opens the folder of a path, and returns the name that the path has in it. It
// follows a symlink at the path itself if follow is set: to read the file. It opens each part of the path in
// the one before it, and reads and follows symlinks itself: so it cannot open another
// folder than the one that it looked at.
func openFolder(path string, follow bool) (*folder, string, error) {
	dir, _ := filepath.Split(path)
	w := walk{folder: folder{fd: unix.AT_FDCWD, path: dir}, rest: path}
	start := "."
	if strings.HasPrefix(path, "/") {
		start = "/"
	}
	name, err := "", w.enter(start)
	if err == nil {
		name, err = w.toEnd(follow)
	}
	if err == nil && len(w.foreign) > 0 {
		err = w.trusted()
	}
	if err == nil {
		return &w.folder, name, nil
	}
	w.Close()
	if !follow {
		err = explainFolder(dir, err)
	}
	return nil, "", err
}

// walk follows a path, a name at a time.
type walk struct {
	folder
	rest  string
	links int
	// foreign has the owners of symlinks on the way that neither the user nor root made.
	foreign []uint32
}

// toEnd goes to the folder that has the last name of the path.
func (w *walk) toEnd(follow bool) (string, error) {
	for {
		name, rest, _ := strings.Cut(strings.TrimLeft(w.rest, "/"), "/")
		w.rest = strings.TrimLeft(rest, "/")
		isLast := w.rest == ""
		switch {
		case name == "." && !isLast:
			continue
		case name == "":
			return ".", nil
		case isLast && !follow:
			return name, nil
		case !isLast:
			if err := w.enter(name); err == nil {
				continue
			} else if !errors.Is(err, unix.ELOOP) && !errors.Is(err, unix.ENOTDIR) && !errors.Is(err, unix.EMLINK) {
				return "", err // not that of a symlink; FreeBSD has EMLINK for one
			}
		}
		switch isFollowed, err := w.followLink(name); {
		case err != nil:
			return "", err
		case isLast && !isFollowed:
			return name, nil
		case !isFollowed:
			return "", unix.ENOTDIR
		}
	}
}

// enter opens a folder in the one that is open, but never a symlink.
func (w *walk) enter(name string) error {
	fd, err := openAt(w.fd, name, searchOnly|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	w.Close()
	w.fd = fd
	return nil
}

// followLink puts the target of a symlink before the rest of the path. It reports false if
// the name is not a symlink, or is not there.
func (w *walk) followLink(name string) (bool, error) {
	to, err := w.readlink(name)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOENT) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	link, err := w.entry(name, false)
	if err != nil {
		return false, err
	}
	if w.links++; w.links > maxLinks {
		return false, unix.ELOOP
	}
	if link.uid != 0 && int(link.uid) != os.Geteuid() {
		w.foreign = append(w.foreign, link.uid)
	}
	w.rest = strings.TrimRight(to, "/") + "/" + w.rest
	if strings.Trim(to, "/") == "" {
		w.rest = "/./" + w.rest
	}
	w.rest = strings.TrimSuffix(w.rest, "/")
	if strings.HasPrefix(w.rest, "/") {
		return true, w.enter("/")
	}
	return true, nil
}

// trusted refuses to follow, as root, another user's symlink to a folder that is not
// theirs: they would choose which of root's files is changed.
func (w *walk) trusted() error {
	if os.Geteuid() != 0 {
		return nil
	}
	dir, err := w.entry("", false)
	if err != nil {
		return err
	}
	for _, owner := range w.foreign {
		if owner != dir.uid {
			return fmt.Errorf("a symlink of %s leads to it, and its folder belongs to %s: name the file itself", userName(owner), userName(dir.uid))
		}
	}
	return nil
}

// checkGive refuses to give a file to an owner in a folder where another user could
// exchange it: the folder has to be the owner's, or one where only root may write.
func (d *folder) checkGive(owner uint32) error {
	if os.Geteuid() != 0 || owner == 0 {
		return nil // nothing has to be given away, or cannot be
	}
	dir, err := d.entry("", false)
	if err != nil || dir.uid == owner || dir.uid == 0 && dir.mode&0o022 == 0 {
		return err
	}
	return fmt.Errorf("it belongs to %[1]s, but its folder belongs to %[2]s, or others may write there: run this as %[1]s", userName(owner), userName(dir.uid))
}

// Close closes the folder.
func (d *folder) Close() {
	if d.fd != unix.AT_FDCWD {
		_ = unix.Close(d.fd)
	}
}

// entry describes a name, or the file that a symlink of that name leads to; without a name, the
// folder itself.
func (d *folder) entry(name string, follow bool) (entry, error) {
	flags := unix.AT_SYMLINK_NOFOLLOW
	if follow {
		flags = 0
	}
	var st unix.Stat_t
	err := ignoringEINTR(func() error {
		if name == "" {
			return unix.Fstat(d.fd, &st)
		}
		return unix.Fstatat(d.fd, name, &st, flags)
	})
	mode := fs.FileMode(st.Mode & 0o777)
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		mode |= fs.ModeDir
	case unix.S_IFLNK:
		mode |= fs.ModeSymlink
	case unix.S_IFIFO:
		mode |= fs.ModeNamedPipe
	case unix.S_IFSOCK:
		mode |= fs.ModeSocket
	case unix.S_IFBLK, unix.S_IFCHR:
		mode |= fs.ModeDevice
	}
	return entry{mode: mode, links: uint64(st.Nlink), uid: st.Uid, gid: st.Gid, dev: uint64(st.Dev), ino: uint64(st.Ino)}, err
}

// isOpen reports whether e is the file that was opened.
func (e entry) isOpen(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && uint64(st.Dev) == e.dev && uint64(st.Ino) == e.ino
}

func (e entry) isSame(other entry) bool { return e.dev == other.dev && e.ino == other.ino }

func (d *folder) readlink(name string) (string, error) {
	buf := make([]byte, maxTarget)
	n, err := unix.Readlinkat(d.fd, name, buf)
	return string(buf[:max(n, 0)]), err
}

// open opens an existing file for reading, but not a symlink. It does not wait for a
// writer, should the name have a pipe meanwhile.
func (d *folder) open(name string) (*os.File, error) {
	fd, err := openAt(d.fd, name, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), d.path+name), nil
}

func (d *folder) openToRestrict(name string) (*os.File, error) { return d.open(name) }

// release has nothing to do: a file that is open can be replaced.
func (*Existing) release() {}

// create makes a file, which is owner-only whatever its mode will be: wider bits come when
// it is whole.
func (d *folder) create(name string, _ fs.FileMode) (*os.File, error) {
	fd, err := openAt(d.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL, uint32(ownerOnly))
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), d.path+name), nil
}

func (d *folder) rename(from, to string) error { return unix.Renameat(d.fd, from, d.fd, to) }
func (d *folder) remove(name string) error     { return unix.Unlinkat(d.fd, name, 0) }

// sync makes a new name survive a loss of power. A folder that may be written but not read
// cannot be opened for that, and some file systems have no such call; the file is there
// all the same.
func (d *folder) sync() error {
	fd, err := openAt(d.fd, ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.Fsync(fd); err != nil && !isUnsupported(err) {
		return fmt.Errorf("the file is written, but may not last through a loss of power: %w", err)
	}
	return nil
}

func openAt(dir int, name string, flags int, perm uint32) (fd int, err error) {
	err = ignoringEINTR(func() (err error) {
		fd, err = unix.Openat(dir, name, flags|unix.O_CLOEXEC, perm)
		return err
	})
	return fd, err
}

// ignoringEINTR repeats a call that a signal interrupted, as package os does.
func ignoringEINTR(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

package input

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/sshkey"
)

// maxMendedInFolder is how large a file in a folder may be to be looked at for a damaged
// key. A whole key in base64 in UTF-16 is smaller.
const maxMendedInFolder = 64 << 10

// walk finds the wanted keys in a folder and those below it, in the order of their
// names. Symlinks to folders are not followed, those to files where they are asked for, and
// what is in the folder of the outputs is not an input.
func (q Query) walk(ctx context.Context, set *Set, folder string) error {
	folder = WithoutParents(folder)
	root := folder
	if info, err := os.Lstat(folder); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		root += string(filepath.Separator) // it was named, so it is meant
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil && entry.IsDir() {
			if path != root && (q.Flat || q.leaves(entry) || !q.Everywhere && isPassedOver(entry.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if err == nil {
			var found bool
			if found, err = q.isWanted(path, entry); err == nil && !found {
				set.Others++
				return nil
			}
		}
		if !set.isNew(path) {
			return nil
		}
		if err != nil {
			set.Broken[path] = err
		}
		if below, err := filepath.Rel(folder, path); err == nil {
			set.Below[path] = below
		}
		set.Names = append(set.Names, path)
		return nil
	})
}

// leaves recognizes the folder of the outputs, by whatever name.
func (q Query) leaves(entry fs.DirEntry) bool {
	if q.Leave == "" {
		return false
	}
	to, err := os.Stat(q.Leave)
	if err != nil {
		return false
	}
	info, err := entry.Info()
	return err == nil && os.SameFile(to, info)
}

// isNew reports whether a path is not yet an input, and makes it one. A file may be named
// besides its folder.
func (s *Set) isNew(path string) bool {
	path = filepath.Clean(WithoutParents(path))
	if s.seen[path] {
		return false
	}
	s.seen[path] = true
	return true
}

// isWanted finds out by the content whether a file is a key to work on. A damaged key
// is one, so that its damage is reported.
func (q Query) isWanted(path string, entry fs.DirEntry) (bool, error) {
	info, err := entry.Info()
	if q.Links && err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = os.Stat(path)
	}
	// A run that was killed may have left a temporary file.
	isTemporary := strings.HasPrefix(entry.Name(), ".keyconv-") && strings.HasSuffix(entry.Name(), ".tmp")
	if err != nil || !info.Mode().IsRegular() || info.Size() > sshkey.MaxFileSize || isTemporary || isKept(entry.Name()) {
		return false, nil
	}
	data, err := Files{}.Read(path)
	if err != nil {
		return false, err
	}
	defer clear(data)
	format, err := formatOf(data, q.Limits)
	if !q.Texts && (err == nil && format.About().Private || fault.Is[*sshkey.SyntaxError](err)) && !q.isWholeKey(data) {
		return false, nil
	}
	switch {
	case fault.Is[*engine.NotPrivateError](err):
		return false, nil
	case fault.Is[*sshkey.SyntaxError](err):
		return true, nil
	case err != nil:
		return false, err
	}
	return q.Wanted(format), nil
}

// DamagedSuffix is what the name of a text gets that was repaired in place: key.pem.damaged,
// then key.pem.damaged.2.
const DamagedSuffix = ".damaged"

// isKept recognizes the damaged text of a key that was repaired.
func isKept(name string) bool {
	return strings.HasSuffix(strings.TrimRight(name, "0123456789."), DamagedSuffix)
}

func (q Query) isWholeKey(data []byte) bool {
	f, err := Options{Limits: q.Limits}.Open(data)
	if err != nil {
		f = nil
	}
	return IsWholeKey(data, f)
}

// isPassedOver recognizes a folder in which nobody keeps keys: a program does, of its own
// tests, or copies of what is elsewhere.
func isPassedOver(folder string) bool {
	folder = strings.ToLower(folder)
	isHidden := strings.HasPrefix(folder, ".")
	return slices.Contains([]string{".git", ".hg", ".svn", ".npm", "node_modules"}, folder) ||
		isHidden && strings.Contains(folder, "cache")
}

// ErrReadOnce is the error of a pipe or device, which the work on it has to read: a look at
// it would take what is in there.
var ErrReadOnce = errors.New("it is a pipe or device")

// FormatOf finds out what a file is by its content, and mends it where that does not
// show. A pipe or device gives ErrReadOnce.
func FormatOf(files Files, path string, limits engine.Limits) (engine.Format, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice) != 0 {
		return "", ErrReadOnce
	}
	data, err := files.Read(path)
	if err != nil {
		return "", err
	}
	defer clear(data)
	return formatOf(data, limits)
}

func formatOf(data []byte, limits engine.Limits) (engine.Format, error) {
	format := engine.Detect(data)
	if format != engine.Unknown || len(data) > maxMendedInFolder {
		return format, nil
	}
	f, err := engine.OpenMended(engine.MendLimits(data, limits), 0, limits)
	if err != nil {
		return "", err
	}
	return f.Format, nil
}

// WithoutParents resolves a path with ".." in it. Package filepath would make "keys" of
// "link/../keys", which is another folder than the system's where link is a symlink.
func WithoutParents(path string) string {
	if !HasParents(path) {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// HasParents reports whether a path has ".." in it.
func HasParents(path string) bool {
	isSeparator := func(r rune) bool { return r < utf8.RuneSelf && os.IsPathSeparator(uint8(r)) }
	return slices.Contains(strings.FieldsFunc(path, isSeparator), "..")
}

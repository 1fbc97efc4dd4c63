package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
)

// maxMendedInFolder is how large a file in a folder may be to be looked at for a damaged
// key. A whole key in base64 in UTF-16 is smaller.
const maxMendedInFolder = 64 << 10

// walk finds the wanted keys in a folder and those below it, in the order of their
// names. Symlinks are not followed, and what is in --output-dir is no input.
func (a *app) walk(folder string, wanted func(keyconv.Format) bool) ([]string, error) {
	var names []string
	folder = withoutParents(folder)
	root := folder
	if info, err := os.Lstat(folder); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		root += string(filepath.Separator) // it was named, so it is meant
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if stop := interruption(a.ctx); stop != nil {
			return stop
		}
		if err == nil && entry.IsDir() {
			if path != root && a.isOutputDir(entry) {
				return fs.SkipDir
			}
			return nil
		}
		if err == nil {
			var found bool
			if found, err = a.isWanted(path, entry, wanted); err == nil && !found {
				return nil
			}
		}
		if !a.inputs.add(path, folder, err) {
			return nil
		}
		names = append(names, path)
		return nil
	})
	return names, err
}

// isOutputDir recognizes the folder of --output-dir, by whatever name.
func (a *app) isOutputDir(entry fs.DirEntry) bool {
	if a.flags.outputDir == "" {
		return false
	}
	to, err := os.Stat(a.flags.outputDir)
	if err != nil {
		return false
	}
	info, err := entry.Info()
	return err == nil && os.SameFile(to, info)
}

// withoutParents resolves a path with ".." in it. Package filepath would make "keys" of
// "link/../keys", which is another folder than the system's where link is a symlink.
func withoutParents(path string) string {
	if !hasParents(path) {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// joined leaves alone what withoutParents could not resolve.
func joined(folder, name string) string {
	if hasParents(folder) {
		return folder + string(filepath.Separator) + name
	}
	return filepath.Join(folder, name)
}

func hasParents(path string) bool {
	return slices.Contains(strings.FieldsFunc(path, isSeparator), "..")
}

func isSeparator(r rune) bool { return r < utf8.RuneSelf && os.IsPathSeparator(uint8(r)) }

// add notes a file that was found, or one that could not be looked at.
func (i *inputs) add(path, folder string, err error) (isNew bool) {
	if !i.isNew(path) {
		return false
	}
	if err != nil {
		i.broken[path] = err
	}
	if below, err := filepath.Rel(folder, path); err == nil {
		i.below[path] = below
	}
	return true
}

// isNew reports whether a path is no input yet, and makes it one. A file may be named
// besides its folder.
func (i *inputs) isNew(path string) bool {
	path = filepath.Clean(withoutParents(path))
	if i.seen[path] {
		return false
	}
	i.seen[path] = true
	return true
}

// isWanted tells by the content whether a file is a key to work on, and counts it if
// not. A damaged key is one, so that its damage is reported.
func (a *app) isWanted(path string, entry fs.DirEntry, wanted func(keyconv.Format) bool) (bool, error) {
	found, err := false, error(nil)
	if info, infoErr := entry.Info(); infoErr == nil && info.Mode().IsRegular() &&
		info.Size() <= sshkey.MaxFileSize && !isTemporary(entry.Name()) {
		found, err = a.holdsWanted(path, wanted)
	}
	if !found && err == nil {
		a.inputs.others++
	}
	return found, err
}

// isTemporary is what a run that was killed may have left behind.
func isTemporary(name string) bool {
	return strings.HasPrefix(name, ".keyconv-") && strings.HasSuffix(name, ".tmp")
}

func (a *app) holdsWanted(path string, wanted func(keyconv.Format) bool) (bool, error) {
	format, err := a.formatOf(path)
	if a.inputs.whole && (err == nil || is[*keyconv.SyntaxError](err)) {
		if isKey, err := a.isWholeKeyFile(path); err != nil || !isKey {
			return false, err
		}
	}
	switch {
	case is[*keyconv.NotPrivateError](err):
		return false, nil
	case is[*keyconv.SyntaxError](err):
		return true, nil
	case err != nil:
		return false, err
	}
	return wanted(format), nil
}

func (a *app) isWholeKeyFile(path string) (bool, error) {
	data, err := a.read(path)
	if err != nil {
		return false, err
	}
	defer clear(data)
	f, err := a.openMended(data)
	if err != nil {
		f = nil
	}
	return isWholeKey(data, f), nil
}

// formatOf tells what a file is by its content, and mends it where that does not show.
func (a *app) formatOf(path string) (keyconv.Format, error) {
	data, err := a.read(path)
	if err != nil {
		return "", err
	}
	defer clear(data)
	format := keyconv.Detect(data)
	if format != keyconv.Unknown || len(data) > maxMendedInFolder {
		return format, nil
	}
	f, err := keyconv.OpenMended(keyconv.Mend(data), 0, a.limits())
	if err != nil {
		return "", err
	}
	return f.Format, nil
}

// isPrivate is what check and passwd want of a folder, and convert.
func isPrivate(format keyconv.Format) bool { return format.Holds().Private }

// isAnyKey is what inspect wants of a folder.
func isAnyKey(format keyconv.Format) bool {
	return isPrivate(format) || format == keyconv.Public || format == keyconv.RFC4716 || format == keyconv.SPKI
}

func isPPKFormat(format keyconv.Format) bool { return format == keyconv.PPK || format == keyconv.PPK2 }

package login

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/session"
)

// maxSession is more than any session of PuTTY has: all its settings are 8 kB. maxStore is
// more than an exported registry with a thousand of them.
const maxSession, maxStore = 1 << 20, 64 << 20

// PuTTYSessions returns the sessions that PuTTY and KiTTY have saved on this system, in the
// order of their names, and an error for each that cannot be read. Where there is no PuTTY
// there are none.
func PuTTYSessions() ([]session.Saved, []error) {
	s := puttyStore()
	isPuTTY := func(s session.Saved) bool { return s.Program == &session.PuTTY || s.Program == &session.KiTTY }
	return slices.DeleteFunc(s.Sessions, func(s session.Saved) bool { return !isPuTTY(s) }), s.Problems
}

// puttyStore returns what is in PuTTY's places: on Windows all of the registry.
func puttyStore() session.Store {
	if HasRegistry {
		return registryStore()
	}
	dir, err := session.PuTTY.Folder.Path(Env())
	if err != nil {
		return session.Store{Problems: []error{err}}
	}
	return FolderStore(dir, session.DefaultCodePage)
}

// Stores returns what the programs have saved on this system.
func Stores() session.Store {
	s := puttyStore()
	var files []string
	for _, find := range session.StoreFiles {
		if file, err := find(Env()); err == nil && Env().Exists(file) {
			files = append(files, file)
		}
	}
	for _, file := range files {
		s.Add(FileStore(file, SystemCodePage()))
	}
	return s
}

// FileStore returns what a file, or a folder with a file for each session, has.
func FileStore(name string, page session.CodePage) session.Store {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return folderOf(name, page)
	}
	data, err := readSession(name, maxStore)
	if err != nil {
		return problem(name, err)
	}
	s, err := session.ReadStore(filepath.Base(name), data, page)
	if err != nil {
		return problem(name, err)
	}
	for i, err := range s.Problems {
		s.Problems[i] = fault.In(input.Shown(name), err)
	}
	return s
}

func problem(name string, err error) session.Store {
	return session.Store{Problems: []error{fault.In(input.Shown(name), err)}}
}

// folderOf returns what is in a program's own folder, such as that of the portable KiTTY, or
// in a folder of sessions.
func folderOf(dir string, page session.CodePage) session.Store {
	var s session.Store
	found := false
	for _, name := range []string{"Sessions", "sessions", "WinSCP.ini", "sitemanager.xml", "sshhostkeys"} {
		place := filepath.Join(dir, name)
		info, err := os.Stat(place)
		switch {
		case err != nil:
			continue
		case info.IsDir():
			s.Add(FolderStore(place, page))
		default:
			s.Add(FileStore(place, page))
		}
		found = true
		if name == "Sessions" && Env().Exists(filepath.Join(dir, "sessions")) {
			break // a file system without case
		}
	}
	if found {
		return s
	}
	return FolderStore(dir, page)
}

// FolderStore returns the sessions of a folder that has a file for each. It may be missing.
func FolderStore(dir string, page session.CodePage) session.Store {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return session.Store{}
	case err != nil:
		return problem(dir, err)
	}
	var s session.Store
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		if entry.IsDir() {
			s.Add(FolderStore(file, page)) // KiTTY's folders
			continue
		}
		data, err := readSession(file, maxSession)
		if err == nil && !session.IsPuTTYFile(data) {
			err = errors.New("it is not a session of PuTTY or KiTTY")
		}
		if err != nil {
			s.Add(problem(file, err))
			continue
		}
		s.Sessions = append(s.Sessions, session.SavedUnix(session.ProgramOf(data), entry.Name(), data, page))
	}
	return s
}

// readSession reads a file that is not a device or a folder.
func readSession(file string, max int64) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > max:
		return nil, errors.New("it is too large for a session")
	}
	return os.ReadFile(file)
}

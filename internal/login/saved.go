package login

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/session"
)

// maxSession is more than any session of PuTTY has: all its settings are 8 kB.
const maxSession = 1 << 20

// PuTTYSessions returns the sessions that PuTTY and KiTTY have saved on this system, in the
// order of their names, and an error for each that cannot be read. Where there is no PuTTY
// there are none.
func PuTTYSessions() ([]session.Saved, []error) {
	if HasRegistry {
		return registrySessions()
	}
	dir, err := session.PuTTY.Folder.Path(Env())
	if err != nil {
		return nil, []error{err}
	}
	return FolderSessions(&session.PuTTY, dir, session.DefaultCodePage)
}

// FolderSessions returns the sessions of a program that has each in a file of a folder, which
// may be missing.
func FolderSessions(p *session.Program, dir string, page session.CodePage) ([]session.Saved, []error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []session.Saved
	var failed []error
	if err != nil {
		failed = append(failed, fault.In(input.Shown(dir), err))
	}
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		data, err := readSession(file)
		if err != nil {
			failed = append(failed, fault.In(input.Shown(file), err))
			continue
		}
		list = append(list, session.SavedUnix(p, entry.Name(), data, page))
	}
	return list, failed
}

// readSession reads a file that is not a device, a folder or endless.
func readSession(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxSession:
		return nil, errors.New("it is too large for a session")
	}
	return os.ReadFile(file)
}

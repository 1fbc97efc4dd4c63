// Package login saves sessions where programs have them: in the registry, in a folder or
// in a list. It also finds the key file that a program logs in with.
package login

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
)

// Place is where a session goes, with everything that has been found out about it.
type Place struct {
	Shown    string // a file, a registry key, or input.Stdio
	Data     []byte // what is printed, if that is where it goes
	Outcome  session.Outcome
	Warnings []string

	file  string // the file that is written; empty for none
	may   disk.Overwrite
	write func() error
}

// Saver finds places for sessions, and writes to them. It does all checks that can be
// done before a key is converted.
type Saver struct {
	Guard   *disk.Guard
	Replace bool // a session of that name, or a file that exists
	// Planned is the file of the key, which may be yet to be made.
	Planned string
}

// Put writes the session, unless it is there already.
func (s *Saver) Put(p Place) error {
	if p.Outcome == session.AlreadyThere || p.Shown == input.Stdio {
		return nil
	}
	if p.file != "" { // by now the converted key is there too
		if err := s.Guard.Check(p.file, p.may); err != nil {
			return err
		}
	}
	if err := p.write(); err != nil {
		return output.Failed(fmt.Sprintf("cannot save the session in %s", input.Shown(p.Shown)), err)
	}
	return nil
}

// InFile returns the place of a session that is alone in a file. Without a name, or with
// that of standard output, it is printed.
func (s *Saver) InFile(file string, data []byte) (Place, error) {
	if file == "" || file == input.Stdio {
		return Place{Shown: input.Stdio, Data: data}, nil
	}
	if old, err := readOld(file); err == nil && old != nil && bytes.Equal(old, data) {
		return Place{Shown: file, file: file, Outcome: session.AlreadyThere}, nil
	}
	p := Place{Shown: file, file: file, may: disk.Overwrite{Replace: s.Replace}, write: func() error {
		_, err := safefile.Write(file, data, safefile.Options{Overwrite: s.Replace})
		return err
	}}
	if err := s.mayWrite(p); err != nil {
		return Place{}, err
	}
	if err := safefile.Check(file, s.Replace); err != nil { // its folder may be missing
		return Place{}, placeError(file, err)
	}
	return p, nil
}

// mayWrite asks whether the session may be written to its place, before any work.
func (s *Saver) mayWrite(p Place) error {
	may := p.may
	may.Planned = s.Planned
	if err := s.Guard.Check(p.file, may); err != nil {
		return placeError(p.file, err)
	}
	return nil
}

// placeError names the place, since the message begins with the key.
func placeError(shown string, err error) error {
	var exists *session.ExistsError
	switch {
	case fault.Is[*fault.Error](err), fault.Is[*session.InvalidError](err):
		return err
	case errors.As(err, &exists) && exists.Shared:
		return existing(input.Shown(shown)+": "+err.Error(), fault.OtherSession)
	case errors.As(err, &exists):
		return existing(input.Shown(shown)+": "+err.Error(), fault.ReplaceSession)
	case errors.Is(err, safefile.ErrExists):
		return existing(input.Shown(shown)+" already exists", fault.ReplaceSession)
	}
	return fault.In(input.Shown(shown), err)
}

func existing(text string, do fault.Do) error {
	return fault.New(fault.Exists, "%s", text).With(fault.Advice{Do: do})
}

// InFolder returns the place of a session in the program's folder of sessions, which is
// made where it is missing.
func (s *Saver) InFolder(f *session.Folder, of session.Session) (Place, error) {
	name, err := f.FileName(of)
	if err != nil {
		return Place{}, err
	}
	dir, err := f.Path(Env())
	if err != nil {
		return Place{}, err
	}
	file := filepath.Join(dir, name)
	old, err := readOld(file)
	if err != nil {
		return Place{}, placeError(file, err)
	}
	data, err := f.Encode(of, old)
	switch {
	case err != nil:
		return Place{}, err
	case old != nil && sameLines(data, old):
		return Place{Shown: file, file: file, Outcome: session.AlreadyThere}, nil
	case old != nil && !s.Replace:
		return Place{}, placeError(file, &session.ExistsError{Name: of.Name})
	}
	p := Place{Shown: file, file: file, may: disk.Overwrite{Replace: old != nil}, write: writeOwn(file, data, old != nil)}
	if old != nil {
		p.Outcome = session.Replaced
	}
	return p, s.mayWrite(p)
}

// sameLines reports whether two files have the same lines, in any order.
func sameLines(a, b []byte) bool {
	sorted := func(data []byte) [][]byte {
		lines := bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))
		slices.SortFunc(lines, bytes.Compare)
		return lines
	}
	return slices.EqualFunc(sorted(a), sorted(b), bytes.Equal)
}

// InList returns the place of a session in a list: file, or where it is empty the
// program's own.
func (s *Saver) InList(list *session.List, file string, of session.Session) (Place, error) {
	isOwn, err := file == "", error(nil)
	if isOwn {
		file, err = list.Path(Env())
	}
	if err != nil {
		return Place{}, err
	}
	old, err := readOld(file)
	if err != nil {
		return Place{}, placeError(file, err)
	}
	may := disk.Overwrite{Replace: old != nil}
	if err := s.mayWrite(Place{file: file, may: may}); err != nil {
		return Place{}, err
	}
	changed, err := list.Add(old, of, s.Replace)
	if err != nil {
		return Place{}, placeError(file, err)
	}
	write := writeOwn(file, changed.Data, old != nil)
	if old == nil && !isOwn {
		write = func() error { _, err := safefile.Write(file, changed.Data, safefile.Options{}); return err }
	}
	return Place{Shown: file, file: file, may: may, write: write, Outcome: changed.Outcome, Warnings: changed.Warnings}, nil
}

// readOld returns nil for a file that is not there, and otherwise a non-nil value.
func readOld(file string) ([]byte, error) {
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("it is a symlink to a file that is not there")
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	}
	data, err := os.ReadFile(file)
	return append([]byte{}, data...), err
}

// writeOwn writes a file of the program, in a folder of its own that is made where it
// is missing, for this user alone. A file that is there keeps its mode, and a symlink to
// it stays.
func writeOwn(file string, data []byte, exists bool) func() error {
	return func() error {
		if exists {
			_, err := safefile.Edit(file, data)
			return err
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		_, err := safefile.Write(file, data, safefile.Options{})
		return err
	}
}

// Env returns the system as the places of sessions depend on it.
func Env() session.Env {
	return session.Env{
		Windows: runtime.GOOS == "windows", Lookup: os.LookupEnv, Home: os.UserHomeDir, SSHHome: SSHHome, ConfigDir: os.UserConfigDir,
		Exists: func(path string) bool {
			_, err := os.Stat(path)
			return err == nil
		},
	}
}

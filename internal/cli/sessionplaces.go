package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
)

// place is where a session goes, with all that has been found out about it.
type place struct {
	shown    string // a file, a registry key, or stdio
	file     string // the file that is written; empty for none
	may      disk.Overwrite
	data     []byte // what is printed
	write    func() error
	outcome  session.Outcome
	warnings []string
}

// newFile is a file that has this session alone.
func (o *sessionOptions) newFile(data []byte, err error) (place, error) {
	if err != nil {
		return place{}, err
	}
	if o.output == "" || o.output == stdio {
		return place{shown: stdio, data: data}, nil
	}
	p := place{shown: o.output, file: o.output, may: disk.Overwrite{Replace: o.force}, write: func() error {
		_, err := safefile.Write(o.output, data, safefile.Options{Overwrite: o.force})
		return err
	}}
	if err := o.mayWrite(p); err != nil {
		return place{}, err
	}
	if err := safefile.Check(o.output, o.force); err != nil { // its folder may be missing
		return place{}, o.placeError(o.output, err)
	}
	return p, nil
}

// mayWrite asks whether the session may be written to its place, before any work.
func (o *sessionOptions) mayWrite(p place) error {
	may := p.may
	may.Planned = o.planned
	if err := o.guard.Check(p.file, may); err != nil {
		return o.placeError(p.file, err)
	}
	return nil
}

// placeError names the place, since the message begins with the key.
func (o *sessionOptions) placeError(shown string, err error) error {
	var exists *session.ExistsError
	switch {
	case fault.Is[*fault.Error](err), fault.Is[*session.InvalidError](err):
		return err
	case errors.As(err, &exists) && exists.Shared:
		return fault.New(fault.Exists, "%s", input.Shown(shown)+": "+err.Error()).With(say("choose another name, or change that block in an editor"))
	case errors.As(err, &exists):
		return fault.New(fault.Exists, "%s", input.Shown(shown)+": "+err.Error()).With(say("--force replaces it"))
	case errors.Is(err, safefile.ErrExists):
		return fault.New(fault.Exists, "%s", input.Shown(shown)+" exists already").With(say("--force replaces it"))
	}
	return fault.In(input.Shown(shown), err)
}

// placeInFolder is a file in the program's folder of sessions, made where it is missing.
func (o *sessionOptions) placeInFolder(f *session.Folder, s session.Session) (place, error) {
	name, err := f.FileName(s)
	if err != nil {
		return place{}, err
	}
	dir, err := f.Path(sessionEnv())
	if err != nil {
		return place{}, err
	}
	file := filepath.Join(dir, name)
	old, err := readOld(file)
	if err == nil && old != nil && !o.force {
		err = &session.ExistsError{Name: s.Name}
	}
	if err != nil {
		return place{}, o.placeError(file, err)
	}
	data, err := f.Encode(s, old)
	if err != nil {
		return place{}, err
	}
	p := place{shown: file, file: file, may: disk.Overwrite{Replace: old != nil}, write: writeOwn(file, data, old != nil)}
	if old != nil {
		p.outcome = session.Replaced
	}
	return p, o.mayWrite(p)
}

// addTo edits the file of -o, or the program's own.
func (o *sessionOptions) addTo(list *session.List, s session.Session) (place, error) {
	file, err := o.output, error(nil)
	if file == "" {
		file, err = list.Path(sessionEnv())
	}
	if err != nil {
		return place{}, err
	}
	old, err := readOld(file)
	if err != nil {
		return place{}, o.placeError(file, err)
	}
	if err := o.mayWrite(place{file: file, may: disk.Overwrite{Replace: old != nil}}); err != nil {
		return place{}, err
	}
	changed, err := list.Add(old, s, o.force)
	if err != nil {
		return place{}, o.placeError(file, err)
	}
	write := writeOwn(file, changed.Data, old != nil)
	if old == nil && o.output != "" {
		write = func() error { _, err := safefile.Write(file, changed.Data, safefile.Options{}); return err }
	}
	return place{
		shown: file, file: file, may: disk.Overwrite{Replace: old != nil}, write: write,
		outcome: changed.Outcome, warnings: changed.Warnings,
	}, nil
}

// readOld returns nil for a file that is not there, and a non-nil value else.
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
// is missing, for nobody else. A file that is there keeps its mode, and a symlink to
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

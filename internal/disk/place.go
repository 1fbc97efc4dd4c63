package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/safefile"
)

// Place is the place of a command: files, and the standard streams.
type Place struct {
	input.Files
	output.Options
	Guard  *Guard
	Stdout io.Writer
	// Hidden refuses standard output; nil allows it.
	Hidden error
}

// Find reports whether there is a file, and returns an error for a pipe, socket or
// folder.
func (d *Place) Find(name string) (bool, error) {
	if _, err := os.Lstat(name); err != nil {
		return false, nil
	}
	if err := safefile.Check(name, true); err != nil {
		return true, writeError(name, err)
	}
	return true, nil
}

// Check refuses a file of this run, what exists, what is not a file, and a file in a
// folder that does not exist, and a private key under the name of a public one. Folders below
// that of the outputs are made.
func (d *Place) Check(name string, private bool) error {
	if name == input.Stdio {
		return d.Hidden
	}
	if private && !d.Options.Replace && strings.EqualFold(filepath.Ext(name), ".pub") {
		return fault.New(fault.Usage, "%s has the name of a public key, which people give away, and would have a private key in it", input.Shown(name)).
			With(fault.Advice{Do: fault.NameOther})
	}
	if _, err := os.Lstat(name); err == nil {
		if err := d.Guard.Check(name, Overwrite{Replace: d.Options.Replace, Keys: private}); err != nil {
			return writeError(name, err)
		}
		return nil
	}
	place := name
	if d.isBelow(name) {
		place = filepath.Join(input.WithoutParents(d.Folder), filepath.Base(name))
	}
	if err := safefile.Check(place, true); errors.Is(err, fs.ErrNotExist) {
		return writeError(name, err)
	}
	return nil // writing reports what else is wrong, if anything is
}

// Write puts a result where it belongs: private keys owner-only.
func (d *Place) Write(name string, data []byte, private bool) (output.Written, error) {
	if name == input.Stdio {
		_, err := d.Stdout.Write(data)
		return output.Written{}, err
	}
	o := safefile.Options{Overwrite: d.Options.Replace}
	if !private {
		o.Perm = 0o644
	}
	var err error
	if d.isBelow(name) {
		if _, missing := os.Stat(d.Folder); missing == nil { // writing reports it otherwise
			err = os.MkdirAll(filepath.Dir(name), 0o700)
		}
	}
	if err == nil {
		err = d.Guard.Check(name, Overwrite{Replace: d.Options.Replace, Keys: private})
	}
	var result safefile.Result
	if err == nil {
		result, err = safefile.Write(name, data, o)
	}
	if err != nil {
		return output.Written{}, writeError(name, err)
	}
	d.Guard.Protect(name, madeByRun)
	return output.Written(result), nil
}

// WriteBoth puts a private key and its public half into files, both or neither.
func (d *Place) WriteBoth(key, public output.File) (output.Written, error) {
	for _, f := range []struct {
		name  string
		isKey bool
	}{{public.Name, false}, {key.Name, true}} {
		if err := d.Guard.Check(f.name, Overwrite{Replace: d.Options.Replace, Keys: f.isKey}); err != nil {
			return output.Written{}, writeError(f.name, err)
		}
	}
	result, err := safefile.WriteBoth(safefile.File{Path: key.Name, Data: key.Data},
		safefile.File{Path: public.Name, Data: public.Data, Perm: 0o644}, d.Options.Replace)
	if err != nil {
		name := key.Name
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			name = path.Path
		}
		return output.Written{}, writeError(name, err)
	}
	d.Guard.Protect(key.Name, madeByRun)
	d.Guard.Protect(public.Name, madeByRun)
	return output.Written(result), nil
}

// isBelow reports whether an output is in a folder below Folder.
func (d *Place) isBelow(name string) bool {
	return d.Folder != "" && filepath.Dir(name) != filepath.Clean(input.WithoutParents(d.Folder))
}

// Edit opens a file that is to be changed in place.
func (d *Place) Edit(name string) (output.Original, error) {
	if err := d.Guard.CheckEdit(name); err != nil {
		return nil, err
	}
	file, err := safefile.OpenToReplace(name)
	if err != nil {
		return nil, err
	}
	return &original{file, name}, nil
}

type original struct {
	*safefile.Existing
	name string
}

// Replace changes the file in place.
func (o *original) Replace(data []byte) (output.Written, error) {
	result, err := o.Existing.Replace(data)
	if err != nil {
		return output.Written{}, writeError(o.name, err)
	}
	return output.Written(result), nil
}

// ReplaceKeeping changes the file in place, and keeps what it had beside it.
func (o *original) ReplaceKeeping(data, old []byte, suffix string) (output.Written, string, error) {
	result, kept, err := o.Existing.ReplaceKeeping(data, old, suffix)
	if err != nil {
		return output.Written{}, "", writeError(o.name, err)
	}
	return output.Written(result), kept, nil
}

// writeError makes sure that the message names the output: it stands after the name of
// the input.
func writeError(name string, err error) error {
	if fault.Is[*fault.Error](err) {
		return err // it names the output
	}
	if errors.Is(err, safefile.ErrExists) {
		return output.Exists(name, "")
	}
	failed := output.CannotWrite(input.Shown(name), err)
	if info, statErr := os.Stat(name); statErr == nil && info.IsDir() {
		return failed.With(fault.Advice{Do: fault.NameInFolder})
	}
	if errors.Is(err, safefile.ErrSpecial) {
		return failed.With(fault.Advice{Do: fault.WriteStream})
	}
	return failed
}

package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/safefile"
)

// Place is where the files of a job are: the disk, or memory.
type Place interface {
	// Read returns the content of an input, or of an output that is there.
	Read(name string) ([]byte, error)
	// Find reports whether there is anything under a name, and returns an error for
	// what is not a file.
	Find(name string) (bool, error)
	// Check refuses an output before anybody types a passphrase for it: a file of this
	// run, something that exists and is not to be replaced, or what is not a file. Only
	// a private key may take the place of one.
	Check(output string, private bool) error
	// Write writes an output, readable by its owner alone if it is private.
	Write(output string, data []byte, private bool) (Written, error)
	// Edit opens an input that is to be changed in place.
	Edit(name string) (Original, error)
}

// Original is an input that is changed in place. Replace puts data in the place of what
// was read, and of nothing that got its name since; nothing can be read after it.
type Original interface {
	io.ReadCloser
	Replace(data []byte) (Written, error)
}

// Written says what became of a file that was written. It has the fields of
// safefile.Result.
type Written struct {
	Mode      fs.FileMode
	WiderMode bool   // others have more access than asked for
	NewOwner  bool   // Original.Replace could not give the file back to its owner
	Target    string // the file that Replace found at the end of a symlink
	Links     bool   // the file has other names (hard links), which keep the old content
}

// Disk is the place of a command: files, and the standard streams.
type Disk struct {
	input.Files
	Options
	Guard  *Guard
	Stdout io.Writer
	// Hidden refuses standard output; nil allows it.
	Hidden error
}

// Find reports whether there is a file, and returns an error for a pipe, socket or
// folder.
func (d *Disk) Find(name string) (bool, error) {
	if _, err := os.Lstat(name); err != nil {
		return false, nil
	}
	if err := safefile.Check(name, true); err != nil {
		return true, writeError(name, err)
	}
	return true, nil
}

// Check refuses a file of this run, what exists, and what is not a file.
func (d *Disk) Check(output string, private bool) error {
	if output == input.Stdio {
		return d.Hidden
	}
	if _, err := os.Lstat(output); err != nil {
		return d.checkFolder(output)
	}
	if err := d.Guard.Check(output, Overwrite{Replace: d.Options.Replace, Keys: private}); err != nil {
		return writeError(output, err)
	}
	return nil
}

// checkFolder refuses an output in a folder that does not exist. Those below the folder
// of the outputs are made.
func (d *Disk) checkFolder(output string) error {
	place := output
	if d.isBelow(output) {
		place = filepath.Join(input.WithoutParents(d.Folder), filepath.Base(output))
	}
	err := safefile.Check(place, true)
	if errors.Is(err, fs.ErrNotExist) {
		return writeError(output, err)
	}
	return nil // writing reports what else is wrong, if anything is
}

// Write puts a result where it belongs: private keys owner-only.
func (d *Disk) Write(output string, data []byte, private bool) (Written, error) {
	if output == input.Stdio {
		_, err := d.Stdout.Write(data)
		return Written{}, err
	}
	o := safefile.Options{Overwrite: d.Options.Replace}
	if !private {
		o.Perm = 0o644
	}
	err := d.makeFolder(output)
	if err == nil {
		err = d.Guard.Check(output, Overwrite{Replace: d.Options.Replace, Keys: private})
	}
	var result safefile.Result
	if err == nil {
		result, err = safefile.Write(output, data, o)
	}
	if err != nil {
		return Written{}, writeError(output, err)
	}
	d.Guard.Protect(output, madeByRun)
	return Written(result), nil
}

// makeFolder makes the folders below Folder that an output keeps of the path of its
// input; Folder itself has to be there.
func (d *Disk) makeFolder(output string) error {
	if !d.isBelow(output) {
		return nil
	}
	if _, err := os.Stat(d.Folder); err != nil {
		return nil // writing reports it
	}
	return os.MkdirAll(filepath.Dir(output), 0o700)
}

// Edit opens a file that is to be changed in place.
func (*Disk) Edit(name string) (Original, error) {
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
func (o *original) Replace(data []byte) (Written, error) {
	result, err := o.Existing.Replace(data)
	if err != nil {
		return Written{}, writeError(o.name, err)
	}
	return Written(result), nil
}

// Exists returns the error of an output that is there already; why may say more.
func Exists(output, why string) error {
	return fault.New(fault.Exists, "%s exists already%s", input.Shown(output), why).With(fault.Advice{Do: fault.Replace})
}

// writeError makes sure that the message names the output: it stands after the name of
// the input.
func writeError(output string, err error) error {
	if fault.Is[*fault.Error](err) {
		return err // it names the output
	}
	if errors.Is(err, safefile.ErrExists) {
		return Exists(output, "")
	}
	failed := CannotWrite(input.Shown(output), err)
	if info, statErr := os.Stat(output); statErr == nil && info.IsDir() {
		return failed.With(fault.Advice{Do: fault.NameInFolder})
	}
	if errors.Is(err, safefile.ErrSpecial) {
		return failed.With(fault.Advice{Do: fault.WriteStream})
	}
	return failed
}

// CannotWrite returns the error of an output that could not be written.
func CannotWrite(shown string, err error) *fault.Error { return Failed("cannot write "+shown, err) }

// Failed returns the error of something that failed for a reason of the system.
func Failed(what string, err error) *fault.Error {
	exit := fault.Failed
	if errors.Is(err, safefile.ErrExists) {
		exit = fault.Exists
	}
	err = quote.WithoutPath(err)
	return &fault.Error{Exit: exit, Msg: what + ": " + err.Error(), Err: err}
}

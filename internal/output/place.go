package output

import (
	"errors"
	"io"
	"io/fs"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
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
	// WriteBoth writes a private key and its public half: both or neither.
	WriteBoth(key, public File) (Written, error)
	// Edit opens an input that is to be changed in place.
	Edit(name string) (Original, error)
}

// File is an output with its content.
type File struct {
	Name string
	Data []byte
}

// Original is an input that is changed in place. Replace puts data in the place of what
// was read, and of nothing that got its name since; nothing can be read after it.
type Original interface {
	io.ReadCloser
	Replace(data []byte) (Written, error)
	// ReplaceKeeping is Replace that first puts old, which is what was read, beside the
	// file: under its name and the suffix, and never over another file. It returns the name.
	ReplaceKeeping(data, old []byte, suffix string) (Written, string, error)
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

// Exists returns the error of an output that is there already; why may say more.
func Exists(output, why string) error {
	return fault.New(fault.Exists, "%s already exists%s", input.Shown(output), why).With(fault.Advice{Do: fault.Replace})
}

// CannotWrite returns the error of an output that could not be written.
func CannotWrite(shown string, err error) *fault.Error { return Failed("cannot write "+shown, err) }

// Failed returns the error of something that failed for a reason of the system.
func Failed(what string, err error) *fault.Error {
	exit := fault.Failed
	if errors.Is(err, fs.ErrExist) {
		exit = fault.Exists
	}
	err = quote.WithoutPath(err)
	return &fault.Error{Exit: exit, Msg: what + ": " + err.Error(), Err: err}
}

package engine

import (
	"context"

	"github.com/keyconv/keyconv/internal/mend"
)

// Clean returns the text of the file as its own program writes it: the key alone, without
// damage or anything around it, in the same form, and with the same comment, encryption
// and passphrase. A binary file comes back as it is. It also returns what was changed in
// a damaged text, as [File.Repairs] does.
//
// Where a damaged text can be read in more than one way, only the passphrase shows which
// is right: the text is nil until Decrypt has opened the key.
func (f *File) Clean() (text []byte, repairs []Repair) {
	if f.clean == nil {
		return nil, f.Repairs
	}
	return f.clean()
}

// cleanText returns a function for [File.Clean].
func cleanText(data []byte, limits Limits, repairs []Repair) func() ([]byte, []Repair) {
	return func() ([]byte, []Repair) {
		o := &opener{ctx: context.Background(), limits: limits, known: map[[32]byte]*File{}}
		found := mend.Text(data, o.judge())
		if len(found.Keys) != 1 || len(found.Keys[0].Candidates) == 0 {
			return data, repairs
		}
		return found.Keys[0].Candidates[0].Data, repairs
	}
}

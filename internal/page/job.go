package page

import (
	"bytes"
	"context"
	"io/fs"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
)

// certificateName is what the job calls a certificate that was given with the key. No
// file of a browser has a name with a slash.
const certificateName = "certificate/"

// place has the files of a request in memory. What is written is apart from what is read,
// since the browser puts it into a folder of its own.
type place struct {
	in  map[string][]byte
	out []File
}

// Read returns a copy of an input, which the job wipes.
func (p *place) Read(name string) ([]byte, error) {
	data, ok := p.in[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if err := budget.CheckFileSize(len(data)); err != nil {
		return nil, fault.Advise(err, fault.Advice{Do: fault.RightFile})
	}
	return bytes.Clone(data), nil
}

// Find reports whether an output of that name was written.
func (p *place) Find(name string) (bool, error) {
	for _, f := range p.out {
		if f.Name == name {
			return true, nil
		}
	}
	return false, nil
}

// Check refuses a second output of the same name.
func (p *place) Check(name string, _ bool) error {
	if found, _ := p.Find(name); found {
		return output.Exists(name, "")
	}
	return nil
}

// Write keeps an output.
func (p *place) Write(name string, data []byte, private bool) (output.Written, error) {
	if err := p.Check(name, private); err != nil {
		return output.Written{}, err
	}
	p.out = append(p.out, File{Name: name, Private: private, Data: bytes.Clone(data)})
	return output.Written{}, nil
}

// WriteBoth keeps a key and its public half.
func (p *place) WriteBoth(key, public output.File) (output.Written, error) {
	if err := p.Check(public.Name, false); err != nil {
		return output.Written{}, err
	}
	if w, err := p.Write(key.Name, key.Data, true); err != nil {
		return w, err
	}
	return p.Write(public.Name, public.Data, false)
}

// Edit refuses: a page cannot change a file.
func (p *place) Edit(string) (output.Original, error) {
	return nil, fault.New(fault.Usage, "a page cannot change a file in its place")
}

// notGiven is the error for a passphrase that is not in the request.
type notGiven struct{}

func (notGiven) Error() string        { return "no passphrase was given" }
func (notGiven) Is(target error) bool { return target == unlock.ErrNobody }

// asker has the passphrases of a request.
type asker struct{ key, newOne *string }

// Ask returns the one that is asked for. A wrong one is not tried again.
func (a asker) Ask(_ context.Context, q unlock.Question) ([]byte, error) {
	answer := a.key
	if q.File == "" {
		answer = a.newOne
	}
	switch {
	case q.Try > 1:
		return nil, sshkey.ErrIncorrectPassphrase
	case answer == nil:
		return nil, notGiven{}
	}
	return []byte(*answer), nil
}

// listener remembers what the page shows.
type listener struct {
	file  *engine.File
	notes []Note
	done  *convert.Result
}

// Opened remembers the file as it was read.
func (l *listener) Opened(f *engine.File) { l.file = f }

// Noted remembers a note.
func (l *listener) Noted(n fault.Note) {
	note := Note{Text: quote.Inert(n.Text), Warning: n.Warning, Advice: adviceOf(n.Advice)}
	if f := n.Advice.Finding; f != nil && f.Advice.Text == "" && l.done != nil && n.File == l.done.Input {
		note.File, note.Advice = quote.Inert(n.File), adviceWhereGone
	}
	l.notes = append(l.notes, note)
}

// Done remembers the output.
func (l *listener) Done(r convert.Result) { l.done = &r }

// job is the work on the file of a request.
type job struct {
	*convert.Task
	*listener
	place *place
	keys  *unlock.Keyring
}

func newJob(r Request, files [][]byte) *job {
	name := r.Name
	if name == "" || name == input.Stdio { // a text that was pasted
		name = "key"
	}
	j := &job{listener: &listener{}, place: &place{in: map[string][]byte{}}}
	if len(files) > 0 {
		j.place.in[name] = files[0]
	}
	j.keys = &unlock.Keyring{
		Options: unlock.Options{AskNew: r.New != nil, Plain: r.Plain},
		Asker:   asker{r.Passphrase, r.New},
	}
	c := &convert.Job{Nameless: r.Pasted || r.Name == "" || r.Name == input.Stdio, Input: input.Options{Index: r.Index}, Comment: r.Comment, Place: j.place, Keys: j.keys}
	if len(files) > 1 {
		j.place.in[certificateName] = files[1]
		c.Certificate = certificateName
	}
	j.Task = c.Begin(name, nil, j.listener)
	return j
}

// end wipes what the job held.
func (j *job) end(ctx context.Context) {
	j.Task.End(ctx)
	j.keys.Clear(ctx)
}

// answer returns what the job has done.
func (j *job) answer() *Answer {
	a := &Answer{Notes: j.notes, Files: j.place.out}
	if d := j.done; d != nil {
		a.Key = keyOf(d.Public, d.Comment, d.Encrypted)
		for i := range a.Files {
			if a.Files[i].Name == d.Output {
				a.Files[i].Title = d.Format.About().Title
			}
		}
	}
	return a
}

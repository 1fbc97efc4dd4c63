package window

import (
	"bytes"
	"context"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/unlock"
)

// protection is how saved files are protected; the zero value is as the key is.
type protection struct {
	none       bool
	passphrase []byte // nil for that of the key
}

// place is the disk, on which the key that is open is what was read when it was opened.
type place struct {
	*disk.Place
	key *opened
}

// Read returns the content of a file.
func (p place) Read(name string) ([]byte, error) {
	if name == p.key.name() && p.key.data != nil {
		return bytes.Clone(p.key.data), nil
	}
	return p.Place.Read(name)
}

// Find reports whether there is a file. A text that was pasted has nothing beside it.
func (p place) Find(name string) (bool, error) {
	if p.key.path == "" && strings.HasPrefix(name, pasted) {
		return false, nil
	}
	return p.Place.Find(name)
}

// newJob returns a job on one key, which never writes over it.
func (m *Model) newJob(k *opened) *convert.Job {
	return &convert.Job{
		Nameless: k.path == "", Place: place{&disk.Place{Guard: guardOf(k)}, k}, Comment: m.comment,
		Keys: &unlock.Keyring{Options: m.unlockOptions(), Asker: &asker{person: m.person, key: k}},
	}
}

func guardOf(k *opened) *disk.Guard {
	g := disk.NewGuard()
	g.Protect(k.path, "the key that you opened, which is never changed")
	return g
}

// writeTo sets where the job writes.
func writeTo(j *convert.Job, o output.Options) {
	j.Output = o
	j.Place.(place).Options = o
}

func (m *Model) unlockOptions() unlock.Options {
	o := unlock.Options{Plain: m.protect.none}
	if m.protect.passphrase != nil {
		o.New = given(m.protect.passphrase)
	}
	return o
}

// given hands over a copy of a passphrase, which the keyring wipes.
func given(p []byte) *unlock.Given {
	return &unlock.Given{Name: "the dialog", Read: func(context.Context) (passphrase.Text, error) {
		return passphrase.Text{Bytes: bytes.Clone(p)}, nil
	}}
}

// asker asks for the passphrase of a key in a dialog, and does not ask for one that was
// typed before.
type asker struct {
	person Person
	key    *opened // nil for many keys
	last   []byte
}

// Ask returns the passphrase of a file.
func (a *asker) Ask(_ context.Context, q unlock.Question) ([]byte, error) {
	if a.key != nil && q.Try == 1 && a.key.passphrase != nil && q.File == a.key.name() {
		return bytes.Clone(a.key.passphrase), nil
	}
	name := shortName(q.File)
	d := passphraseDialog.with(map[ID]string{AskLabel: "&Passphrase of " + escapeMnemonic(name) + ":"})
	d.Waits = "the passphrase of " + name
	if q.Try > 1 {
		d = d.with(map[ID]string{AskWrong: "That passphrase does not open the key. Please try again."})
	}
	answer := a.person.Fill(d)
	if answer.Pressed != OK {
		answer.wipe()
		return nil, unlock.ErrNobody // the dialog was closed
	}
	clear(a.last)
	a.last = bytes.Clone(answer.Values[AskPassphrase])
	return answer.Values[AskPassphrase], nil
}

// heard remembers what a job reports.
type heard struct {
	notes   []fault.Note
	results []convert.Result
}

// Opened is not needed: the window shows the file already.
func (h *heard) Opened(*engine.File) {}

// Noted remembers a note.
func (h *heard) Noted(n fault.Note) { h.notes = append(h.notes, n) }

// Done remembers an output.
func (h *heard) Done(r convert.Result) { h.results = append(h.results, r) }

// work runs a job on the key that is open, remembers the passphrase that has opened it, and
// wipes what the job held.
func (m *Model) work(ctx context.Context, job *convert.Job, do func(t *convert.Task) error) (*heard, error) {
	h := &heard{}
	t := job.Begin(m.key.name(), nil, h)
	defer t.End(ctx)
	defer job.Keys.Clear(ctx)
	err := do(t)
	a := job.Keys.Asker.(*asker)
	if err == nil && a.last != nil { // it has opened the key
		clear(m.key.passphrase)
		m.key.passphrase, a.last = a.last, nil
	}
	if ctx.Err() == nil {
		clear(a.last)
	}
	return h, err
}

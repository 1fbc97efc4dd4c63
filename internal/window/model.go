// Package window is the window of keyconv on Windows: from a downloaded key to a shell on
// the server, without a console.
//
// What the window shows and what each button does is a Model, which knows no screen: a
// Person answers its dialogs, a System starts programs, and what is to be seen is a State.
// It works through internal/convert, as the command does. The layout is in tables; the
// files for Windows alone draw them.
package window

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/keyconv/keyconv/internal/unlock"
)

// Person is the person in front of the window. A dialog that is closed answers with
// nothing: the zero value.
type Person interface {
	// Fill shows a dialog and returns the button that was pressed and what was filled in.
	Fill(d Dialog) Answers
	OpenFiles() []string
	SaveAs(s SaveAs) (path string)
	Folder(title string) (path string)
	Confirm(question string) bool
	Say(m Message)
	Copy(text string) error
	Show(s State)
}

// System starts other programs.
type System interface {
	// Find returns the path of a program by the names of its file, or "".
	Find(p Executable) string
	Start(p Executable, path string, arguments ...string) error
}

// Message is what a person has to read.
type Message struct {
	Text    string
	Warning bool
}

// SaveAs is a file that is to be named.
type SaveAs struct {
	Title     string
	Path      string // what is proposed
	Extension string // with the dot
	Kind      string // what files of that extension are
}

// State is what the window shows.
type State struct {
	Text    map[ID]string
	Enabled map[ID]bool
}

// Fields are what is filled in about the server, by control.
type Fields map[ID]string

// Model is the state behind the window. Its methods do the work and return when it is
// done; only one runs at a time.
type Model struct {
	person Person
	system System
	lookup func(variable string) (string, bool)

	mu   sync.Mutex
	key  *opened
	busy bool
	// Of several keys one asks for its passphrase while others are counted.
	drawing sync.Mutex
	status  string
	waiting string // for what of the person; "" while the window works
	// What saved files get in place of what the key has.
	comment *string
	protect protection
}

// New returns the model of a window in which nothing is open.
func New(p Person, s System, lookup func(variable string) (string, bool)) *Model {
	m := &Model{system: s, lookup: lookup, status: welcome}
	m.person = attended{p, m}
	return m
}

// errDismissed ends work for which a dialog was closed.
var errDismissed = errors.New("the dialog was closed")

// actions returns what the buttons do. It is a function so that the command on other
// systems is linked without them.
func actions() map[ID]func(*Model, context.Context, Fields) error {
	return map[ID]func(*Model, context.Context, Fields) error{
		ChooseKey:     func(m *Model, ctx context.Context, _ Fields) error { return m.openEach(ctx, m.person.OpenFiles()) },
		NewKey:        func(m *Model, ctx context.Context, _ Fields) error { return m.makeKey(ctx) },
		CopyPublic:    func(m *Model, _ context.Context, _ Fields) error { return m.copyPublic() },
		SavePPK:       func(m *Model, ctx context.Context, _ Fields) error { return m.save(ctx, formPPK) },
		SavePEM:       func(m *Model, ctx context.Context, _ Fields) error { return m.save(ctx, formPEM) },
		SaveOther:     func(m *Model, ctx context.Context, _ Fields) error { return m.saveOther(ctx) },
		SetPassphrase: func(m *Model, _ context.Context, _ Fields) error { return m.choosePassphrase() },
		SetComment:    func(m *Model, _ context.Context, _ Fields) error { return m.chooseComment() },
		LogIn:         (*Model).logIn,
	}
}

// Press does what a button is for, if it is enabled.
func (m *Model) Press(ctx context.Context, button ID, f Fields) {
	m.run(ctx, func() error {
		if !m.enabled(button) {
			return errDismissed
		}
		return actions()[button](m, ctx, f)
	})
}

// Drop opens files and folders.
func (m *Model) Drop(ctx context.Context, paths []string) {
	m.run(ctx, func() error { return m.openEach(ctx, paths) })
}

// Close wipes what the window holds.
func (m *Model) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
}

// run does some work, and says how it failed.
func (m *Model) run(ctx context.Context, work func() error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.status
	m.busy, m.status = true, "Working. Esc cancels."
	m.person.Show(m.state())
	working := m.status
	err := work()
	switch {
	case ctx.Err() != nil && err != nil:
		m.status = "Cancelled."
	case errors.Is(err, errDismissed), errors.Is(err, unlock.ErrNobody):
		m.status = before
	case err != nil:
		m.status = before
		m.person.Say(Message{Text: explain(err), Warning: true})
	case m.status == working:
		m.status = before
	}
	m.busy = false
	m.person.Show(m.state())
}

// progress changes the status while work goes on.
func (m *Model) progress(text string) { m.redraw(&m.status, text) }

// redraw changes a part of the status line, and shows it.
func (m *Model) redraw(part *string, text string) {
	m.drawing.Lock()
	defer m.drawing.Unlock()
	*part = text
	m.person.Show(m.state())
}

// forget wipes the key that is open, and what was chosen for it.
func (m *Model) forget() {
	if m.key != nil {
		clear(m.key.data)
		clear(m.key.passphrase)
	}
	clear(m.protect.passphrase)
	m.key, m.comment, m.protect = nil, nil, protection{}
}

// state returns what is to be seen.
func (m *Model) state() State {
	s := State{Text: map[ID]string{StatusLine: cmp.Or(m.waiting, m.status), KeyInfo: "No key yet.", PublicLine: "", LogInNote: ""}, Enabled: map[ID]bool{}}
	k := m.key
	for _, c := range Main.Get().Controls {
		if c.Kind == Button {
			s.Enabled[c.ID] = m.enabled(c.ID) && !m.busy
		}
	}
	if k == nil {
		return s
	}
	s.Text[KeyInfo], s.Text[PublicLine], s.Text[SessionName] = k.describe(), k.publicLine(), k.sessionName()
	if k.file.Private {
		s.Text[LogInNote] = m.logInNote()
	}
	return s
}

// enabled reports whether a button has something to do with what is open.
func (m *Model) enabled(button ID) bool {
	switch k := m.key; button {
	case ChooseKey, NewKey:
		return true
	case SaveOther:
		return k != nil
	case CopyPublic:
		return k != nil && k.publicLine() != ""
	default:
		return k != nil && k.file.Private
	}
}

package window

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// person has some answers, and remembers what there was to read.
type person struct {
	fill     []Answers // of the dialogs, in their order
	onFill   func()    // what happens while a dialog is open
	open     []string
	saveAs   []string
	folder   string
	confirm  []bool
	dialogs  []Dialog
	asked    []SaveAs
	question []string
	said     []Message
	copied   string
	shown    State
	allShown []State
}

func next[T any](list *[]T) T {
	var first T
	if len(*list) > 0 {
		first, *list = (*list)[0], (*list)[1:]
	}
	return first
}

func (p *person) Fill(d Dialog) Answers {
	p.dialogs = append(p.dialogs, d)
	if p.onFill != nil {
		p.onFill()
	}
	a := next(&p.fill)
	// As a view does: what is handed over is the model's, to be wiped.
	values := map[ID][]byte{}
	for id, value := range maps.All(a.Values) {
		values[id] = append([]byte{}, value...)
	}
	return Answers{a.Pressed, values}
}

func (p *person) OpenFiles() []string { return p.open }

func (p *person) SaveAs(s SaveAs) string {
	p.asked = append(p.asked, s)
	return next(&p.saveAs)
}

func (p *person) Folder(string) string { return p.folder }

func (p *person) Confirm(question string) bool {
	p.question = append(p.question, question)
	return next(&p.confirm)
}

func (p *person) Say(m Message) { p.said = append(p.said, m) }

func (p *person) Copy(text string) error {
	p.copied = text
	return nil
}

func (p *person) Show(s State) { p.shown, p.allShown = s, append(p.allShown, s) }

func (p *person) line() string { return p.shown.Text[StatusLine] }

// lines are what the status line has said since a number of states, each once in a row.
func (p *person) lines(since int) []string {
	var lines []string
	for _, s := range p.allShown[since:] {
		lines = append(lines, s.Text[StatusLine])
	}
	return slices.Compact(lines)
}

// lastSaid is the last message, "" for none.
func (p *person) lastSaid() string {
	if len(p.said) == 0 {
		return ""
	}
	return p.said[len(p.said)-1].Text
}

// machine has some programs.
type machine struct {
	programs map[string]string // by the name of the file: the path
	started  [][]string
}

func (c *machine) Find(e Executable) string { return c.programs[e.File] }

func (c *machine) Start(_ Executable, path string, arguments ...string) error {
	c.started = append(c.started, append([]string{path}, arguments...))
	return nil
}

// scene is a window in front of a person, and a folder.
type scene struct {
	*person
	*machine
	*Model
	t   *testing.T
	dir string
	env map[string]string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{person: &person{}, machine: &machine{programs: map[string]string{}}, t: t, dir: t.TempDir(), env: map[string]string{}}
	t.Setenv("HOME", s.dir)
	sshHome := login.SSHHome
	login.SSHHome = os.UserHomeDir
	t.Cleanup(func() { login.SSHHome = sshHome })
	t.Setenv("USERPROFILE", s.dir)
	t.Setenv("APPDATA", s.dir)
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("PUTTYSESSIONS", filepath.Join(s.dir, "sessions"))
	s.Model = New(s.person, s.machine, func(variable string) (string, bool) {
		value, ok := s.env[variable]
		return value, ok
	})
	return s
}

// file writes a file into the folder.
func (s *scene) file(name string, data []byte) string {
	s.t.Helper()
	return keytest.WriteFile(s.t, s.dir, name, data)
}

func (s *scene) path(name string) string { return filepath.Join(s.dir, name) }

func (s *scene) drop(paths ...string) {
	s.t.Helper()
	s.Drop(s.t.Context(), paths)
}

func (s *scene) press(id ID) { s.Press(s.t.Context(), id, nil) }

// saved opens a file, and proves that it is encrypted with that passphrase.
func (s *scene) saved(name, passphrase string) *engine.File {
	s.t.Helper()
	data, err := os.ReadFile(s.path(name))
	require.NoError(s.t, err)
	f, err := engine.Open(data, engine.Limits{})
	require.NoError(s.t, err)
	assert.Equal(s.t, passphrase != "", f.Encrypted(), name)
	_, err = f.Decrypt([]byte(passphrase))
	require.NoError(s.t, err, name)
	if passphrase != "" && f.Format == engine.PPK && runtime.GOOS != "windows" {
		s.opensInPuTTYgen(name, passphrase)
	}
	return f
}

// opensInPuTTYgen: a program that did not write the file opens it with the passphrase.
func (s *scene) opensInPuTTYgen(name, passphrase string) {
	s.t.Helper()
	puttygen, dir := keytest.Tool(s.t, "puttygen"), s.t.TempDir()
	old, none := keytest.WriteFile(s.t, dir, "old", []byte(passphrase)), keytest.WriteFile(s.t, dir, "none", nil)
	out, err := exec.Command(puttygen, s.path(name), "-O", "private-openssh-new", "-o", filepath.Join(dir, "out"),
		"--old-passphrase", old, "--new-passphrase", none).CombinedOutput()
	require.NoError(s.t, err, string(out))
}

// names lists the folder.
func (s *scene) names() []string {
	s.t.Helper()
	entries, err := os.ReadDir(s.dir)
	require.NoError(s.t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func pressed(id ID, values map[ID]string) Answers {
	a := Answers{Pressed: id, Values: map[ID][]byte{}}
	for id, text := range values {
		a.Values[id] = []byte(text)
	}
	return a
}

func typed(passphrase string) Answers {
	return pressed(OK, map[ID]string{AskPassphrase: passphrase})
}

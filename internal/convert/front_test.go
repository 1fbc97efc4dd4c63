package convert

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// front is a front end without a command, a terminal or a disk. It is the asker, who
// has some answers, and the listener, who remembers what happened.
type front struct {
	answers []string
	asked   []unlock.Question
	opened  int
	notes   []fault.Note
	results []Result
}

func (f *front) Ask(_ context.Context, q unlock.Question) ([]byte, error) {
	f.asked = append(f.asked, q)
	if len(f.answers) == 0 {
		return nil, unlock.ErrNobody
	}
	answer := f.answers[0]
	f.answers = f.answers[1:]
	return []byte(answer), nil
}

func (f *front) Opened(*engine.File) { f.opened++ }
func (f *front) Noted(n fault.Note)  { f.notes = append(f.notes, n) }
func (f *front) Done(r Result)       { f.results = append(f.results, r) }

// advice is what the notes of a code advise.
func (f *front) advice(code fault.Code) []fault.Do {
	var all []fault.Do
	for _, n := range f.notes {
		if n.Code == code {
			all = append(all, n.Advice.Do)
		}
	}
	return all
}

// memory is a place without a disk.
type memory struct {
	files   map[string][]byte
	private map[string]bool // those written for their owner alone
	read    [][]byte        // what was handed out
}

func (m *memory) Read(name string) ([]byte, error) {
	data, ok := m.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	m.read = append(m.read, bytes.Clone(data))
	return m.read[len(m.read)-1], nil
}

func (m *memory) Find(name string) (bool, error) { return m.files[name] != nil, nil }

func (m *memory) Check(name string, _ bool) error {
	if m.files[name] != nil {
		return output.Exists(name, "")
	}
	return nil
}

func (m *memory) Write(name string, data []byte, private bool) (output.Written, error) {
	if err := m.Check(name, private); err != nil {
		return output.Written{}, err
	}
	m.private[name] = private
	m.files[name] = bytes.Clone(data)
	return output.Written{}, nil
}

func (m *memory) WriteBoth(key, public output.File) (output.Written, error) {
	if err := m.Check(public.Name, false); err != nil {
		return output.Written{}, err
	}
	if w, err := m.Write(key.Name, key.Data, true); err != nil {
		return w, err
	}
	return m.Write(public.Name, public.Data, false)
}

func (m *memory) Edit(name string) (output.Original, error) {
	data, err := m.Read(name)
	return &original{io.NopCloser(bytes.NewReader(data)), m, name}, err
}

// original is a file in memory that is changed in place.
type original struct {
	io.ReadCloser
	place *memory
	name  string
}

func (o *original) Replace(data []byte) (output.Written, error) {
	o.place.files[o.name] = bytes.Clone(data)
	return output.Written{}, nil
}

func (o *original) ReplaceKeeping(data, old []byte, suffix string) (output.Written, string, error) {
	o.place.files[o.name+suffix] = bytes.Clone(old)
	w, err := o.Replace(data)
	return w, o.name + suffix, err
}

// scene is a job with all that it needs, on one file "key".
type scene struct {
	*front
	*memory
	job *Job
}

func newScene(data []byte, answers ...string) *scene {
	s := &scene{front: &front{answers: answers}, memory: &memory{map[string][]byte{"key": data}, map[string]bool{}, nil}}
	s.job = &Job{Place: s.memory, Keys: &unlock.Keyring{Asker: s.front}}
	return s
}

func (s *scene) task() *Task { return s.job.Begin("key", nil, s.front) }

func (s *scene) convert(t *testing.T, to Kind) error {
	t.Helper()
	task := s.task()
	defer task.End(t.Context())
	return task.Convert(t.Context(), to)
}

// written opens an output.
func (s *scene) written(t *testing.T, name, passphrase string) *sshkey.Key {
	t.Helper()
	f, err := engine.Open(s.files[name], engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, passphrase != "", f.Encrypted())
	key, err := f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
	return key
}

var ed25519 = func(t *testing.T) *sshkey.Key {
	t.Helper()
	key, err := engine.Parse(keytest.Read(t, "twins", "ed25519.openssh"), nil)
	require.NoError(t, err)
	return key
}

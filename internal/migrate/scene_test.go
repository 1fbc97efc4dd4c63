package migrate

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/stretchr/testify/require"
)

// scene is a job in folders of its own, and hears what happens.
type scene struct {
	Job
	dir     string
	answers []string
	asked   []string
	moves   []Move
	files   []File
	used    []string
}

func newScene(t *testing.T, answers ...string) *scene {
	t.Helper()
	dir := t.TempDir()
	s := &scene{dir: dir, answers: answers}
	s.SSHFolder = filepath.Join(dir, ".ssh")
	s.Convert = &convert.Job{Keys: &unlock.Keyring{Asker: s}, Place: &disk.Place{Files: input.Files{}, Guard: disk.NewGuard()}}
	return s
}

func (s *scene) Ask(_ context.Context, q unlock.Question) ([]byte, error) {
	s.asked = append(s.asked, filepath.Base(q.File))
	if len(s.answers) == 0 {
		return nil, unlock.ErrNobody
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	return []byte(answer), nil
}

func (s *scene) Key(string) convert.Listener { return s }
func (s *scene) Opened(*engine.File)         {}
func (s *scene) Noted(fault.Note)            {}
func (s *scene) Done(convert.Result)         {}
func (s *scene) Used(file string)            { s.used = append(s.used, filepath.Base(file)) }
func (s *scene) Moved(m Move)                { s.moves = append(s.moves, m) }
func (s *scene) Edited(f File)               { s.files = append(s.files, f) }

// key puts a twin into a folder, and returns its path.
func (s *scene) key(t *testing.T, name, twin string) string {
	t.Helper()
	dir := filepath.Join(s.dir, filepath.Dir(name))
	require.NoError(t, os.MkdirAll(dir, 0o700))
	return keytest.WriteFile(t, dir, filepath.Base(name), keytest.Read(t, "twins", twin))
}

// move moves sessions, and returns the configuration.
func (s *scene) move(t *testing.T, sessions ...session.Saved) string {
	t.Helper()
	s.moves, s.files = nil, nil
	require.NoError(t, s.Run(t.Context(), session.Store{Sessions: sessions}, s))
	require.Len(t, s.moves, len(sessions))
	return s.config(t)
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func (s *scene) config(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(s.configPath())
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return string(data)
}

func saved(name string, change func(s *session.Saved)) session.Saved {
	s := session.Saved{Program: &session.PuTTY, Name: name, Protocol: session.SSH, Target: session.Target{User: "root", Host: "10.0.0.1", Port: 22}}
	if change != nil {
		change(&s)
	}
	return s
}

func withKey(name, path string) session.Saved {
	return saved(name, func(s *session.Saved) { s.KeyFile = path })
}

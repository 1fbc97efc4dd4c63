package migrate

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/session"
)

// ToPuTTY says where the hosts of ssh go.
type ToPuTTY struct {
	Saver *login.Saver
	// File is a file for the registry of another Windows; "" for PuTTY's own place.
	File string
	// KeyPath is the folder that the keys will have there; "" for the one that they have here.
	KeyPath string
	Page    session.CodePage
}

// Hosts returns the hosts of the configuration.
func (j *Job) Hosts(a session.Account) (session.Store, error) {
	path := j.configPath()
	data, err := readRegular(path)
	if err != nil {
		return session.Store{}, fault.In(input.Shown(path), err)
	}
	read := map[string][][]byte{}
	s := session.ReadHosts(data, a, func(arguments []string) [][]byte {
		key := strings.Join(arguments, "\x00")
		if _, ok := read[key]; !ok {
			read[key] = j.includedFiles(arguments)
		}
		return read[key]
	})
	for i, err := range s.Problems {
		s.Problems[i] = fault.In(input.Shown(path), err)
	}
	return s, nil
}

// Back moves hosts of ssh into PuTTY's sessions. What fails for one does not stop the others.
func (j *Job) Back(ctx context.Context, hosts []session.Saved, to ToPuTTY, l Listener) error {
	keys := newKeyFinder(j, l, &session.PuTTY, j.KeyFolder)
	var moved []session.Saved
	for _, s := range hosts {
		m := j.moveBack(ctx, s, to, keys, l)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		l.Moved(m)
		if m.Outcome != NotMoved {
			moved = append(moved, m.Saved)
		}
	}
	if to.File == "" || len(moved) == 0 {
		return nil
	}
	data, err := session.RegFileOf(moved, to.Page)
	if err != nil {
		return err
	}
	p, err := to.Saver.InFile(to.File, data)
	if err == nil && !j.DryRun {
		err = to.Saver.Put(p)
	}
	if err == nil && !j.DryRun {
		l.Edited(File{Path: to.File, New: data, IsNew: true})
	}
	return err
}

func (j *Job) moveBack(ctx context.Context, s session.Saved, to ToPuTTY, keys *keyFinder, l Listener) Move {
	m := Move{Saved: s, Alias: s.Name}
	m.Saved, m.Err = s.ForPuTTY()
	if m.Err != nil {
		m.Outcome, m.Err = NotMoved, &fault.Error{Exit: fault.Failed, Err: m.Err}
		return m
	}
	for i := 0; i < len(usualKeys) && s.KeyFile == ""; i++ {
		s.KeyFile, _ = j.locate(filepath.Join(j.SSHFolder, usualKeys[i]))
	}
	if s.KeyFile != "" {
		m.KeyFile, m.Err = keys.find(ctx, s.KeyFile)
	}
	m.Saved.KeyFile = m.KeyFile
	if to.KeyPath != "" && m.KeyFile != "" {
		m.Saved.KeyFile = strings.TrimRight(to.KeyPath, `\/`) + `\` + filepath.Base(m.KeyFile)
	}
	if to.File != "" || login.HasRegistry {
		m.Saved.KeyFile = session.WindowsPath(m.Saved.KeyFile)
	}
	if err := j.place(&m, to, l); err != nil {
		m.Outcome, m.Err = NotMoved, err
	}
	return m
}

// place saves a session where PuTTY has its own, or sees whether it fits into a file.
func (j *Job) place(m *Move, to ToPuTTY, l Listener) error {
	if to.File != "" {
		m.Outcome = Added
		_, _, err := m.Saved.RegistryKey().Encode(session.Session{}, to.Page)
		return err
	}
	folder, of := m.Saved.Folder(), session.Session{Name: m.Saved.Name}
	p, err := to.Saver.InFolder(folder, of)
	if login.HasRegistry {
		p, err = to.Saver.InRegistry(m.Saved.RegistryKey(), of, to.Page)
	}
	if err != nil {
		return err
	}
	m.Outcome = outcomes.Get()[p.Outcome]
	if !j.DryRun {
		return to.Saver.Put(p)
	}
	old, _ := os.ReadFile(p.Shown) // a registry key has no text
	text, err := folder.Encode(of, old)
	if m.Outcome != There {
		l.Edited(File{Path: p.Shown, Old: old, New: text, IsNew: m.Outcome == Added})
	}
	return err
}

// usualKeys are the keys that ssh tries without an IdentityFile, in its order, without those
// on tokens, which PuTTY does not have.
var usualKeys = []string{"id_rsa", "id_ecdsa", "id_ed25519", "id_dsa"}

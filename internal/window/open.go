package window

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// opened is the key in the window. It is kept as it was read, so that what is saved is
// what the window shows, whatever becomes of the file.
type opened struct {
	path string // "" for a text that was pasted
	data []byte
	file *engine.File
	info *engine.Info
	// passphrase is what opened the key, once it was typed.
	passphrase []byte
}

// pasted is what the job calls a text without a file.
const pasted = "pasted key"

// name returns what the job calls the key.
func (k *opened) name() string {
	if k.path == "" {
		return pasted
	}
	return k.path
}

// openEach opens a key, or lists several.
func (m *Model) openEach(ctx context.Context, paths []string) error {
	isFolder := false
	if len(paths) == 1 {
		info, err := os.Stat(paths[0])
		isFolder = err == nil && info.IsDir()
	}
	switch {
	case len(paths) == 0:
		return errDismissed
	case len(paths) == 1 && !isFolder:
		return m.open(ctx, paths[0])
	}
	return m.openMany(ctx, paths)
}

func (m *Model) open(ctx context.Context, path string) error {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return m.take(ctx, &opened{path: path})
}

// maxText is how much text is pasted at most: no key file is larger.
const maxText = sshkey.MaxFileSize

// Paste opens the text of a key, which it wipes.
func (m *Model) Paste(ctx context.Context, text []byte) {
	m.run(ctx, func() error {
		defer clear(text)
		if len(bytes.TrimSpace(text)) == 0 {
			return fault.New(fault.NotAKey, "there is no text to paste").With(say("Copy the whole text of a key first, from the BEGIN line to the END line."))
		}
		if len(text) > maxText {
			return budget.CheckFileSize(len(text))
		}
		return m.take(ctx, &opened{data: bytes.Clone(text)})
	})
}

// take opens a key. Only when that has worked does it take the place of the one before.
func (m *Model) take(ctx context.Context, k *opened) error {
	job := m.newJob(k)
	heard := &heard{}
	task := job.Begin(k.name(), nil, heard)
	defer task.End(ctx)
	f, data, err := task.Open(ctx)
	if err != nil {
		clear(k.data)
		return inFile(k.name(), err)
	}
	kept := bytes.Clone(data)
	clear(k.data)
	k.data, k.file, k.info = kept, f, engine.InspectFile(f, kept)
	m.forget()
	m.key = k
	switch {
	case f.Private:
		m.status = "Nothing is written until you save, and the key that you opened is never changed."
	case rawkey.CertificateOf(f.PublicKey) != nil:
		m.status = "This is a certificate, not a private key. To log in, open the private key that belongs to it: the file without -cert.pub."
	default:
		m.status = "This is a public key, which cannot log in. Open the private key that belongs to it: usually the file of the same name without .pub."
	}
	return nil
}

// inFile puts the name of a file before an error.
func inFile(name string, err error) error {
	return fmt.Errorf("%s: %w", shortName(name), quote.WithoutPath(err))
}

// shortName returns the last part of a path, as a message shows it.
func shortName(path string) string {
	if i := strings.LastIndexByte(path, '\\'); i >= 0 { // of a path of Windows, on any system
		path = path[i+1:]
	}
	return input.Shown(filepath.Base(path))
}

// publicLine returns the line for authorized_keys, or "" where only the passphrase shows
// the public key.
func (k *opened) publicLine() string {
	if k.file.PublicKey == nil {
		return ""
	}
	return strings.TrimSpace(string(sshkey.AuthorizedKey(k.file.PublicKey, quote.OneLine(k.file.Comment))))
}

// notInNames are letters that not every program takes in the name of a session.
var notInNames = lazy.Value[*regexp.Regexp]{Make: func() *regexp.Regexp { return regexp.MustCompile(`[^\pL\pN._-]+`) }}

// sessionName returns a name to propose: that of the file.
func (k *opened) sessionName() string {
	if k.path == "" {
		return ""
	}
	base := filepath.Base(k.path)
	return strings.Trim(notInNames.Get().ReplaceAllString(strings.TrimSuffix(base, filepath.Ext(base)), "-"), "-.")
}

// LooksLikeKey reports whether a text has a private key in it, which must not get into a
// field by mistake.
func LooksLikeKey(text []byte) bool {
	return bytes.Contains(text, []byte("PRIVATE KEY")) || bytes.Contains(text, []byte("PuTTY-User-Key-File"))
}

// describe says in a few lines what the key is.
func (k *opened) describe() string {
	where := "Pasted text"
	if k.path != "" {
		where = shortName(k.path) + ", in " + input.Shown(filepath.Dir(k.path))
	}
	lines := []string{where, k.kind()}
	if k.info.SHA256 != "" {
		lines = append(lines, k.info.SHA256)
	}
	switch {
	case !k.file.Private:
	case convert.IsTokenKey(k.file):
		lines = append(lines, "The secret is on a security token. This file is only of use with the token.")
	case k.file.Encrypted():
		lines = append(lines, "Encrypted: you will be asked for its passphrase.")
	default:
		lines = append(lines, "Not encrypted: anybody who has this file can log in with it.")
	}
	for _, r := range k.file.Repairs {
		lines = append(lines, "Damaged, and mended: "+r.Message+".")
	}
	if k.file.Keys > 1 {
		lines = append(lines, fmt.Sprintf("There are %d keys in it. This is the first, which is the one that is saved.", k.file.Keys))
	}
	for _, line := range k.file.Damaged {
		lines = append(lines, fmt.Sprintf("Another key, in line %d, is damaged and cannot be read.", line))
	}
	for _, number := range k.file.Unreadable {
		lines = append(lines, fmt.Sprintf("Key number %d of them is damaged and cannot be read.", number))
	}
	for _, f := range k.info.Findings {
		lines = append(lines, "Careful: "+sentence(f.Message)+adviceOnFinding(f))
	}
	return strings.Join(append(lines, k.opensIn()...), "\r\n")
}

// kind names the type of the key and the form of the file.
func (k *opened) kind() string {
	title := k.file.Title
	if k.info.Type == "" {
		return title
	}
	t, _ := rawkey.TypeOf(k.info.Type)
	name := t.Title
	if name == "" {
		name = k.info.Type
	}
	return fmt.Sprintf("%s, %d bits. %s", name, k.info.Bits, title)
}

// opensIn says which of the programs that the window logs in with take the file as it is: the
// others would fill it.
func (k *opened) opensIn() []string {
	var opens, refuses []string
	for _, v := range k.info.Programs {
		switch {
		case !slices.ContainsFunc(session.Programs, func(p *session.Program) bool { return p.Verdict == v.ID }):
		case v.Opens():
			opens = append(opens, v.Program)
		case v.Answer == engine.Refuses:
			refuses = append(refuses, v.Program)
		}
	}
	var lines []string
	if len(opens) > 0 {
		lines = append(lines, "Opens in: "+strings.Join(opens, ", ")+".")
	}
	if len(refuses) > 0 {
		lines = append(lines, "Does not open in: "+strings.Join(refuses, ", ")+".")
	}
	return lines
}

func (m *Model) copyPublic() error {
	if err := m.person.Copy(m.key.publicLine()); err != nil {
		return err
	}
	m.status = "The public key is on the clipboard. On the server it goes into ~/.ssh/authorized_keys, as one line."
	return nil
}

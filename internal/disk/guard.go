package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/sshkey"
)

// Guard decides what an output may take the place of. All that writes a file asks it:
// before any work, and again at the moment of writing, when a file may be there that
// was not there before.
type Guard struct {
	mu     sync.Mutex
	places places
	paths  map[string]string       // by resolved path: what the file is in this run
	files  map[stamp][]guardedFile // for hard links, and names that differ in case only
}

// guardedFile is a file of this run that no output may take the place of.
type guardedFile struct {
	info fs.FileInfo
	what string
}

// stamp is what a file has in common with itself under another name. It keeps a run
// over many files from comparing each with each.
type stamp struct {
	size    int64
	modTime int64
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime().UnixNano()} }

// NewGuard returns one that protects nothing yet.
func NewGuard() *Guard {
	return &Guard{
		places: places{runtime.GOOS, map[string]string{}},
		paths:  map[string]string{}, files: map[stamp][]guardedFile{},
	}
}

// Overwrite is what an output may do to a file that is there.
type Overwrite struct {
	Replace bool // a file that exists, by order or as an edit
	Keys    bool // also a private key, as the job of the command is to write one
	// Planned is a file that the run is yet to make; empty for none.
	Planned string
}

// Protect keeps all outputs of the run away from a file. What says what the file is,
// after "the output X is". The file need not exist yet.
func (g *Guard) Protect(path, what string) {
	if input.IsStream(path) || path == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, place := range g.places.both(path) {
		if g.paths[place] == "" { // an input of passwd may be a file of a flag too
			g.paths[place] = what
		}
	}
	if info, err := os.Stat(path); err == nil {
		g.files[stampOf(info)] = append(g.files[stampOf(info)], guardedFile{info, what})
	}
}

// ProtectOpen protects a file that the process was started with, as "<key" and "3<pw" of a
// shell open it. A pipe or a terminal is not a file that an output could replace.
func (g *Guard) ProtectOpen(info fs.FileInfo, what string) {
	if !info.Mode().IsRegular() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.files[stampOf(info)] = append(g.files[stampOf(info)], guardedFile{info, what})
}

// ProtectInputs protects the files that a command works on.
func (g *Guard) ProtectInputs(names []string) {
	what := theInput
	if len(names) > 1 {
		what = anInput
	}
	for _, name := range names {
		g.Protect(name, what)
	}
}

// Check refuses an output that is a file of this run, that exists, or that holds a
// private key which is not to be replaced.
func (g *Guard) Check(output string, o Overwrite) error {
	if output == input.Stdio {
		return nil
	}
	if what := g.partOfRun(output, o.Planned); what != "" {
		e := fault.New(fault.Usage, "the output %s is %s", input.Shown(output), what).With(fault.Advice{Do: fault.NameOther})
		if what == theInput || what == anInput {
			e.Code = fault.OutputIsInput
		}
		return e
	}
	if _, err := os.Lstat(output); err != nil {
		return nil // nothing is there; writing reports what else is wrong
	}
	if err := safefile.Check(output, o.Replace); err != nil {
		return err
	}
	if o.Keys || !o.Replace {
		return nil
	}
	return refuseKey(output)
}

// CheckEdit refuses to change a file in place that the run reads for another reason: a
// list of files, or one with a passphrase, which would be gone. The file behind a symlink
// is the one that is changed; another hard link of it stays as it is.
func (g *Guard) CheckEdit(name string) error {
	g.mu.Lock()
	what := g.paths[g.places.file(name)]
	g.mu.Unlock()
	switch what {
	case "", theInput, anInput:
		return nil
	default:
		return fault.New(fault.Usage, "%s is %s", input.Shown(name), what)
	}
}

// partOfRun says what an output is in this run; "" for another file. planned is a file that the
// run is yet to make, which need not be there; empty for none.
func (g *Guard) partOfRun(output, planned string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	places := g.places.both(output)
	for _, place := range places {
		if what := g.paths[place]; what != "" {
			return what
		}
	}
	if info, err := os.Stat(output); err == nil {
		for _, f := range g.files[stampOf(info)] {
			if os.SameFile(f.info, info) {
				return f.what
			}
		}
	}
	if planned == "" {
		return ""
	}
	if key := g.places.both(planned); places[0] == key[0] || places[1] == key[1] {
		return "the key that the session is for"
	}
	return ""
}

// places finds out whether two paths are one.
type places struct {
	system  string
	folders map[string]string // as they were given, and as they are
}

// file returns the file that a path leads to.
func (p places) file(path string) string { return p.both(path)[1] }

// both returns the name and the file of a path. The name has its folder resolved; a symlink at
// the path itself is not followed, since it would be replaced.
func (p places) both(path string) [2]string {
	if input.IsStream(path) {
		return [2]string{path, path}
	}
	folder := filepath.Dir(path)
	real, known := p.folders[folder]
	if !known {
		real = realPath(folder)
		p.folders[folder] = real
	}
	name := foldOn(p.system, filepath.Join(real, filepath.Base(path)))
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return [2]string{name, foldOn(p.system, realPath(path))}
	}
	return [2]string{name, name}
}

// foldOn makes names the same that are one file where case does not count.
func foldOn(system, name string) string {
	if system == "windows" || system == "darwin" {
		return strings.ToLower(name)
	}
	return name
}

func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// maxLookedAt is how much of a file is looked at for a private key. Lists of sites and
// configurations are smaller.
const maxLookedAt = 16 << 20

// refuseKey refuses a file with a private key in it. A file that cannot be read may
// hold one.
func refuseKey(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing is there, or a symlink that leads nowhere
	}
	if err != nil {
		return fmt.Errorf("it cannot be read to make sure that it is not a private key: %w", quote.WithoutPath(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxLookedAt))
	if err != nil {
		return fmt.Errorf("it cannot be read to make sure that it is not a private key: %w", quote.WithoutPath(err))
	}
	defer clear(data)
	if hasPrivateKey(data) {
		return fault.New(fault.Exists, "%s already exists, and holds a private key, which only another private key may replace", input.Shown(path)).
			With(fault.Advice{Do: fault.KeepKey})
	}
	return nil
}

// privateMarks are what private keys of any program begin with: PEM, PGP, ssh.com, PuTTY
// and age.
var privateMarks = []string{
	"PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "PRIVATE KEY ----", "PuTTY-User-Key-File-", "AGE-SECRET-KEY-1",
}

// hasPrivateKey reports whether a text holds a private key of any kind, also one that
// is damaged, or that this program does not read.
func hasPrivateKey(data []byte) bool {
	format := engine.Detect(data)
	isJWK := bytes.Contains(data, []byte(`"kty"`)) // one, or a set of them (RFC 7517 section 5)
	if format.About().Private || isJWK && bytes.Contains(data, []byte(`"d"`)) {
		return true
	}
	for _, mark := range privateMarks {
		if bytes.Contains(data, []byte(mark)) {
			return true
		}
	}
	if len(data) > sshkey.MaxFileSize {
		return false
	}
	f, err := engine.OpenMended(engine.Mend(data), 0, engine.Limits{})
	return err == nil && f.Private
}

// What files are in a run, after "the output X is".
const (
	theInput  = "the input itself"
	anInput   = "an input too"
	madeByRun = "a file that this run has just made" // an output, once it is written
)

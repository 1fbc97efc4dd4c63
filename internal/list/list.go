// Package list finds out which keys files have, and which of them belong together: the same
// key in two files, a public key and its private key, a certificate and its key. It asks for
// no passphrase.
package list

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// maxRelated is how many files with the same key a key names. All of a thousand would make
// the list a million names long.
const maxRelated = 16

// Key is a key in a file, with what other files and programs have to do with it.
type Key struct {
	Name  string // of the file
	Index int    // of several private keys in the file, from 1; 0 for one alone
	Line  int    // of several public keys in the file, from 1; 0 for one alone
	File  *engine.File

	// Public is the key without a certificate; nil where the file has it encrypted and no
	// public key is beside it.
	Public ssh.PublicKey
	// FromPublicFile says that Public and Comment are what PublicFile says.
	FromPublicFile bool
	Comment        string // "" where there is none, or it is not known
	// Findings are the weaknesses of the key, of its encryption and of its certificate.
	Findings []rawkey.Finding

	Certificate     *ssh.Certificate // nil for none
	CertificateFile string           // "" where it is in the file of the key

	Target string   // of a symlink: where the file is; "" for any other file
	Also   []string // other names of the same file, at most maxRelated
	// Same are other files with the same private key, at most maxRelated of SameCount.
	Same      []string
	SameCount int
	// PublicFile is the file with its public key, "" for none.
	PublicFile string
	// OtherPublic is a file with the public key of another key, though ssh takes it for that of
	// this one, by its name.
	OtherPublic string
	// PrivateFile is the file with the private half of a public key or certificate, "" for
	// none among the files.
	PrivateFile string
	Sessions    []string // that log in with the file
	InAgent     bool
}

// Failure is a file that could not be read, or a key that could not be opened.
type Failure struct {
	Name string
	Err  error
}

// Session is a saved session of a program, with a key.
type Session struct{ Program, Name, KeyFile string }

// Listing is the result.
type Listing struct {
	Keys   []*Key
	Failed []Failure
	Others int // files that are not keys, or that are lists of the keys of others
	// Missing are the sessions whose key is not there.
	Missing []Session
	// HeldElsewhere is how many keys of the agent are in none of the files.
	HeldElsewhere int
}

// Job lists the keys of files.
type Job struct {
	Files input.Files
	Input input.Options
	Now   uint64 // the time in seconds since 1970; 0 says nothing of certificates that have expired
	Jobs  int    // files at a time; 0 for as many as there are processors
	// Strict makes a failure of a file that is not a key, which otherwise is counted.
	Strict bool
	// Sessions are what people log in with.
	Sessions []Session
	// WithSessions lists the keys of the sessions too.
	WithSessions bool
	// Held are the keys of the agent.
	Held []ssh.PublicKey
}

// Run reads the files of a set. Its error is that of the context; what is wrong with a file
// is in the listing.
func (j Job) Run(ctx context.Context, set *input.Set) (*Listing, error) {
	l := &Listing{Others: set.Others}
	names := slices.Clone(set.Names)
	var there []Session // those whose key is there
	for _, s := range j.Sessions {
		info, err := os.Stat(s.KeyFile)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			l.Missing = append(l.Missing, s)
			continue
		case err == nil && !info.Mode().IsRegular():
			continue
		}
		there = append(there, s) // reading the key reports any other error
		if j.WithSessions {
			names = append(names, s.KeyFile)
		}
	}
	loaded := make([]loadedFile, len(names))
	batch.Run(ctx, len(names), batch.Options{Jobs: j.Jobs}, func(_ *batch.Slot, i int) {
		_, inFolder := set.Below[names[i]]
		loaded[i] = j.load(ctx, names[i], inFolder, set.Broken[names[i]])
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	seen := map[string]bool{}
	for i, f := range loaded {
		if seen[names[i]] {
			continue
		}
		seen[names[i]] = true
		l.Keys, l.Failed = append(l.Keys, f.keys...), append(l.Failed, f.failed...)
		if f.isOther {
			l.Others++
		}
	}
	l.relate(j, there)
	return l, nil
}

// loadedFile is what a file has.
type loadedFile struct {
	keys    []*Key
	failed  []Failure
	isOther bool
}

// load reads a file with all its keys.
func (j Job) load(ctx context.Context, name string, inFolder bool, broken error) (l loadedFile) {
	data, isOther, err := j.read(ctx, name, broken)
	if isOther || err != nil {
		if l.isOther = isOther; err != nil {
			l.failed = []Failure{{name, err}}
		}
		return l
	}
	defer clear(data)
	m := engine.MendLimits(data, j.Input.Limits)
	if j.Input.Index > m.Keys() {
		_, err := j.Input.Open(data)
		l.failed = []Failure{{name, err}}
	}
	for i := range m.Keys() {
		if j.Input.Index > 0 && j.Input.Index != i+1 {
			continue
		}
		f, err := engine.OpenMended(m, i, j.Input.Limits)
		switch {
		case fault.Is[*engine.NotPrivateError](err) && !j.Strict, err == nil && inFolder && isListOfKeys(name, f):
			l.isOther = true
		case err != nil && m.Keys() > 1:
			l.failed = append(l.failed, Failure{name, fmt.Errorf("key %d: %w", i+1, err)})
		case err != nil:
			l.failed = append(l.failed, Failure{name, err})
		case f.Lines != nil:
			l.keys = append(l.keys, j.ofLines(name, f)...)
		case m.Keys() > 1:
			l.keys = append(l.keys, j.keyOf(name, i+1, f))
		default:
			l.keys = append(l.keys, j.keyOf(name, 0, f))
		}
		if err == nil && !f.Private {
			break // the lines are all there is
		}
	}
	return l
}

// read reads a file, unless it cannot have a key: a socket, a pipe or a device, such as ssh
// has beside its keys. A pattern of the shell names these too, and a pipe would be waited for.
// One of the shell itself, as for <(command), is reached through a symlink.
func (j Job) read(ctx context.Context, name string, broken error) (data []byte, isOther bool, err error) {
	if broken != nil {
		return nil, false, broken
	}
	const special = fs.ModeSocket | fs.ModeNamedPipe | fs.ModeDevice
	if info, err := os.Lstat(name); err == nil && info.Mode()&special != 0 && !j.Strict {
		return nil, true, nil
	}
	data, err = batch.Interruptible(ctx, func() ([]byte, error) { return j.Files.Read(name) })
	if fault.Is[*sshkey.LimitError](err) && !j.Strict { // too large for a key
		return nil, true, nil
	}
	return data, false, err
}

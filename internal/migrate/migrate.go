// Package migrate moves the saved sessions of other programs into the configuration of ssh,
// and back into PuTTY: it converts their keys, once each, and brings the hosts that they know.
package migrate

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/session"
)

// Job says what is done with the sessions.
type Job struct {
	Convert *convert.Job // converts the keys
	// SSHFolder is where ssh has its files, for the keys that have to be converted, known_hosts
	// and the relative paths of Include: ~/.ssh.
	SSHFolder string
	Config    string // the configuration; "" for that in SSHFolder
	KeyFolder string // where converted keys go; "" for SSHFolder, and beside the key on the way back
	KeysFrom  string // where keys are looked for that are not at their path; "" for nowhere
	Replace   bool   // blocks that were changed by hand
	NoHosts   bool   // leave known_hosts as it is
	DryRun    bool   // write nothing
}

// Listener hears what happens to each key and session.
type Listener interface {
	// Key returns who hears what happens to a key.
	Key(file string) convert.Listener
	// Used is for a key that ssh takes as it is: no other user may read it.
	Used(file string)
	// Moved is for each session, in the order in which they were given.
	Moved(m Move)
	// Edited is for each file, once it is written, or would be.
	Edited(f File)
}

// Outcome is what happened to a session.
type Outcome string

// The outcomes.
const (
	Added    Outcome = "added"
	Replaced Outcome = "brought up to date"
	There    Outcome = "already there"
	ByHand   Outcome = "changed by hand, and left as it is"
	Skipped  Outcome = "skipped"
	NotMoved Outcome = "not moved"
)

// outcomes are those of a session that was saved.
var outcomes = lazy.Map[session.Outcome, Outcome]{Make: func() map[session.Outcome]Outcome {
	return map[session.Outcome]Outcome{session.Added: Added, session.Replaced: Replaced, session.AlreadyThere: There}
}}

// Move is what happened to a session.
type Move struct {
	session.Saved
	Outcome Outcome
	Alias   string
	// KeyFile is the key as ssh has it; "" for none.
	KeyFile string
	// Why says why it was skipped, or why the alias is not the usual one; "" for nothing.
	Why string
	// Err is what failed, of the session or of its key alone.
	Err error
}

// File is a file that was changed.
type File struct {
	Path     string
	Old, New []byte
	IsNew    bool
	Backup   string // "" for none
	Added    int    // lines of known_hosts
	// Warnings are what the file had that stays against a session.
	Warnings []string
}

// plan is a session on its way.
type plan struct {
	name  string // that of the session, as files show it
	move  Move
	entry session.Entry
	id    string
	jump  *plan // the session that it goes through
}

// Run moves the sessions of a store. What fails for one of them does not stop the others; an
// error is of the run as a whole.
func (j *Job) Run(ctx context.Context, store session.Store, l Listener) error {
	config, err := j.readConfig()
	if err != nil {
		return err
	}
	plans := j.plan(store.Sessions, config)
	keys := newKeyFinder(j, l, &session.OpenSSH, cmp.Or(j.KeyFolder, j.SSHFolder))
	for _, p := range plans {
		if p.move.Outcome == "" {
			j.takeKeys(ctx, p, keys)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	for _, p := range plans {
		j.put(p, config.section)
	}
	for _, p := range plans {
		l.Moved(p.move)
	}
	edited := File{Path: config.path, Old: config.old, New: config.section.Data(), IsNew: config.old == nil}
	if err := j.edit(edited, l); err != nil || j.NoHosts || len(store.HostKeys) == 0 {
		return err
	}
	path := filepath.Join(j.SSHFolder, "known_hosts")
	old, err := readWritable(path)
	if err != nil {
		return fault.In(input.Shown(path), err)
	}
	hosts := session.AddHostKeys(old, store.HostKeys)
	return j.edit(File{Path: path, Old: old, New: hosts.Data, IsNew: old == nil, Added: hosts.Added, Warnings: hosts.Refused}, l)
}

// plan gives each session its place: an alias, or a reason why it has none.
func (j *Job) plan(sessions []session.Saved, config *config) []*plan {
	var plans []*plan
	named := map[string]int{}
	byName := map[string]*plan{}
	for _, s := range sessions {
		p := &plan{move: Move{Saved: s}}
		plans = append(plans, p)
		if why := skipped(s); why != "" {
			p.move.Outcome, p.move.Why = Skipped, why
			continue
		}
		clean, err := s.ForOpenSSH()
		p.move.Saved = clean
		if err != nil {
			p.move.Outcome, p.move.Err = NotMoved, &fault.Error{Exit: fault.Failed, Err: err}
			continue
		}
		p.name = shownName(s.Name)
		p.id = s.Program.Title + " session " + strconv.Quote(p.name)
		if named[p.id]++; named[p.id] > 1 {
			p.id += fmt.Sprintf(", number %d", named[p.id])
		}
		byName[s.Program.Name+"\x00"+s.Name] = p
	}
	names := newNames(config)
	for _, p := range plans {
		if p.move.Outcome == "" {
			p.move.Alias, p.move.Why = names.alias(p.id, p.name)
		}
	}
	for _, p := range plans {
		if p.move.Jump == nil || p.move.Outcome != "" {
			continue
		}
		jump := *p.move.Jump
		p.jump = byName[p.move.Program.Name+"\x00"+jump.Session]
		switch {
		case p.jump != nil:
		case !jump.IsHost():
			p.move.Lost = append(p.move.Lost, "the proxy "+input.Shown(jump.Host[strings.LastIndexByte(jump.Host, '@')+1:]))
			p.move.Jump = nil
		case jump.KeyFile != "":
			p.entry.Jump, _ = names.alias(tunnelID(p.id), p.move.Alias+"-tunnel")
		}
	}
	return plans
}

func tunnelID(id string) string { return id + ", its tunnel" }

// skipped says why a session is not one that ssh could have.
func skipped(s session.Saved) string {
	switch {
	case s.Protocol != session.SSH:
		return s.Protocol + ", not SSH"
	case s.Host == "" && s.Name == session.DefaultSettings:
		return "it is what the program starts new sessions from"
	}
	return ""
}

// takeKeys finds or makes the keys of a session.
func (j *Job) takeKeys(ctx context.Context, p *plan, keys *keyFinder) {
	s := &p.move.Saved
	if s.KeyFile != "" {
		file, err := keys.find(ctx, s.KeyFile)
		p.move.KeyFile, p.move.Err = file, err
	}
	if s.Certificate != "" {
		file, ok := j.locate(s.Certificate)
		if !ok {
			s.Lost = append(slices.Clone(s.Lost), "DetachedCertificate (it is not there)")
		}
		s.Certificate = file
	}
	if p.entry.Jump == "" {
		return
	}
	file, err := keys.find(ctx, s.Jump.KeyFile)
	s.Jump = &session.Jump{Target: s.Jump.Target, KeyFile: file}
	if err != nil && p.move.Err == nil {
		p.move.Err = err
	}
}

// put puts a session into the section.
func (j *Job) put(p *plan, section *session.SSHSection) {
	if p.move.Outcome != "" {
		return
	}
	s, missing := p.move.Saved, ""
	if original := s.KeyFile; original != "" && p.move.KeyFile == "" {
		if section.HasKey(p.id) { // of an earlier run, after which a person may delete the .ppk
			p.move.Outcome, p.move.Err = There, nil
			p.move.Why = "its key " + input.Shown(original) + " cannot be read now, so the block keeps the key that it has"
			return
		}
		missing = input.Shown(original)
	}
	s.KeyFile = p.move.KeyFile
	jump := p.entry.Jump
	e := session.Entry{ID: p.id, Alias: p.move.Alias, Saved: s, Jump: jump, Missing: missing}
	switch {
	case s.Jump == nil:
	case jump != "":
		t := session.Entry{ID: tunnelID(p.id), Alias: jump, Saved: session.Saved{Target: s.Jump.Target, KeyFile: s.Jump.KeyFile}}
		section.Put(t, j.Replace)
	case p.jump != nil:
		e.Jump = p.jump.move.Alias
		if s.Jump.User != "" {
			e.Jump = s.Jump.User + "@" + e.Jump
		}
	default:
		e.Jump = session.JumpArgument(s.Jump.Target)
	}
	outcome, edited := section.Put(e, j.Replace)
	p.move.Outcome = outcomes.Get()[outcome]
	if edited {
		p.move.Outcome = ByHand
	}
}

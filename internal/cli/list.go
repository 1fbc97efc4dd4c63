package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/list"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
)

// agentPatience is how long a list waits for an agent, which may be dead.
const agentPatience = 10 * time.Second

var listCmd = command{
	section: toLook,
	name:    "list", takes: "[FILE|FOLDER...]",
	short: "List keys, and which of them belong together",
	long: `Lists keys, one line each: type, bits, fingerprint (SHA256), whether it is encrypted or in
the agent, file and comment. After that come weaknesses, the date until which its
certificate is valid, where its public key is, other files with the same key, and the
saved sessions that log in with it.

Without arguments it lists the keys in ~/.ssh and those of PuTTY's saved sessions. In a
FOLDER it looks at the files, and with -r in the folders below too. Files that are not
keys are only counted. A public key that belongs to a listed private key has no line of
its own.

It never asks for a passphrase. On a terminal, what is too long is cut ("..."); in a
pipe every line is whole.`,
	example: `  keyconv list
  keyconv list ~/.ssh key.pem
  keyconv list --json | jq -r 'select(.from.encrypted | not) | .input'`,
	args: cobra.ArbitraryArgs,
	build: func(p *program, cmd *cobra.Command) {
		var below bool
		job := p.register(cmd, jsonFlag)
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			j := list.Job{Files: input.Files{Stdin: p.stdin}, Now: job().Now, WithSessions: len(args) == 0}
			q := input.Query{Names: args, Recursive: true, Flat: !below, Links: true, MayBeEmpty: true, Wanted: isAnyKey}
			if home, err := login.SSHHome(); err == nil && len(args) == 0 {
				folder := filepath.Join(home, ".ssh")
				if _, err := os.Stat(folder); err == nil {
					q.Names = []string{folder}
				}
			}
			set, err := q.Find(cmd.Context())
			if err != nil {
				return err
			}
			found, err := p.list(cmd.Context(), j, set)
			if err != nil {
				return err
			}
			return p.noteRest(found, len(args) == 0)
		}
		cmd.Flags().BoolVarP(&below, "recursive", "r", false, "look into the folders below each FOLDER too")
	},
}

// list prints the keys of a set, and reports what cannot be read.
func (p *program) list(ctx context.Context, j list.Job, set *input.Set) (*list.Listing, error) {
	for _, name := range set.Names {
		if what := quote.Secret(name); what != "" {
			hideName(p.hidden, name, what)
		}
	}
	sessions, failed := login.PuTTYSessions()
	for _, err := range failed {
		p.report("%s a saved session cannot be read: %s", p.in(yellow, "warning:"), visible(message(err)))
	}
	for _, s := range sessions {
		if s.KeyFile != "" {
			j.Sessions = append(j.Sessions, list.Session{Program: s.Program.Title, Name: s.Name, KeyFile: s.KeyFile})
		}
	}
	held, err := p.heldKeys(ctx)
	if err != nil {
		return nil, err
	}
	j.Held = held
	found, err := j.Run(ctx, set)
	if err != nil {
		return nil, err
	}
	return found, p.showList(found, held != nil)
}

// heldKeys returns the keys of the agent, nil where there is none.
func (p *program) heldKeys(ctx context.Context) ([]ssh.PublicKey, error) {
	isNamed := os.Getenv("SSH_AUTH_SOCK") != ""
	if !isNamed && runtime.GOOS != "windows" {
		return nil, nil
	}
	held, err := dialAgent(ctx, agentconn.Options{Patience: agentPatience})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	keys := []ssh.PublicKey{}
	if err == nil {
		defer held.Close()
		listed, listErr := batch.Interruptible(ctx, held.List)
		for _, key := range listed {
			if pub, parseErr := rawkey.ParsePublic(key.Blob); parseErr == nil {
				keys = append(keys, pub)
			}
		}
		err = listErr
	}
	if err == nil {
		return keys, nil
	}
	if isNamed {
		p.report("note: not known which keys the agent holds: %s", visible(message(err)))
	}
	return nil, nil
}

// showList prints the keys, or the report of them, and then the failures.
func (p *program) showList(l *list.Listing, hasAgent bool) error {
	switch {
	case p.json:
		for _, k := range l.Keys {
			r := recordOfListed(k, hasAgent)
			if err := r.print(p.stdout, nil, p.hidden); err != nil {
				return err
			}
		}
	case !p.quiet:
		var rows []tableRow
		for _, k := range l.Keys {
			if k.PrivateFile == "" || k.Line > 0 {
				rows = append(rows, p.rowOf(k))
			}
		}
		width := 0
		if out, ok := p.stdout.(*results); ok {
			width = terminalColumns(out.to)
		}
		if _, err := io.WriteString(p.stdout, tableText(rows, width)); err != nil {
			return err
		}
	}
	for _, f := range l.Failed {
		if p.json {
			r := newRecord(f.Name)
			if err := r.print(p.stdout, f.Err, p.hidden); err != nil {
				return err
			}
		}
		p.fail(f.Name, f.Err)
	}
	return nil
}

// noteRest says what is not in the list. Where there is nothing in it, it is an error unless
// no argument said where to look.
func (p *program) noteRest(l *list.Listing, usual bool) error {
	for _, s := range l.Missing {
		if usual {
			p.warn(s.KeyFile, fmt.Sprintf("there is no such file, and the %s session %s logs in with it", s.Program, quote.Name(s.Name)))
		}
	}
	if l.HeldElsewhere > 0 {
		p.report("note: keys that the agent holds, and that are in none of these files: %d; keyconv agent --list shows them", l.HeldElsewhere)
	}
	switch {
	case len(l.Keys)+len(l.Failed) > 0:
		if l.Others > 0 {
			p.report("note: other files, which are not keys: %d", l.Others)
		}
	case usual:
		p.report("no keys in ~/.ssh or in PuTTY's saved sessions; files looked at: %d", l.Others)
		p.report("hint: keyconv generate -o FILE makes a key; keyconv list FOLDER looks elsewhere")
	default:
		return fault.New(fault.NotAKey, "no keys found; files looked at: %d", l.Others).With(say("keyconv inspect FILE shows what a file is"))
	}
	return nil
}

// shownFile returns the name of a file as a shell takes it, and short.
func shownFile(name string) string {
	shown := input.Shown(name)
	if shown != name {
		return shown
	}
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		if below, err := filepath.Rel(home, name); err == nil && filepath.IsAbs(name) && filepath.IsLocal(below) {
			shown = filepath.Join("~", below)
		}
	}
	if shown == "" || strings.Contains(shown, "  ") || strings.TrimSpace(shown) != shown { // it could be taken for two columns
		return fmt.Sprintf("%q", shown)
	}
	return shown
}

package cli

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/migrate"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/keyconv/keyconv/sshkey"
)

// migrateReport puts what happened to sessions into words.
type migrateReport struct {
	*program
	options *migrateOptions
	counts  map[migrate.Outcome]int
	keys    []*one
	look    map[string]bool // settings of windows that were changed
	next    string          // an alias to log in with
}

// Key returns who hears what happens to a key. Notes that are about each of many keys are
// counted at the end.
func (r *migrateReport) Key(file string) convert.Listener {
	o := &one{program: r.program, printer: r.printer, name: file, isBatch: true}
	r.keys = append(r.keys, o)
	return o
}

// Used makes a key private that ssh takes as it is.
func (r *migrateReport) Used(file string) {
	(&one{program: r.program, printer: r.printer, name: file}).makePrivate(file, true)
}

// Moved prints a line for the session, and what has to be known of it.
func (r *migrateReport) Moved(m migrate.Move) {
	r.counts[m.Outcome]++
	if r.json {
		r.recordMove(m)
	}
	// People paste keys and passwords into fields of names.
	alias, name := quote.Name(m.Alias), visible(fmt.Sprintf("%q", quote.WithoutPassword(m.Name)))
	if quote.KeyText(m.Name) != "" {
		name = quote.Name(m.Name)
	}
	name = m.Program.Title + " " + name
	switch m.Outcome {
	case migrate.Skipped:
		r.report("%s: skipped: %s", name, visible(m.Why))
	case migrate.NotMoved:
		r.fail(name, m.Err)
	default:
		r.report("%s -> %s (%s), %s", name, alias, visible(loginOf(m)), m.Outcome)
		if m.Why != "" {
			r.report("note: %s: %s", alias, visible(m.Why))
		}
		if target := "ssh"; len(m.Lost) > 0 {
			if r.options.isBack() {
				target = session.PuTTY.Title
			}
			r.report("note: %s: without counterpart in %s: %s", alias, target, visible(strings.Join(m.Lost, ", ")))
		}
		if m.Err != nil {
			r.fail(m.Alias, m.Err)
		} else if r.next == "" && alias == m.Alias {
			r.next = m.Alias
		}
	}
	for _, name := range m.Look {
		r.look[name] = true
	}
}

// loginOf says how a session logs in.
func loginOf(m migrate.Move) string {
	text := quote.Name(session.JumpArgument(m.Target))
	if m.Port == session.DefaultPort {
		text = strings.TrimSuffix(text, fmt.Sprintf(":%d", m.Port))
	}
	switch {
	case m.KeyFile != "":
		text += ", key " + input.Shown(m.KeyFile)
	case m.Saved.KeyFile != "":
		text += ", without its key"
	}
	return text
}

// Edited reports a file that was written, or shows how it would change.
func (r *migrateReport) Edited(f migrate.File) {
	for _, warning := range f.Warnings {
		r.report("warning: %s: %s", input.Shown(f.Path), visible(warning))
	}
	if r.options.dryRun && r.json {
		return // the report is all that is on standard output
	}
	if r.options.dryRun {
		for line := range strings.Lines(f.Diff()) {
			_, _ = io.WriteString(r.stdout, escaped(shownLine(strings.TrimSuffix(line, "\n")))+"\n") // stdout reports its error at the end
		}
		return
	}
	what := "unchanged"
	switch {
	case f.IsNew && len(f.New) > 0:
		what = "written"
	case f.Backup != "":
		what = "written; what it had before is in " + filepath.Base(f.Backup)
	}
	if f.Added > 0 {
		what += ", " + counted(f.Added, "host key") + " added"
	}
	r.report("%s: %s", input.Shown(f.Path), visible(what))
}

// shownLine returns a line of a configuration without a password or a part of a private key.
func shownLine(line string) string {
	words := strings.Split(quote.WithoutPassword(line), " ")
	hasPublic := false
	for i, word := range words {
		blob, err := base64.StdEncoding.DecodeString(word)
		if err == nil {
			_, err = sshkey.ParsePublic(blob)
		}
		isPublic := err == nil // of known_hosts
		hasPublic = hasPublic || isPublic
		if !isPublic && quote.KeyText(word) != "" {
			words[i] = quote.Name(word)
		}
	}
	if line = strings.Join(words, " "); hasPublic {
		return line
	}
	return quote.Plain(line)
}

// summarize prints how many sessions there were, and how to log in.
func (r *migrateReport) summarize(all int) {
	var parts []string
	for _, outcome := range []migrate.Outcome{migrate.Added, migrate.Replaced, migrate.There, migrate.ByHand, migrate.Skipped, migrate.NotMoved} {
		if n := r.counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	if len(r.look) > 0 {
		r.report("note: ssh has no window, and no counterpart for its settings: %s", visible(strings.Join(slices.Sorted(maps.Keys(r.look)), ", ")))
	}
	plain := 0
	for _, o := range r.keys {
		if o.plain {
			plain++
		}
	}
	if plain > 0 {
		r.report("note: %s; keyconv passwd FILE protects one", notEncrypted(plain))
	}
	dry := ""
	if r.options.dryRun {
		dry = " (nothing was written: --dry-run)"
	}
	r.report("%s: %s%s", counted(all, "session"), strings.Join(parts, ", "), dry)
	next := "ssh " + r.next // how to log in
	switch o := r.options; {
	case r.next == "" || o.dryRun:
		return
	case o.output != "":
		next = "on Windows, a double-click on " + input.Shown(o.output)
	case o.isBack():
		next = "putty -load " + shellName(r.next)
	case o.config != "":
		next = "ssh -F " + shellName(o.config) + " " + r.next
	}
	r.report("next: %s", next)
}

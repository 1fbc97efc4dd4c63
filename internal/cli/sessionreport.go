package cli

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
)

// sessionRecord is what --json prints of a session.
type sessionRecord struct {
	Name    string `json:"name"`
	Program string `json:"program"`
	Host    string `json:"host"`
	Port    int    `json:"port"`
	User    string `json:"user,omitempty"`
	KeyFile string `json:"key_file"` // as the program will see it
	Saved   string `json:"saved"`    // a file or a registry key
	Outcome string `json:"outcome"`
}

var sessionOutcomes = lazy.Map[session.Outcome, string]{Make: func() map[session.Outcome]string {
	return map[session.Outcome]string{
		session.Added: "added", session.Replaced: "replaced", session.AlreadyThere: "already there",
	}
}}

// reportSession says where the session is, and how to log in with it.
func (one *one) reportSession(o *sessionOptions, form sessionForm, key login.Key, s session.Session, p login.Place) {
	if one.record != nil {
		one.record.Session = &sessionRecord{s.Name, o.program, s.Host, s.Port, s.User, s.KeyFile, p.Shown, strings.ReplaceAll(sessionOutcomes.Get()[p.Outcome], " ", "-")}
	}
	for _, warning := range p.Warnings {
		one.Noted(fault.Note{Warning: true, File: p.Shown, Text: warning})
	}
	if form.program.PrivateKeys && o.keyPath == "" {
		one.makePrivate(key.File, p.Shown != stdio)
	}
	if one.quiet {
		return
	}
	if p.Shown != stdio {
		one.report("session %s: %s, %s", visible(s.Name), visible(p.Shown), sessionOutcomes.Get()[p.Outcome])
	}
	if o.keyPath != "" {
		one.note(key.File, "the session expects it at "+input.Shown(s.KeyFile))
	}
	one.report("next: %s", visible(o.nextStep(form.next, s)))
}

// makePrivate takes away from others what ssh does not let them have: it refuses a key that
// others can read (sshkey_perm_ok in OpenSSH's authfile.c). Where the session is only
// printed, nothing is changed.
func (one *one) makePrivate(file string, change bool) {
	warn := func(why string) {
		one.Noted(fault.Note{Warning: true, File: file, Text: "others may read it (" + why + "), so ssh will not use it: keyconv fix-permissions " + shellName(file)})
	}
	if !change {
		if info, err := os.Stat(file); err == nil && !login.HasRegistry && info.Mode().Perm()&0o077 != 0 {
			warn(fmt.Sprintf("mode %04o", info.Mode()&fs.ModePerm))
		}
		return
	}
	key, err := safefile.OpenExisting(file)
	if err != nil {
		return // the session names a key that is gone already
	}
	defer key.Close()
	switch r, err := key.Restrict(); {
	case err != nil:
		warn(quote.WithoutPath(err).Error())
	case r.Changed():
		one.note(file, fmt.Sprintf("it is private now (%s %s before): ssh refuses a key that others can read", safefile.AccessWord, r.Before))
	}
}

// nextStep says a step of the program for this session.
func (o *sessionOptions) nextStep(step session.Step, s session.Session) string {
	system := runtime.GOOS
	if step.OnWindows {
		system = "windows"
	}
	file := o.output
	if p := session.Find(o.program); (file == "" || file == stdio) && p.File != nil {
		file = "FILE" + p.File.Extension
	}
	return strings.NewReplacer(
		"{shown}", file, "{file}", shellNameOn(system, file), "{name}", shellNameOn(system, s.Name),
	).Replace(step.Text)
}

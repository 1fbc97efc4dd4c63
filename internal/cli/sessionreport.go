package cli

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/login"
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

var sessionOutcomes = map[session.Outcome]string{
	session.Added: "added", session.Replaced: "replaced", session.AlreadyThere: "already there",
}

// reportSession says where the session is, and how to log in with it.
func (one *one) reportSession(o *sessionOptions, form sessionForm, key login.Key, s session.Session, p login.Place) {
	if one.record != nil {
		one.record.Session = &sessionRecord{s.Name, o.program, s.Host, s.Port, s.User, s.KeyFile, p.Shown, strings.ReplaceAll(sessionOutcomes[p.Outcome], " ", "-")}
	}
	for _, warning := range p.Warnings {
		one.Noted(fault.Note{Warning: true, File: p.Shown, Text: warning})
	}
	// ssh refuses a key that others can read (sshkey_perm_ok in OpenSSH's authfile.c). A
	// converted one is owner-only.
	if info, err := os.Stat(key.File); form.program.PrivateKeys && o.keyPath == "" && err == nil && !login.HasRegistry && info.Mode().Perm()&0o077 != 0 {
		one.Noted(fault.Note{Warning: true, File: key.File, Text: fmt.Sprintf("others may read it (mode %04o), so ssh will not use it: keyconv fix-permissions %s", info.Mode()&fs.ModePerm, shellName(key.File))})
	}
	if one.quiet {
		return
	}
	if p.Shown != stdio {
		one.tell("session %s: %s, %s", visible(s.Name), visible(p.Shown), sessionOutcomes[p.Outcome])
	}
	if o.keyPath != "" {
		one.note(key.File, "the session expects it at "+input.Shown(s.KeyFile))
	}
	one.tell("next: %s", visible(o.nextStep(form.next, s)))
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

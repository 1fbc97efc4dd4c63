package cli

import (
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
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
func (one *one) reportSession(o *sessionOptions, kind sessionKind, key sessionKey, s session.Session, p place) {
	if one.record != nil {
		one.record.Session = &sessionRecord{s.Name, o.program, s.Host, s.Port, s.User, s.KeyFile, p.shown, strings.ReplaceAll(sessionOutcomes[p.outcome], " ", "-")}
	}
	for _, warning := range p.warnings {
		one.Noted(fault.Note{Warning: true, File: p.shown, Text: warning})
	}
	if kind.program == "OpenSSH" && o.keyPath == "" {
		one.warnOfMode(key.file)
	}
	if one.quiet {
		return
	}
	if p.shown != stdio {
		fmt.Fprintf(one.stderr, "session %s: %s, %s\n", visible(s.Name), visible(p.shown), sessionOutcomes[p.outcome])
	}
	if o.keyPath != "" {
		one.note(key.file, "the session expects it at "+input.Shown(s.KeyFile))
	}
	fmt.Fprintf(one.stderr, "next: %s\n", visible(kind.next(o, s)))
}

func nextPuTTY(_ *sessionOptions, s session.Session) string {
	return fmt.Sprintf("putty -load %s, or a double-click on it in PuTTY's list", shellName(s.Name))
}

func nextReg(o *sessionOptions, s session.Session) string {
	file := o.output
	if file == stdio {
		file = "FILE.reg"
	}
	return fmt.Sprintf("on Windows, a double-click on %s (or: reg import %s), then: putty -load %s",
		file, shellNameOn("windows", file), shellNameOn("windows", s.Name))
}

func nextOpenSSH(o *sessionOptions, s session.Session) string {
	switch {
	case !o.add:
		return "put the block into ~/.ssh/config, as --add does, then: ssh " + s.Name
	case o.output != "":
		return fmt.Sprintf("ssh -F %s %s", shellName(o.output), s.Name)
	}
	return "ssh " + s.Name
}

func nextWinSCP(*sessionOptions, session.Session) string {
	return "in WinSCP's Login window: Tools > Import Sites > INI file"
}

func nextFileZilla(o *sessionOptions, _ session.Session) string {
	if o.add {
		return "in FileZilla, started anew: File > Site Manager"
	}
	return "in FileZilla: File > Import, then File > Site Manager"
}

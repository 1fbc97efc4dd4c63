package window

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/output"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/safefile"
	"github.com/keyconv/keyconv/internal/session"
)

// Executable is a program that can be started.
type Executable struct {
	File    string   // "putty.exe"
	Folders []string // below Program Files and the like: "PuTTY"
	Console bool     // whether it needs one
}

// client is a program to log in with.
type client struct {
	program    *session.Program
	title      string // in the list of the window
	button     string
	registry   *session.RegistryKey // where its sessions are on Windows, if they are there
	executable Executable
	arguments  func(name string) []string
	list       string // what has its sessions, in words
	started    string // what to do in it
	getIt      string // where there is one
}

var clients = lazy.Value[[]client]{Make: func() []client {
	return []client{
		{
			program: &session.PuTTY, title: "PuTTY", button: "Save it in PuTTY's list and &log in", registry: session.PuTTY.Registry,
			executable: Executable{File: "putty.exe", Folders: []string{"PuTTY"}},
			arguments:  func(name string) []string { return []string{"-load", name} },
			list:       "PuTTY's list",
			started:    "The first time it asks about the server's key: Accept. Next time, double-click on the name in PuTTY's list.",
			getIt:      "https://www.chiark.greenend.org.uk/~sgtatham/putty/",
		},
		{
			program: &session.OpenSSH, title: "Windows' own ssh", button: "Save it for ssh and &log in",
			executable: Executable{File: "ssh.exe", Folders: []string{"OpenSSH"}, Console: true},
			arguments:  func(name string) []string { return []string{name} },
			list:       "the configuration of ssh",
			started:    "The first time it asks about the server's key: type yes. Next time, type ssh and the name in a terminal.",
			getIt:      "Windows Settings, System, Optional features, OpenSSH Client",
		},
		{
			program: &session.WinSCP, title: "WinSCP", button: "Save it in WinSCP's list and &log in", registry: &session.WinSCPSites,
			executable: Executable{File: "WinSCP.exe", Folders: []string{"WinSCP"}},
			arguments:  func(name string) []string { return []string{name} },
			list:       "WinSCP's list",
			started:    "The first time it asks about the server's key: Accept.",
			getIt:      "https://winscp.net/",
		},
		{
			program: &session.FileZilla, title: "FileZilla", button: "Save it in FileZilla's list and &log in",
			executable: Executable{File: "filezilla.exe", Folders: []string{"FileZilla FTP Client"}},
			arguments:  func(name string) []string { return []string{"--site", "0/" + sitePath.Get().Replace(name)} },
			list:       "FileZilla's list",
			started:    "The first time it asks about the server's key: OK.",
			getIt:      "https://filezilla-project.org/",
		},
	}
}}

// sitePath escapes the name of a site in the path that FileZilla takes.
var sitePath = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `/`, `\/`)
}}

// clientOf returns the program that was chosen, the first where none was.
func clientOf(title string) client {
	for _, c := range clients.Get() {
		if c.title == title {
			return c
		}
	}
	return clients.Get()[0]
}

// LogInText returns the text of the button for a program.
func LogInText(title string) string { return clientOf(title).button }

// plan is what is to be saved. The person may change it on the way.
type plan struct {
	client
	session session.Session
	keyFile string // the name of a converted key; "" for one beside the key
	replace bool   // a session of that name
}

// logIn converts the key if the program needs that, saves a session with it, and starts
// the program, or says how to log in without it.
func (m *Model) logIn(ctx context.Context, f Fields) error {
	target, err := parseServer(f[Server], f[User])
	if err != nil {
		return err
	}
	p := plan{client: clientOf(f[Program]), session: session.Session{Name: strings.TrimSpace(f[SessionName]), Target: target}}
	if p.session.Name == "" {
		p.session.Name = target.Host
	}
	if m.key.path == "" || isInZip(m.key.path) { // there is no folder in which the key could stay
		if p.keyFile, err = m.askPath(p.keyForm(m.key), m.proposal(p.keyForm(m.key).format.About().Extension)); err != nil {
			return err
		}
	}
	h, saved, err := m.saveSession(ctx, &p)
	if err != nil {
		return err
	}
	m.status = fmt.Sprintf("The session %q is in %s. ", p.session.Name, p.list)
	for _, w := range saved.Warnings {
		m.status += sentence(w) + " "
	}
	if len(h.results) > 0 || len(h.notes) > 0 {
		m.status = h.summary() + " " + m.status
	}
	path := m.system.Find(p.executable)
	if path == "" {
		m.status += p.program.Title + " was not found on this computer."
		m.person.Say(Message{Text: fmt.Sprintf("The session %q is saved, but %s was not found on this computer.\n\nGet it here: %s", p.session.Name, p.program.Title, p.getIt), Warning: true})
		return nil
	}
	if err := m.system.Start(p.executable, path, p.arguments(p.session.Name)...); err != nil {
		return fault.In("cannot start "+path, err)
	}
	m.status += p.program.Title + " was started. " + p.started
	return nil
}

// parseServer reads the server's address, and the user where it does not name one.
func parseServer(server, user string) (session.Target, error) {
	server, user = strings.TrimSpace(server), strings.TrimSpace(user)
	if server == "" {
		return session.Target{}, fault.New(fault.Usage, "the server is missing").With(say(serverHelp))
	}
	if user != "" && !strings.Contains(server, "@") {
		server = user + "@" + server
	}
	t, err := session.ParseTarget(server)
	if err != nil {
		return session.Target{}, fault.Advise(err, say(serverHelp))
	}
	return t, nil
}

const serverHelp = "Type the name or address of the server, as the cloud's console shows it, such as 203.0.113.5 or server.example.com. A port goes after a colon: 203.0.113.5:2222."

// keyForm returns the form that the program wants a converted key in.
func (p *plan) keyForm(k *opened) form {
	switch {
	case p.program.NeedsPPK:
		return formPPK
	case convert.IsPPK(k.file.Format):
		return formPEM
	}
	return form{engine.OpenSSH, "OpenSSH's own form", ""}
}

// saveSession tries until nothing is left to ask.
func (m *Model) saveSession(ctx context.Context, p *plan) (*heard, login.Place, error) {
	for {
		var saved login.Place
		job := m.newJob(m.key)
		if p.keyFile != "" {
			writeTo(job, output.Options{File: p.keyFile})
		}
		h, err := m.work(ctx, job, func(t *convert.Task) (err error) {
			saved, err = m.trySession(ctx, t, p)
			return err
		})
		if ctx.Err() != nil {
			return nil, saved, err
		}
		switch fault.AdviceOf(err).Do {
		case fault.ReplaceSession:
			if !m.person.Confirm(fmt.Sprintf("%s has a session %q already. Replace it?", p.program.Title, p.session.Name)) {
				return nil, saved, errDismissed
			}
			p.replace = true
		case fault.ConvertOtherName, fault.Replace:
			m.person.Say(Message{Text: sentence(withoutFolders(err.Error(), m.key.path)) + " Please choose another name for the key that " + p.program.Title + " will use.", Warning: true})
			f := p.keyForm(m.key)
			if p.keyFile, err = m.askPath(f, m.proposal("-"+p.program.Name+f.format.About().Extension)); err != nil {
				return nil, saved, err
			}
		default:
			return h, saved, err
		}
	}
}

// trySession does everything that can fail without a passphrase before it converts the key.
func (m *Model) trySession(ctx context.Context, t *convert.Task, p *plan) (login.Place, error) {
	saver := login.Saver{Guard: guardOf(m.key), Replace: p.replace}
	key, err := login.FindKey(ctx, t, p.program)
	if err != nil {
		return login.Place{}, err
	}
	if key.IsThere() && key.File == pasted { // a text that is right already, but no file
		k := p.keyForm(m.key).kind()
		key.File, key.Convert = p.keyFile, &k
	}
	saver.Planned = key.File
	if p.session.KeyFile, err = filepath.Abs(key.File); err != nil {
		return login.Place{}, err
	}
	at, err := p.place(saver, p.session)
	if err != nil {
		return login.Place{}, err
	}
	if !key.IsThere() {
		if !m.willEncrypt() && !m.mayUpload(key.File) {
			return login.Place{}, errDismissed
		}
		if err := key.Make(ctx, t); err != nil {
			return login.Place{}, err
		}
	} else if p.program.PrivateKeys {
		if err := m.offerPrivate(key.File); err != nil {
			return login.Place{}, err
		}
	}
	return at, saver.Put(at)
}

// place returns where the program has its sessions on this system.
func (p *plan) place(saver login.Saver, s session.Session) (login.Place, error) {
	switch {
	case p.registry != nil && login.HasRegistry:
		return saver.InRegistry(p.registry, s, login.SystemCodePage())
	case p.program.Folder != nil:
		return saver.InFolder(p.program.Folder, s)
	case p.program.List != nil:
		return saver.InList(p.program.List, "", s)
	}
	return login.Place{}, fault.New(fault.Failed, "%s has no list of sessions on this system", p.program.Title)
}

// offerPrivate makes a key file private if the person wants that: ssh refuses one that
// others can read, as a download often is.
func (m *Model) offerPrivate(path string) error {
	if !m.person.Confirm("ssh refuses a key file that others on this computer can read. Make " + shortName(path) + " private to you? What is in it stays as it is.") {
		return nil
	}
	file, err := safefile.OpenExisting(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Restrict()
	return err
}

// logInNote says what logging in writes, before the button is pressed.
func (m *Model) logInNote() string {
	k := m.key
	if t, _ := rawkey.TypeOf(k.info.Type); t.PuTTY == rawkey.Never {
		return fmt.Sprintf("PuTTY, WinSCP and FileZilla have no %s keys: choose Windows' own ssh.", t.Title)
	}
	if k.path == "" || isInZip(k.path) {
		return "You will be asked where to keep the key."
	}
	if convert.IsPPK(k.file.Format) {
		return "Your key file is used as it is, if the program opens it."
	}
	ppk := output.Options{}.Name(k.path, engine.PPK.About().Extension)
	return fmt.Sprintf("For PuTTY, WinSCP and FileZilla this makes %s, in %s.", shortName(ppk), input.Shown(filepath.Dir(ppk)))
}

package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/login"
	"github.com/keyconv/keyconv/internal/session"
)

// sessionForm is the form in which the options want a session: one of those that the
// program has.
type sessionForm struct {
	program   *session.Program
	onWindows bool // whether the path of the key is one of Windows
	place     func(s session.Session) (login.Place, error)
	next      session.Step
	prints    bool // whether the session goes to standard output
}

// form finds out what is wanted.
func (o *sessionOptions) form() (sessionForm, error) {
	p := session.Find(o.program)
	switch {
	case o.program == "" && (o.registry || o.unix || strings.EqualFold(filepath.Ext(o.output), session.PuTTY.File.Extension)):
		p = &session.PuTTY
	case o.program == "" && login.HasRegistry:
		p = &session.PuTTY
	case o.program == "":
		p = &session.OpenSSH
	}
	if p == nil {
		return sessionForm{}, noSuch("there is no --for", "--for", o.program, session.Names(nil))
	}
	page := session.CodePage(o.codePage)
	if !o.codePageChanged {
		page = login.SystemCodePage()
	}
	switch {
	case p.List != nil && (o.add || p.List.Usual && o.output == ""):
		f := sessionForm{program: p, next: p.List.Next, place: func(s session.Session) (login.Place, error) { return o.saver.InList(p.List, o.output, s) }}
		if o.output != "" {
			f.next = p.List.NextInFile
		}
		return f, nil
	case o.output != "":
		return o.fileForm(p)
	case p.OwnPlaces() && o.registry && !login.HasRegistry:
		return sessionForm{}, usagef("there is no registry on this system").With(say("-o FILE.reg makes a file to import on Windows"))
	case p.OwnPlaces() && o.unix && login.HasRegistry:
		return sessionForm{}, usagef("%s on Windows has its sessions in the registry", p.Title).With(say("leave --unix out"))
	case login.HasRegistry && p.Registry != nil:
		return sessionForm{program: p, onWindows: true, next: p.Registry.Next, place: func(s session.Session) (login.Place, error) { return o.saver.InRegistry(p.Registry, s, page) }}, nil
	case !login.HasRegistry && p.Folder != nil:
		return sessionForm{program: p, next: p.Folder.Next, place: func(s session.Session) (login.Place, error) { return o.saver.InFolder(p.Folder, s) }}, nil
	}
	return o.fileForm(p)
}

// fileForm returns the form of a file with this session alone.
func (o *sessionOptions) fileForm(p *session.Program) (sessionForm, error) {
	file := p.File
	switch {
	case file == nil:
		return sessionForm{}, usagef("%s has no file to import a session from", p.Title)
	case o.output != "" && o.output != stdio && file.Extension != "" && !strings.EqualFold(filepath.Ext(o.output), file.Extension):
		return sessionForm{}, usagef("for %s, -o writes %s, whose name ends with %s", p.Title, file.What, file.Extension).
			With(say("without -o the session goes where %s has its own", p.Title))
	case p.List != nil && p.List.Usual && slices.Contains([]string{engine.PPK.About().Extension, engine.PEM.About().Extension}, strings.ToLower(filepath.Ext(o.output))):
		return sessionForm{}, usagef("-o names the file of the session, and %s is the name of a key", input.Shown(o.output)).
			With(say("the key is converted beside the one of --key, without -o"))
	}
	return sessionForm{
		program: p, onWindows: file.OnWindows, next: file.Next, prints: o.output == "" || o.output == stdio,
		place: func(s session.Session) (login.Place, error) {
			data, err := file.Encode(s, session.CodePage(o.codePage))
			if err != nil {
				return login.Place{}, err
			}
			return o.saver.InFile(o.output, data)
		},
	}, nil
}

// check refuses flags that do not go together, and a key that cannot be named.
func (o *sessionOptions) check(form sessionForm, json bool) error {
	p := form.program
	switch {
	case !p.OwnPlaces() && (o.registry || o.unix):
		return usagef("--registry and --unix are for %s", flagsFor((*session.Program).OwnPlaces))
	case o.codePageChanged && !(p.OwnPlaces() && form.onWindows):
		return usagef("--code-page is for PuTTY on Windows: --registry or -o FILE.reg")
	case o.add && p.List == nil:
		return usagef("--add is for %s", flagsFor(func(p *session.Program) bool { return p.List != nil }))
	case o.add && o.output == stdio:
		return usagef("--add adds to a file, and -o - is none")
	case json && form.prints:
		return usagef("--json and the session would both be written to standard output").With(say("-o FILE writes the session to a file"))
	case o.key == stdio:
		return usagef("a session needs a key that stays in a file").With(say("--key FILE names it"))
	}
	return nil
}

// flagsFor returns the flags that ask for the programs that have something.
func flagsFor(has func(*session.Program) bool) string {
	return "--for " + strings.Join(session.Names(has), " and --for ")
}

// pathThere returns the path of the key as the program will see it.
func (o *sessionOptions) pathThere(file string, form sessionForm) (string, error) {
	path := o.keyPath
	if path == "" {
		var err error
		if path, err = filepath.Abs(file); err != nil {
			return "", err
		}
	}
	if form.onWindows {
		path = session.WindowsPath(path)
	}
	isHome := form.program.HomePaths && strings.HasPrefix(path, "~/")
	switch {
	case form.onWindows && o.keyPath == "" && !session.IsWindowsPath(path):
		return "", usagef("%s runs on Windows, and %s is not a path there", form.program.Title, input.Shown(path)).With(say(`say where the key will be: --key-path 'C:\keys\%s'`, filepath.Base(file)))
	case !isHome && !filepath.IsAbs(path) && !session.IsWindowsPath(path):
		return "", usagef("--key-path is the whole path of the key, from / or C:\\ on, not %q", path)
	}
	return path, nil
}

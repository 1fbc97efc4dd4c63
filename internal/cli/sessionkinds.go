package cli

import (
	"path/filepath"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/session"
)

// sessionKind is a form of a saved session.
type sessionKind struct {
	program string // as keyconv.Verdict names it
	ppk     bool   // whether the key has to be a .ppk
	windows bool   // whether the path of the key is one of Windows
	place   func(o *sessionOptions, s session.Session) (place, error)
	next    func(o *sessionOptions, s session.Session) string // how to log in
}

var sessionPrograms = []string{"putty", "openssh", "winscp", "filezilla"}

// kind finds out what is wanted.
func (o *sessionOptions) kind() (sessionKind, error) {
	switch o.program {
	case "putty":
		return o.puttyKind()
	case "openssh":
		return sessionKind{program: "OpenSSH", place: placeOpenSSH, next: nextOpenSSH}, nil
	case "winscp":
		return sessionKind{program: "WinSCP", ppk: true, windows: true, place: placeWinSCP, next: nextWinSCP}, nil
	case "filezilla":
		return sessionKind{program: "FileZilla", ppk: true, place: placeFileZilla, next: nextFileZilla}, nil
	}
	return sessionKind{}, usagef("there is no --for %q%s", o.program, choices(sessionPrograms))
}

func (o *sessionOptions) puttyKind() (sessionKind, error) {
	kind := sessionKind{program: "PuTTY", ppk: true, windows: true, next: nextPuTTY}
	switch {
	case o.output != "":
		if o.output != stdio && !strings.EqualFold(filepath.Ext(o.output), ".reg") {
			return kind, usagef("for PuTTY, -o writes a file for the registry, whose name ends with .reg").With(say("without -o the session goes where PuTTY has its own"))
		}
		kind.place, kind.next = placeReg, nextReg
	case o.registry && !hasRegistry:
		return kind, usagef("there is no registry on this system").With(say("-o FILE.reg makes a file to import on Windows"))
	case o.unix && hasRegistry:
		return kind, usagef("PuTTY on Windows has its sessions in the registry").With(say("leave --unix out"))
	case hasRegistry:
		kind.place = placeRegistry
	default:
		kind.windows, kind.place = false, placeUnix
	}
	return kind, nil
}

// check refuses flags that do not go together, and a key that cannot be named.
func (o *sessionOptions) check(kind sessionKind, json bool) error {
	prints := kind.program != "PuTTY" && o.output == "" && !o.add
	switch {
	case kind.program != "PuTTY" && (o.registry || o.unix):
		return usagef("--registry and --unix are for --for putty")
	case o.codePageChanged && (kind.program != "PuTTY" || !kind.windows):
		return usagef("--code-page is for PuTTY on Windows: --registry or -o FILE.reg")
	case o.add && kind.program != "OpenSSH" && kind.program != "FileZilla":
		return usagef("--add is for --for openssh and --for filezilla")
	case o.add && o.output == stdio:
		return usagef("--add adds to a file, and -o - is none")
	case json && (prints || o.output == stdio):
		return usagef("--json and the session would both be written to standard output").With(say("-o FILE writes the session to a file"))
	case o.key == stdio:
		return usagef("a session needs a key that stays in a file").With(say("--key FILE names it"))
	}
	return nil
}

// pathThere is the path of the key as the program will see it.
func (o *sessionOptions) pathThere(file string, kind sessionKind) (string, error) {
	path := o.keyPath
	if path == "" {
		var err error
		if path, err = filepath.Abs(file); err != nil {
			return "", err
		}
	}
	if kind.windows {
		path = session.WindowsPath(path)
	}
	isHome := kind.program == "OpenSSH" && strings.HasPrefix(path, "~/")
	switch {
	case kind.windows && o.keyPath == "" && !session.IsWindowsPath(path):
		return "", usagef("%s runs on Windows, and %s is no path there", kind.program, input.Shown(path)).With(say(`say where the key will be: --key-path 'C:\keys\%s'`, filepath.Base(file)))
	case !isHome && !filepath.IsAbs(path) && !session.IsWindowsPath(path):
		return "", usagef("--key-path is the whole path of the key, from / or C:\\ on, not %q", path)
	}
	return path, nil
}

// isOpened reports whether the program opens the file as it is. FileZilla 3.63 opens
// other keys than .ppk too, older versions do not.
func (k sessionKind) isOpened(f *keyconv.File, data []byte) bool {
	if len(f.Repairs) > 0 || k.ppk && !convert.IsPPK(f.Format) {
		return false
	}
	for _, v := range keyconv.InspectFile(f, data).Programs {
		if v.Program == k.program || strings.HasPrefix(v.Program, k.program+" ") {
			return v.Opens
		}
	}
	return false
}

package session

import (
	"path/filepath"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// Program is everything that is known of a program that has saved sessions. A new
// program is a file of this package with a value of this type, and its name in Programs.
// A nil or empty field is something that the program does not have.
type Program struct {
	// Name is what the command line and JSON call it: "putty".
	Name string
	// Title is what people call it: "PuTTY".
	Title string
	// Verdict is the program, among those that the engine has verdicts about, that opens
	// the same key files: PuTTY for a program with PuTTY's code.
	Verdict engine.ProgramID
	// Oldest is the oldest version that has to open a key, where it has any form of the type;
	// "" where the form does not matter.
	Oldest string
	// Help says where its sessions go, in lines of a help text.
	Help string

	NeedsPPK bool // whether the key has to be a .ppk
	// Lacks reports whether the program does not have a type of key in any form.
	Lacks func(t rawkey.Type) bool
	// HomePaths says that the path of a key may begin with "~/".
	HomePaths bool
	// PrivateKeys says that the program refuses keys that other users can read.
	PrivateKeys bool

	// File is a file with one session, to be printed or written.
	File *File
	// List is a file of the program with all sessions, to which one is added.
	List *List
	// Folder and Registry are where the program itself keeps its sessions, each in a
	// file or a registry key: on Windows the registry, elsewhere the folder.
	Folder   *Folder
	Registry *RegistryKey
}

// File is how a program imports a session.
type File struct {
	Encode func(s Session, page CodePage) ([]byte, error)
	// What the file is and the end of its name, if they matter: "a file for the
	// registry" and ".reg".
	What, Extension string
	OnWindows       bool // whether the path of the key is one of Windows
	Next            Step
}

// List is a file of a program to which sessions are added.
type List struct {
	Name string // for the help: "FileZilla's list"
	// Usual says that a session goes there if nothing else is said. Otherwise it is printed.
	Usual bool
	// Path is where the program has it.
	Path func(e Env) (string, error)
	Add  func(old []byte, s Session, replace bool) (Edit, error)
	// Next is for the list of the program, and NextInFile for another file.
	Next, NextInFile Step
}

// Folder is where a program has a file for each session.
type Folder struct {
	Path func(e Env) (string, error)
	// FileName returns the name of the file of a session.
	FileName func(s Session) (string, error)
	// Encode keeps what the session does not decide from old, the file of a session that
	// is replaced; where old says the same in another order, the two are equal as sets of
	// lines.
	Encode func(s Session, old []byte) ([]byte, error)
	Next   Step
}

// RegistryKey is where a program on Windows has a registry key for each session, below
// HKEY_CURRENT_USER.
type RegistryKey struct {
	Path string
	// Encode returns the name of the key below Path, and its values.
	Encode func(s Session, page CodePage) (name string, values []Setting, err error)
	// Obsolete returns the values of an existing key that have to go.
	Obsolete func(values []Setting) []string
	Next     Step
}

// Step says how to log in, or what to do before. The placeholders are {name} of the
// session and the {file} that was written, both quoted for a shell, and {shown}, the
// file as a person reads it.
type Step struct {
	Text string
	// OnWindows is a step for a shell of Windows.
	OnWindows bool
}

// Programs are all programs.
var Programs = []*Program{&PuTTY, &OpenSSH, &WinSCP, &FileZilla}

// Find returns the program of that name, or nil.
func Find(name string) *Program {
	for _, p := range Programs {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Names returns the names of the programs for which has is true, or of all if has is
// nil.
func Names(has func(p *Program) bool) []string {
	var names []string
	for _, p := range Programs {
		if has == nil || has(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// OwnPlaces reports whether a program keeps each session in a place of its own.
func (p *Program) OwnPlaces() bool { return p.Folder != nil || p.Registry != nil }

// Env is what the paths of a program's files depend on.
type Env struct {
	Windows bool
	Lookup  func(variable string) (string, bool)
	Home    func() (string, error)
	// SSHHome is the home of the account, where ssh looks: HOME may be another.
	SSHHome   func() (string, error)
	ConfigDir func() (string, error) // of the system: %APPDATA% on Windows
	Exists    func(path string) bool
}

// config returns the folder of the XDG Base Directory Specification.
func (e Env) config(home string) string {
	if dir, _ := e.Lookup("XDG_CONFIG_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(home, ".config")
}

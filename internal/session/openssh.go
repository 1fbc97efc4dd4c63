package session

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// OpenSSH has its sessions as Host blocks in ~/.ssh/config.
var OpenSSH = Program{
	Name: "openssh", Title: "OpenSSH", Verdict: engine.ProgramOpenSSH,
	Oldest:      "8.0", // that of RHEL 8, which has its support until 2029
	Help:        "a Host block in ~/.ssh/config; -o - prints it",
	Lacks:       func(t rawkey.Type) bool { return t.OpenSSH == rawkey.Never },
	HomePaths:   true,
	PrivateKeys: true,
	File: &File{
		Encode: func(s Session, _ CodePage) ([]byte, error) { return HostBlock(s) },
		Next:   Step{Text: "put the block into ~/.ssh/config, which keyconv does without -o, then: ssh {name}"},
	},
	List: &List{
		Name: "~/.ssh/config", Usual: true, Add: AddToOpenSSH,
		Path: func(e Env) (string, error) {
			home, err := e.SSHHome()
			return filepath.Join(home, ".ssh", "config"), err
		},
		Next: Step{Text: "ssh {name}"}, NextInFile: Step{Text: "ssh -F {file} {name}"},
	},
}

// isWord reports whether the text has letters, digits, marks and the signs alone.
func isWord(text, signs string) bool {
	other := func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M) && !strings.ContainsRune(signs, r)
	}
	return text != "" && !strings.ContainsFunc(text, other)
}

// hostOption is a line of a Host block.
type hostOption struct {
	keyword   string
	arguments []string
	raw       bool // one argument, which ssh takes to the end of the line as it is
}

func option(keyword string, arguments ...string) hostOption {
	return hostOption{keyword: keyword, arguments: arguments}
}

// HostBlock returns the session as a Host block of ~/.ssh/config.
func HostBlock(s Session) ([]byte, error) {
	if err := s.checkOpenSSH(); err != nil {
		return nil, err
	}
	return []byte(s.hostBlock("\n")), nil
}

func (s Session) checkOpenSSH() error {
	if err := s.check(); err != nil {
		return err
	}
	first, _ := utf8.DecodeRuneInString(s.Name)
	switch {
	case !isWord(s.Name, "._:+-") || first != '_' && !unicode.In(first, unicode.L, unicode.N): // on the command line, or as a pattern in the configuration
		return invalidf("the name %q is not one that ssh takes: begin with a letter or digit, and use letters, digits and . _ : + -", s.Name)
	case strings.ContainsAny(s.User, "%$"):
		return invalidf("the user %q has a %% or $, which not every version of ssh reads in the same way", s.User)
	case strings.Contains(s.KeyFile, "${"):
		return invalidf("the path of the key has ${, which ssh takes for a variable: %q", s.KeyFile)
	}
	return nil
}

// hostOptions returns the lines of the block. They name the port even if it is the usual
// one: a "Host *" below could name another. IdentitiesOnly keeps an agent with many keys
// from using up the tries that the server allows.
func (s Session) hostOptions() []hostOption {
	options := []hostOption{option("HostName", sshToken(s.Host))}
	if s.User != "" {
		options = append(options, option("User", s.User))
	}
	return append(options,
		option("Port", strconv.Itoa(s.Port)),
		option("IdentityFile", sshPath(s.KeyFile)),
		option("IdentitiesOnly", "yes"))
}

// sshPath returns a path as ssh reads it: on Windows it takes both slashes, but a backslash
// escapes.
func sshPath(path string) string {
	if IsWindowsPath(path) {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	return sshToken(path)
}

// sshToken escapes what ssh would expand (ssh_config(5), TOKENS).
func sshToken(text string) string { return strings.ReplaceAll(text, "%", "%%") }

func (s Session) hostBlock(lineEnd string) string {
	return blockOf(s.Name, s.hostOptions(), lineEnd)
}

func blockOf(alias string, options []hostOption, lineEnd string) string {
	var b strings.Builder
	b.WriteString("Host " + alias + lineEnd)
	for _, o := range options {
		b.WriteString("    " + o.keyword)
		for _, a := range o.arguments {
			if !o.raw && !isWord(a, "._:/@%+,~-") { // argv_split in OpenSSH's misc.c
				a = `"` + sshEscapes.Get().Replace(a) + `"`
			}
			b.WriteString(" " + a)
		}
		b.WriteString(lineEnd)
	}
	return b.String()
}

var sshEscapes = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`)
}}

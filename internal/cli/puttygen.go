package cli

import (
	"os"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// puttygenTypes has what does here what puttygen's -O does, by the type of output.
var puttygenTypes = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"private": "convert --to ppk", "private-openssh": "convert --to pem", "private-openssh-new": "convert --to openssh",
		"private-sshcom": "convert --to sshcom", "public": "public --to rfc4716", "public-openssh": "public",
		"fingerprint": "inspect", "cert-info": "inspect", "text": "inspect --dump",
	}
}}

// puttygenShort are the flags that stand for a type of output: those of puttygen, and of
// ssh-keygen -y, -e and -m.
var puttygenShort = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"-l": "fingerprint", "-L": "public-openssh", "-y": "public-openssh", "-e": "public", "--dump": "text", "--cert-info": "cert-info",
	}
}}

// puttygenLine is a command line as puttygen understands it.
type puttygenLine struct {
	command string            // of keyconv, where it names one
	file    string            // the first that is there; "" for none
	values  map[string]string // of the flags that take one
	has     map[string]bool   // the other flags
	asksNew bool              // there is a -P, with or without what is not a value of it
}

// puttygenValues are the flags of puttygen with a value.
var puttygenValues = lazy.Map[string, string]{Make: func() map[string]string {
	return map[string]string{
		"-O": "-O", "-o": "-o", "-C": "-C", "-t": "-t", "-b": "-b", "-E": "-E", "-m": "-m", "--output": "-o", "--comment": "-C",
		"--certificate": "--certificate", "--ppk-param": "--ppk-param", "--old-passphrase": "--old-passphrase", "--new-passphrase": "--new-passphrase",
		"--to": "--to", "-N": "-N", "--random-device": "", "--primes": "",
	}
}}

func parsePuttygen(args []string) puttygenLine {
	l := puttygenLine{values: map[string]string{}, has: map[string]bool{}}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		name, value, isWhole := strings.Cut(arg, "=")
		if !strings.HasPrefix(arg, "--") {
			name, value, isWhole = arg[:min(2, len(arg))], arg[min(2, len(arg)):], len(arg) > 2
		}
		flag, takesValue := puttygenValues.Get()[name]
		switch {
		case takesValue && isWhole:
			l.values[flag] = value
		case takesValue && i+1 < len(args):
			i++
			l.values[flag] = args[i]
		case strings.HasPrefix(arg, "-") && arg != stdio:
			l.has[arg] = true
			l.asksNew = l.asksNew || strings.HasPrefix(arg, "-P")
		case i == 0 && slices.ContainsFunc(commands, func(c *command) bool { return c.name == arg }):
			l.command = arg
		case l.file == "" && (arg == stdio || isFile(arg)):
			l.file = arg
		}
	}
	return l
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// puttygenHint returns the command that does what puttygen, or ssh-keygen, would do with a
// command line; "" where it is not one of theirs. No word is in it that could be a
// passphrase: a file is named where it is there.
func puttygenHint(args []string) string {
	l := parsePuttygen(args)
	what := l.verb()
	if what == "" {
		return ""
	}
	verb, _, _ := strings.Cut(what, " ")
	words := []string{"keyconv", what}
	add := func(flag, value string) { words = append(words, flag, value) }
	if verb != "generate" {
		words = append(words, l.shownFile())
	}
	if output, ok := l.values["-o"]; ok && verb != "inspect" && verb != "passwd" {
		add("-o", shellName(output))
	} else if verb == "generate" {
		add("-o", "FILE")
	}
	if comment, ok := l.values["-C"]; ok && verb != "inspect" {
		if strings.HasPrefix(comment, "-") {
			comment = "TEXT"
		}
		add("-C", shellName(comment))
	}
	if isWriting := verb != "inspect" && verb != "public"; isWriting {
		if file, ok := l.values["--certificate"]; ok {
			add("--certificate", shellName(file))
		}
		if l.has["--remove-certificate"] {
			words = append(words, "--remove-certificate")
		}
		switch file, ok := l.values["--new-passphrase"]; {
		case ok:
			add("--new-passphrase-file", fileIfThere(file))
		case l.asksNew && verb != "passwd":
			words = append(words, "--new-passphrase")
		}
		words = append(words, l.kdf()...)
	}
	if file, ok := l.values["--old-passphrase"]; ok && verb != "generate" {
		add("--passphrase-file", fileIfThere(file))
	}
	return strings.Join(words, " ") + " does that"
}

func (l puttygenLine) shownFile() string {
	switch l.file {
	case "":
		return "FILE"
	case stdio:
		return stdio
	}
	return shellName(l.file)
}

// fileIfThere returns the name of a passphrase file, or FILE where it may be the passphrase itself.
func fileIfThere(name string) string {
	if isFile(name) {
		return shellName(name)
	}
	return "FILE"
}

// verb returns the command and its --to; "" where nothing in the line is of puttygen.
func (l puttygenLine) verb() string {
	params := l.params()
	isGeneration := l.command == "" || l.command == "generate"
	kind, ok := l.values["-O"]
	for short, of := range puttygenShort.Get() {
		if l.has[short] {
			kind, ok = of, true
		}
	}
	_, hasOld := l.values["--old-passphrase"]
	switch keyType, hasType := l.values["-t"]; {
	case hasType && isGeneration && l.file == "":
		return l.generation(keyType)
	case ok && kind == "private" && params["version"] == "2":
		return "convert --to ppk2"
	case ok:
		return puttygenTypes.Get()[kind]
	case l.has["-P"] || l.has["--reencrypt"]:
		switch params["version"] {
		case "2":
			return "convert --to ppk2 --in-place"
		case "3":
			return "convert --to ppk --in-place"
		}
		return "passwd"
	case l.command == "pem2ppk" && params["version"] != "":
		return "pem2ppk --ppk-version " + params["version"]
	case l.command == "convert" && l.values["--to"] != "":
		return "convert --to " + shellName(l.values["--to"])
	case l.command != "" && (hasOld || len(params) > 0):
		return l.command
	case params["version"] == "2":
		return "convert --to ppk2"
	case hasOld || len(params) > 0:
		return "convert --to ppk"
	}
	return ""
}

// generation returns the command for a new key.
func (l puttygenLine) generation(keyType string) string {
	bits := l.values["-b"]
	keyType = strings.ToLower(keyType)
	if keyType == "eddsa" {
		keyType = "ed25519"
		if bits == "448" {
			keyType = "ed448"
		}
		bits = ""
	}
	what := "generate --type " + shellName(keyType)
	if bits != "" {
		what += " --bits " + shellName(bits)
	}
	if kind, ok := l.values["-O"]; ok && strings.HasPrefix(puttygenTypes.Get()[kind], "convert ") {
		what += strings.TrimPrefix(puttygenTypes.Get()[kind], "convert")
	}
	return what
}

// params returns those of --ppk-param.
func (l puttygenLine) params() map[string]string {
	all := map[string]string{}
	for _, param := range strings.Split(l.values["--ppk-param"], ",") {
		if key, value, ok := strings.Cut(param, "="); ok {
			all[key] = value
		}
	}
	return all
}

// kdf returns the flags for the key derivation. Its time has none: keyconv takes the number
// of passes.
func (l puttygenLine) kdf() []string {
	params, words := l.params(), []string(nil)
	for _, p := range []struct{ param, flag string }{
		{"kdf", "--kdf"}, {"memory", "--kdf-memory"}, {"passes", "--kdf-passes"}, {"parallelism", "--kdf-parallelism"},
	} {
		if value := params[p.param]; value != "" {
			words = append(words, p.flag, shellName(value))
		}
	}
	return words
}

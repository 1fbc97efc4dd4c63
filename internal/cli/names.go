package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// given is a text of the command line.
type given struct {
	text  string
	flag  *pflag.Flag // whose value it is; nil for an argument
	place int         // of an argument, from 1
}

// where says in a message which text is meant.
func (g given) where() string {
	if g.flag != nil {
		return "the value of --" + g.flag.Name
	}
	return fmt.Sprintf("argument %d", g.place)
}

// checkNames refuses a command line with a text in the place of a name that could be a
// secret, before anything can print it: cobra, the system, or a message of ours. The name
// of a file that is there may look like one, and is hidden from then on.
func (p *program) checkNames(root *cobra.Command, args []string) error {
	cmd, rest, err := root.Find(args)
	if err != nil {
		cmd, rest = root, args
	}
	before := len(args) - len(rest)
	all := values(cmd.Flags(), rest, before)
	for _, g := range all {
		what := quote.Secret(g.text)
		isUnknownFlag := g.flag == nil && strings.HasPrefix(g.text, "--") && !slices.Contains(args, "--")
		switch {
		case what == quote.Passphrase && isUnknownFlag: // whose error does not have the value
		case what == "" || g.flag != nil && isPublicText(g):
		case what == quote.Passphrase && g.flag == nil && strings.HasPrefix(g.text, "-"): // a flag that is not known, which is named without its value
		case cmd.Name() == "session" && g.flag == nil && quote.HasPassword(g.text): // user:device@bastion
		case g.flag != nil && g.flag.Name == "comment" && quote.KeyText(g.text) == "" && what != quote.Passphrase:
		case cmd.Name() != "session" || g.flag != nil:
			if !isThere(g) {
				return fault.New(fault.Usage, "%s looks like %s, where %s is expected", g.where(), what, expects(g.flag)).
					With(say("%s", adviceOnSecret(cmd, g, what)))
			}
			hideName(p.hidden, g.text, what)
		default:
			return fault.New(fault.Usage, "%s looks like %s, where the name of a session or a host is expected", g.where(), what).
				With(say("%s", adviceOnSecret(cmd, g, what)))
		}
	}
	if slices.Contains(args, "--new-passphrase") {
		return checkNewPassphrase(args, all)
	}
	return nil
}

// values returns all texts of a command line, as pflag takes them apart. before is how many
// arguments there were before these.
func values(flags *pflag.FlagSet, args []string, before int) []given {
	var all []given
	add := func(flag *pflag.Flag, text string, i int) { all = append(all, given{text, flag, before + i + 1}) }
	for i := 0; i < len(args); i++ {
		arg := args[i]
		flag, value, isWhole := valueIn(flags, arg)
		switch {
		case arg == "--":
			for i++; i < len(args); i++ {
				add(nil, args[i], i)
			}
		case flag == nil:
			add(nil, arg, i)
		case isWhole:
			add(flag, value, i)
		case flag.NoOptDefVal == "" && i+1 < len(args):
			i++
			add(flag, args[i], i)
		}
	}
	return all
}

// valueIn returns the flag that an argument ends with, and its value where the argument has
// that too; nil for no flag, or one that there is not.
func valueIn(flags *pflag.FlagSet, arg string) (flag *pflag.Flag, value string, isWhole bool) {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, value, isWhole := strings.Cut(long, "=")
		return flags.Lookup(name), value, isWhole
	}
	if len(arg) < 2 || arg[0] != '-' {
		return nil, "", false
	}
	for i := 1; i < len(arg); i++ {
		flag = nil
		if arg[i] < 0x80 { // pflag panics about more than one byte
			flag = flags.ShorthandLookup(arg[i : i+1])
		}
		switch rest := arg[i+1:]; {
		case flag == nil:
			return nil, "", false
		case strings.HasPrefix(rest, "="):
			return flag, rest[1:], true
		case flag.NoOptDefVal == "" && rest != "":
			return flag, rest, true
		}
	}
	return flag, "", false
}

// isThere reports whether a text is the name of a file that exists, or of a variable that
// is set: no secret is.
func isThere(g given) bool {
	if g.flag != nil {
		switch what, _ := fileOfFlag(g.flag.Name); {
		case what != "":
		case strings.HasSuffix(g.flag.Name, "-env"):
			_, ok := os.LookupEnv(g.text)
			return ok
		case g.flag.Name == "output", g.flag.Name == "output-dir":
			// A new file may be in a folder with such a name.
			if base := filepath.Base(g.text); quote.Secret(base) == "" && len(base) < len(g.text) {
				_, err := os.Lstat(filepath.Dir(g.text))
				return err == nil
			}
		default:
			return false
		}
	}
	_, err := os.Lstat(g.text)
	return err == nil
}

// hideName hides the name of a file. What else is in its folder can be named.
func hideName(hidden *quote.Hidden, name, what string) {
	if base := filepath.Base(name); quote.Secret(base) != "" {
		name = base
	}
	hidden.Add(name, what)
}

// isPublicText reports whether the value of a flag is a public key or a fingerprint, where
// that is expected.
func isPublicText(g given) bool {
	if g.flag.Name != "public" {
		return false
	}
	if f, err := engine.Open([]byte(g.text), engine.Limits{}); err == nil && f.Format == engine.Public {
		return true
	}
	if _, ok := engine.ParseFingerprint(g.text); ok {
		return true
	}
	var others []string
	for _, word := range strings.Fields(g.text) {
		// One that was cut off is named as such.
		isCut := strings.HasPrefix(word, "SHA256:") && len(word) < len("SHA256:")+43
		if f, ok := engine.ParseFingerprint(word); !isCut && (!ok || f.Bare) {
			others = append(others, word)
		}
	}
	return len(others) < len(strings.Fields(g.text)) && quote.Secret(strings.Join(others, " ")) == ""
}

// expects says what a flag takes, nil for an argument.
func expects(flag *pflag.Flag) string {
	if flag == nil {
		return "the name of a file"
	}
	_, isFile := fileOfFlag(flag.Name)
	switch kind := flag.Value.Type(); {
	case flag.Name == "output-dir":
		return "the name of a folder"
	case isFile:
		return "the name of a file"
	case strings.HasSuffix(flag.Name, "-env"):
		return "the name of an environment variable"
	case flag.Name == "comment":
		return "a comment"
	case kind == "string":
		return "a word"
	case kind == "bool":
		return "nothing"
	case kind == "size":
		return "a size"
	}
	return "a number"
}

// adviceOnSecret says how a key or a passphrase gets to the command.
func adviceOnSecret(cmd *cobra.Command, g given, what string) string {
	prefix := ""
	if flag := g.flag; flag != nil {
		prefix = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(flag.Name, "-file"), "-env"), "-fd")
	}
	switch {
	case what == quote.Passphrase && g.flag == nil:
		return "the commands that open a key have --passphrase-file FILE, which reads the passphrase from the first line of a file"
	case strings.HasSuffix(prefix, "passphrase"):
		return fmt.Sprintf("--%s-file takes the name of a file that has the passphrase in its first line, --%[1]s-env that of a variable, and --%[1]s-fd 0 reads it from standard input", prefix)
	case cmd.Flags().Lookup("input-env") != nil:
		return "--input-env NAME takes the name of the environment variable that has the key, and - reads the key from standard input"
	case !cmd.HasParent():
		return "keyconv convert --to FORMAT --input-env NAME -o FILE reads a key from the environment variable of that name, and - in place of --input-env NAME from standard input"
	}
	return "write the key to a file that you alone can read, and give the name of the file"
}

const useNewPassphraseFile = "use --new-passphrase-file FILE, which reads the passphrase from the first line of a file"

// checkNewPassphrase answers those who give --new-passphrase a value, as puttygen's flag of
// that name has one. It may be the passphrase itself, so it is not printed.
func checkNewPassphrase(args []string, all []given) error {
	arguments := map[int]string{} // by place
	for _, g := range all {
		if g.flag == nil {
			arguments[g.place] = g.text
		}
	}
	for i, arg := range args {
		next, ok := arguments[i+2]
		if arg != "--new-passphrase" || !ok || strings.HasPrefix(next, "-") {
			continue
		}
		e := usagef("--new-passphrase takes no value, it asks for the passphrase; and what follows it is not a file").
			With(say(useNewPassphraseFile))
		info, err := os.Stat(next)
		if err != nil && next == makeAndShow {
			return e.With(say("did you mean --new-passphrase=%s?", makeAndShow))
		}
		if err != nil {
			return e
		}
		if len(arguments) == 1 || !info.Mode().IsRegular() {
			continue
		}
		// A key may be damaged, or not supported.
		format, err := input.FormatOf(input.Files{}, next, engine.Limits{})
		if fault.Is[*engine.NotPrivateError](err) || format == engine.Unknown || format == engine.Empty {
			e.Msg = "--new-passphrase takes no value, it asks for the passphrase; and the file that follows it is not a key"
			return e.With(say("%s", cmp.Or(puttygenHint(args), useNewPassphraseFile)))
		}
	}
	return nil
}

package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError has words of its own in place of Go's, and leaves out what may be a passphrase:
// the value of a flag for one, and the letters after a short flag that does not exist, as
// in -pSECRET.
func flagError(cmd *cobra.Command, err error, args []string) error {
	message, hint := err.Error(), cmd.CommandPath()+" --help lists the flags"
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		message = fmt.Sprintf("unknown shorthand flag: '%s' in -%[1]s", unknown.GetSpecifiedName())
		hint = cmp.Or(otherFlag(cmd, unknown.GetSpecifiedName(), args), meantLetter(cmd, unknown.GetSpecifiedName()), hint)
	case unknown != nil:
		// Quoted together with its flag, or after a colon as programs of Windows have it, a
		// value is a part of the name here.
		name := unknown.GetSpecifiedName()
		if i := strings.IndexAny(name, " :"); i >= 0 {
			name = name[:i]
		}
		message = "unknown flag: --" + withoutPassphrase(name)
		hint = cmp.Or(otherFlag(cmd, name, args), meantFlag(cmd, name), hint)
	case errors.As(err, &bare):
		what, _ := pflag.UnquoteUsage(bare.GetFlag())
		name := "--" + bare.GetFlag().Name
		if bare.GetSpecifiedShortnames() != "" {
			name = "-" + bare.GetFlag().Shorthand
		}
		message, hint = fmt.Sprintf("missing %s after %s", what, name), ""
	case errors.As(err, &value):
		f := value.GetFlag()
		takes := map[string]string{ // by name, or otherwise by type
			"help": "no value, or all", "new-passphrase": "no value, or " + makeAndShow, "bool": "no value",
			"int": "a number", "uint64": "a number from 1 up to 18446744073709551615",
			"size": "a number of KiB, or one with a unit: 65536, 64M, 1G", "stringSlice": "names with commas between them",
		}
		message = fmt.Sprintf("--%s takes %s", f.Name, cmp.Or(takes[f.Name], takes[f.Value.Type()]))
		// A flag in place of the value may have a passphrase after it.
		if !strings.Contains(f.Name, "passphrase") && !strings.HasPrefix(value.GetValue(), "-") {
			message += ", not " + quote.Name(value.GetValue())
		}
		if f.Name == "new-passphrase" {
			hint = useNewPassphraseFile
		}
	}
	return usagef("%s", message).With(say("%s", hint))
}

// passphraseFlags are the flags for passphrases, of keyconv and of other programs, and the words that
// such flags have in them. The longer one comes first where one begins with another.
var passphraseFlags = []string{
	"new-passphrase-file", "new-passphrase-env", "new-passphrase-fd", "new-passphrase", "old-passphrase",
	"no-passphrase", "passphrase-file", "passphrase-env", "passphrase-fd", "passphrase", "password", "passwd",
	"passin", "passout", "pass", "secret", "credential", "phrase", "token",
	"pwfile", "pwd", "pw", "pswd", "psw", "pin",
}

// withoutPassphrase returns the name of an unknown flag without what may be a passphrase that
// nothing divides from a flag for one, as in --passwordSECRET, or from a mistyped one.
func withoutPassphrase(name string) string {
	for _, flag := range passphraseFlags {
		if strings.HasPrefix(flag, name) {
			return name
		}
	}
	end := passphraseEnd(name)
	if end < 0 {
		end = mistypedEnd(name)
	}
	if end == len(name) || slices.Contains([]string{"-file", "-env", "-fd"}, name[end:]) {
		return name
	}
	return name[:end] + "..."
}

// passphraseEnd returns where the name of a flag for a passphrase ends that is in a name; -1 for
// none. Two or three letters are one only where a word begins: "mapping" has no PIN.
func passphraseEnd(name string) int {
	name = strings.ToLower(name)
	for i := range name {
		beginsWord := i == 0 || strings.ContainsRune("-_.", rune(name[i-1]))
		for _, flag := range passphraseFlags {
			if strings.HasPrefix(name[i:], flag) && (beginsWord || len(flag) > len("pwd")) {
				return i + len(flag)
			}
		}
	}
	return -1
}

// shortestMistyped is how long a flag for passphrases is at least of which a name may have a
// mistyped one at its start: with a letter changed, "pass" is the start of many words.
const shortestMistyped = len("passwd")

// mistypedEnd returns where a flag for passphrases ends that a name begins with, though it is
// mistyped: one letter in four may be wrong, up to two. Otherwise it returns the length of the name.
func mistypedEnd(name string) int {
	best, least := len(name), 3
	for _, flag := range passphraseFlags {
		if len(flag) < shortestMistyped {
			continue
		}
		for end := min(len(name), len(flag)+1); end >= len(flag)-1; end-- {
			if d := distance(name[:end], flag); d < least && d <= len(flag)/4 {
				best, least = end, d
			}
		}
	}
	return best
}

// meantFlag says which flag a person meant who gave one that the command does not have: the
// same of other commands, or one of this with a similar name.
func meantFlag(cmd *cobra.Command, name string) string {
	if strings.HasPrefix(name, "pass") {
		return onCommandLine
	}
	if hint := whoHas(func(f *pflag.FlagSet) bool { return f.Lookup(name) != nil }); hint != "" {
		return hint
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if meant := nearest(name, names); meant != "" {
		return "did you mean --" + meant + "?"
	}
	if passphraseEnd(name) >= 0 {
		return onCommandLine
	}
	return ""
}

const onCommandLine = "other users can see what is on a command line; use --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"

// whoHas says which commands have a flag; "" for none.
func whoHas(has func(*pflag.FlagSet) bool) string {
	var others []string
	for _, other := range Root().Commands() {
		if has(other.Flags()) {
			others = append(others, other.Name())
		}
	}
	switch last := len(others) - 1; {
	case last == 0:
		return "keyconv " + others[0] + " has it"
	case last > 0:
		return strings.Join(others[:last], ", ") + " and " + others[last] + " have it"
	}
	return ""
}

// meantLetter says that a command has a flag with the other case of a letter, or that other
// commands have the flag.
func meantLetter(cmd *cobra.Command, letter string) string {
	for _, other := range []string{strings.ToLower(letter), strings.ToUpper(letter)} {
		if len(other) == 1 && other != letter && cmd.Flags().ShorthandLookup(other) != nil {
			return "did you mean -" + other + "?"
		}
	}
	if len(letter) == 1 {
		return whoHas(func(f *pflag.FlagSet) bool { return f.ShorthandLookup(letter) != nil })
	}
	return ""
}

// nearest returns the word that a mistyped one is the beginning of, or differs from by one
// or two letters; "" for none.
func nearest(mistyped string, words []string) string {
	best, least := "", min(2, (len(mistyped)+1)/3)+1
	for _, word := range words {
		if len(mistyped) > 2 && strings.HasPrefix(word, mistyped) {
			return word
		}
		if d := distance(mistyped, word); d < least {
			best, least = word, d
		}
	}
	return best
}

// distance is how many letters have to be changed, put in or left out to get from one word
// to another (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

package cli

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// exclusive are flags of which a command line can have at most one.
var exclusive = [][]string{
	{"output", "output-dir"},
	{"force", "continue"},
	{"in-place", "output", "output-dir"},
	{"in-place", "continue"},
	{"in-place", "input-env"},
	{"input-env", "files-from"},
	{"certificate", "remove-certificate"},
	{"dump", "json", "short"},
	{"short", "all"},
	{"short", "for"},
	{"copy", "output"},
	{"registry", "unix", "output"},
	{"passphrase-file", "passphrase-env", "passphrase-fd"},
	{"new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd", "no-passphrase"},
}

// checkFlags refuses what the flags alone show to be impossible, or to be a mistake:
// a value that is empty, for example of a variable that a script forgot to set.
func checkFlags(cmd *cobra.Command, args []string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err != nil {
			return
		}
		switch value, kind := f.Value.String(), f.Value.Type(); {
		case kind == "string" && value == "" && f.Name != "comment":
			err = usagef("--%s is empty", f.Name)
		case f.Name == "index" && (value == "0" || strings.HasPrefix(value, "-")):
			err = usagef("--index counts from 1, so it cannot be %s", value)
		case strings.HasSuffix(f.Name, "-fd") && strings.HasPrefix(value, "-"):
			err = usagef("--%s takes a number from 0", f.Name)
		case f.Name == "jobs" && len(value) > 3:
			err = usagef("--jobs takes a number up to 999, not %s", value)
		case (kind == "uint64" || kind == "size") && value == "0":
			err = usagef("--%s takes a number from 1, not 0", f.Name)
		case f.Name == "ppk-version" && value != "2" && value != "3":
			err = usagef("--ppk-version is 2 or 3, not %s", value)
		}
	})
	if err != nil {
		return err
	}
	for _, group := range exclusive {
		if given := changed(cmd, group); len(given) > 1 {
			return usagef("use only one of %s", strings.Join(given, " and "))
		}
	}
	if f := cmd.Flags().Lookup("new-passphrase"); f != nil && f.Changed && strings.HasPrefix(f.Value.String(), makeAndShow) && len(changed(cmd, []string{"continue"})) > 0 {
		return usagef("--new-passphrase=%s makes another passphrase than that of the outputs that --continue skips", f.Value).
			With(say("--new-passphrase-file FILE protects all of them with one"))
	}
	if len(changed(cmd, []string{"null"})) > len(changed(cmd, []string{"files-from"})) {
		return usagef("--null is for --files-from")
	}
	if cmd.Name() != "inspect" && len(changed(cmd, []string{"all"})) > len(changed(cmd, []string{"recursive"})) {
		return usagef("--all is for folders: -r")
	}
	if len(changed(cmd, []string{"files-from", "certificate", "public", "passphrase-fd", "new-passphrase-fd"})) == 0 {
		return nil // what else could read what the key is read from
	}
	return checkDescriptors(cmd, args)
}

// needFiles refuses a command without arguments, unless a list names the files.
func needFiles(cmd *cobra.Command, args []string) error {
	if list := cmd.Flags().Lookup("files-from"); len(args) == 0 && (list == nil || !list.Changed) {
		e := usagef("missing FILE: %s", cmd.UseLine())
		inPlace := cmd.Name() == "passwd" || cmd.Name() == "fix-permissions"
		if !inPlace && hasInput(cmd.InOrStdin()) {
			e = e.With(say("- reads the key from standard input: %s", strings.Replace(strings.TrimSuffix(cmd.UseLine(), "..."), "FILE", stdio, 1)))
		}
		return e
	}
	return nil
}

// hasInput reports whether the shell gave standard input something to read: a file that
// is not empty, or a pipe.
func hasInput(stdin io.Reader) bool {
	f, ok := stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() && info.Size() > 0 || info.Mode()&os.ModeNamedPipe != 0)
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("this command takes no arguments, but got %q", args[0])
	}
	return nil
}

// checkDescriptors refuses to read two things from one descriptor, which is at its
// end after the first.
func checkDescriptors(cmd *cobra.Command, args []string) error {
	seen := map[string]string{}
	if slices.Contains(args, stdio) {
		seen["0"] = "the key"
	}
	if list := cmd.Flags().Lookup("files-from"); list != nil && list.Value.String() == stdio {
		if seen["0"] != "" {
			return usagef("the key and the list of files would both be read from standard input")
		}
		seen["0"] = "the list of files"
	}
	for _, flag := range changed(cmd, []string{"certificate", "public", "passphrase-fd", "new-passphrase-fd"}) {
		number := cmd.Flags().Lookup(strings.TrimPrefix(flag, "--")).Value.String()
		if !strings.HasSuffix(flag, "-fd") {
			if number != stdio {
				continue // the name of a file
			}
			number = "0"
		}
		if other := seen[number]; other != "" {
			return usagef("%s and %s would both be read from one file descriptor", other, flag)
		}
		seen[number] = flag
	}
	if seen["0"] == "--certificate" && len(args) > 1 {
		return usagef("the certificate on standard input is for one key, and there are %d", len(args))
	}
	return nil
}

// changed returns the flags of the group that were given, with their dashes.
func changed(cmd *cobra.Command, group []string) []string {
	var given []string
	for _, name := range group {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

// fileFlags are all flags that name a file or a folder, and what the file is in a run,
// where it is protected: empty for one that is not read.
var fileFlags = []struct{ name, what string }{
	{"certificate", "the certificate of --certificate"},
	{"files-from", "the list of --files-from"},
	{"key", "the key of the session"},
	{"new-passphrase-file", "the passphrase file of --new-passphrase-file"},
	{"passphrase-file", "the passphrase file of --passphrase-file"},
	{"public", "the public key of --public"},
	{"config", ""},   // which is written
	{"key-path", ""}, // on another machine
	{"keys", ""},     // a folder
	{"output", ""},
	{"output-dir", ""},
}

// fileOfFlag returns what the file is in a run that a flag names, and whether it names a file at all.
func fileOfFlag(flag string) (what string, isFile bool) {
	for _, f := range fileFlags {
		if f.name == flag {
			return f.what, true
		}
	}
	return "", false
}

// protectFlags protects the files that the command line names by flags, and those that the
// shell has opened for it.
func (p *program) protectFlags(cmd *cobra.Command, args []string) {
	readsStdin := slices.Contains(args, stdio)
	for _, file := range fileFlags {
		if f := cmd.Flags().Lookup(file.name); file.what != "" && f != nil && f.Changed {
			p.guard.Protect(f.Value.String(), file.what)
			readsStdin = readsStdin || f.Value.String() == stdio
		}
	}
	for _, name := range []string{"passphrase-fd", "new-passphrase-fd"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			if info, err := os.Stat("/dev/fd/" + f.Value.String()); err == nil { // Windows has no such names
				p.guard.ProtectOpen(info, "the passphrase file of --"+name)
			}
		}
	}
	if file, ok := p.stdin.(*os.File); ok && readsStdin {
		if info, err := file.Stat(); err == nil {
			p.guard.ProtectOpen(info, "the file that standard input is read from")
		}
	}
}

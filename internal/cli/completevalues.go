package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagValues are the flags whose values a shell completes, each with its description after
// a tab. A row for a command goes before one for all.
var flagValues = []struct {
	command, flag string
	values        func(cmd *cobra.Command) []string
}{
	{"convert", "to", func(*cobra.Command) []string { return described(formatNames()) }},
	{"ppk2pem", "to", func(*cobra.Command) []string { return described(pemFormats) }},
	{"public", "to", func(*cobra.Command) []string { return described(publicFormats()) }},
	{"", "to", func(*cobra.Command) []string { return described(privateFormats()) }},
	{"session", "for", func(*cobra.Command) (values []string) {
		for _, p := range session.Programs {
			values = append(values, p.Name+"\t"+p.Title)
		}
		return values
	}},
	{"", "for", func(*cobra.Command) []string { return programNames() }},
	{"", "type", func(*cobra.Command) []string { return engine.KeyTypes() }},
	{"", "kdf", kdfNames},
	{"", "ppk-version", func(*cobra.Command) []string { return []string{"3\tPuTTY 0.75 or later", "2\tolder programs"} }},
	{"", "help", func(*cobra.Command) []string { return []string{"all\tevery flag"} }},
}

// fileArguments are the commands whose files have a certain extension, or never one of
// some; those that are not here take any file.
var fileArguments = []struct{ command, only, without string }{
	{"ppk2pem", "ppk", ""},
	{"pem2ppk", "", "ppk pub"},
	{"passwd", "", "pub"},
	{"repair", "", "pub"},
	{"check", "", "pub"},
	{"agent", "", "pub"},
	{"fix-permissions", "", "pub"},
}

// noFiles are the commands without files as arguments.
var noFiles = []string{"session", "generate", "explorer", "version"}

// completeCommand says what a shell completes after a command and its flags.
func completeCommand(cmd *cobra.Command) {
	for _, row := range fileArguments {
		switch {
		case row.command != cmd.Name():
		case row.only != "":
			cmd.ValidArgsFunction = onlyFiles(row.only)
		default:
			cmd.ValidArgsFunction = filesWithout(strings.Fields(row.without))
		}
	}
	if slices.Contains(noFiles, cmd.Name()) {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		_, f.Usage = pflag.UnquoteUsage(f)                               // the shell shows it as it is
		_ = cmd.RegisterFlagCompletionFunc(f.Name, completionOf(cmd, f)) // fails where the command has one of its own
	})
}

func completionOf(cmd *cobra.Command, f *pflag.Flag) cobra.CompletionFunc {
	for _, v := range flagValues {
		if v.flag == f.Name && (v.command == "" || v.command == cmd.Name()) {
			return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
				return v.values(cmd), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
			}
		}
	}
	_, isFile := fileOfFlag(f.Name)
	switch {
	case f.Name == "output-dir":
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	case f.Name == "certificate":
		return onlyFiles("pub")
	case f.Name == "key":
		return filesWithout([]string{"pub"})
	case isFile && f.Name != "key-path": // which is on another machine
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		}
	case strings.HasSuffix(f.Name, "-env"):
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return variables(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	return cobra.NoFileCompletions
}

// described adds what each format is.
func described(formats []string) []string {
	values := make([]string, len(formats))
	for i, name := range formats {
		values[i] = name + "\t" + engine.Format(name).About().Help
	}
	return values
}

// kdfNames returns the key derivations of the form that is written, as far as the command
// line has it.
func kdfNames(cmd *cobra.Command) []string {
	formats := engine.Formats()
	if to := cmd.Flags().Lookup("to"); to != nil && to.Changed {
		formats = []engine.Format{engine.Format(to.Value.String())}
	} else if cmd.Name() == "pem2ppk" {
		formats = []engine.Format{engine.PPK}
	}
	var names []string
	for _, f := range formats {
		for _, name := range convert.KDFNames(f) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// variables returns the names of the environment variables.
func variables() []string {
	var names []string
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); isPlainWord(name) {
			names = append(names, name)
		}
	}
	return names
}

// isPlainWord reports whether a word from a name that another person may have chosen can be given
// to a shell: the completion of zsh evaluates it.
func isPlainWord(word string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	return word != "" && strings.Trim(word, letters) == ""
}

func onlyFiles(extension string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{extension}, cobra.ShellCompDirectiveFilterFileExt
	}
}

// filesWithout leaves out files with some extensions. Shells know only which extensions to
// take, and quote the names themselves: they are given those of the files that are there,
// unless one of the others has none, such as id_rsa, or one that is not a plain word.
func filesWithout(extensions []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		dir, begin := filepath.Split(typed)
		if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(dir, "~/") {
			dir = home + dir[1:]
		}
		entries, err := os.ReadDir(filepath.Clean(dir))
		if err != nil {
			return nil, cobra.ShellCompDirectiveDefault
		}
		var others []string
		for _, e := range entries {
			extension := strings.TrimPrefix(filepath.Ext(e.Name()), ".")
			switch {
			case e.IsDir() || !strings.HasPrefix(e.Name(), begin) || slices.Contains(extensions, strings.ToLower(extension)):
			case filepath.Ext(e.Name()) == e.Name() || !isPlainWord(extension):
				return nil, cobra.ShellCompDirectiveDefault
			case !slices.Contains(others, extension):
				others = append(others, extension)
			}
		}
		if len(others) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return others, cobra.ShellCompDirectiveFilterFileExt
	}
}

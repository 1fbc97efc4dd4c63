package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/batch"
	"github.com/keyconv/keyconv/internal/convert"
	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootLong = `keyconv converts SSH private keys between what clouds hand out (.pem), what
OpenSSH uses and what PuTTY uses (.ppk), in both directions.

Without a command it converts each FILE to the other kind, beside it: PEM and
OpenSSH keys to .ppk, .ppk to PEM. The input is never changed, and an output that
exists is never replaced without --force.`

// command is a row of the table of commands.
type command struct {
	use, short string
	// build adds what is needed to run the command, and its help.
	build func(p *program, cmd *cobra.Command)
}

var commands = []command{
	{"pem2ppk FILE...", "Convert PEM and OpenSSH private keys to PuTTY's .ppk", buildPem2ppk},
	{"ppk2pem FILE...", "Convert PuTTY's .ppk to PEM or OpenSSH private keys", buildPpk2pem},
	{"convert --to FORMAT FILE...", "Convert any key file to any form", buildConvert},
	{"inspect FILE...", "Show what a key file is, without its passphrase", buildInspect},
	{"public FILE", "Print the public key", buildPublic},
	{"check FILE...", "Check that a file is a usable private key, and the right one", buildCheck},
	{"passwd FILE...", "Change the passphrase, comment or key derivation of a key in place", buildPasswd},
	{"repair FILE...", "Write the clean text of a damaged key file", buildRepair},
	{"generate -o FILE", "Make a new key", buildGenerate},
	{"agent FILE...", "Add keys to the running SSH agent", buildAgent},
	{"session NAME [USER@]HOST[:PORT] --key FILE", "Save a session that logs in with a key, for PuTTY and others", buildSession},
	{"gui [FILE...]", "Open the window of keyconv (Windows)", buildGUI},
	{"explorer --add|--remove", "Put keyconv into the menus of Explorer (Windows)", buildExplorer},
	{"fix-permissions FILE...", "Make a key file private, as ssh wants it", buildFixPermissions},
	{"version", "Print the versions of keyconv and its libraries", buildVersion},
}

// rootCommand builds the command that the arguments name. The others are there by
// name, for the list in the help and for suggestions, unless all may be asked for.
func (p *program) rootCommand(args []string) *cobra.Command {
	cobra.MousetrapHelpText = "" // otherwise a drop of files on the program in Explorer only prints a notice
	root := &cobra.Command{Use: "keyconv FILE...", Short: "Convert SSH private keys between PEM, OpenSSH and PuTTY", SilenceUsage: true, SilenceErrors: true}
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		p.protectFlags(cmd, args)
		return checkFlags(cmd, args)
	}
	root.SuggestionsMinimumDistance = 2
	all := len(args) == 0 || strings.HasPrefix(args[0], "-") || strings.HasPrefix(args[0], "__") || slices.Contains([]string{"help", "completion"}, args[0])
	named := false
	for _, c := range commands {
		cmd := &cobra.Command{Use: c.use, Short: c.short, Run: func(*cobra.Command, []string) {}}
		isNamed := !all && cmd.Name() == args[0]
		named = named || isNamed
		if all || isNamed {
			c.build(p, cmd)
			p.markStart(cmd)
		}
		root.AddCommand(cmd)
	}
	if !named {
		buildRoot(p, root)
		p.markStart(root)
	}
	root.CompletionOptions.DisableDefaultCmd = named // its five commands are not built for another
	return root
}

// markStart makes a command say that the command line was read.
func (p *program) markStart(cmd *cobra.Command) {
	work := cmd.RunE
	cmd.Run = nil
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p.started = true
		return work(cmd, args)
	}
}

func buildRoot(p *program, root *cobra.Command) {
	job := p.register(root, conversionFlags...)
	root.Long = rootLong + exitStatusHelp("Exit status:")
	root.Example = "  keyconv key.pem            # writes key.ppk\n  keyconv key.ppk            # writes key.pem"
	root.Args = cobra.ArbitraryArgs
	// For people used to it from other programs. cobra's own --version takes a template,
	// and text/template keeps the linker from leaving out methods: 1.5 MB of program.
	version := root.Flags().Bool("version", false, "print the version")
	root.Flags().Bool("console", false, "on Windows, stay in the console where Explorer would open the window")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *version {
			return p.printVersion()
		}
		return p.runRoot(cmd, job(), args)
	}
	// cobra answers "help" with a mistyped command with the help of a root command that
	// takes arguments.
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		return
	}
	help.Args = func(_ *cobra.Command, args []string) error {
		if found, _, err := root.Find(args); len(args) == 0 || err == nil && found != root {
			return nil
		}
		return usagef("there is no command %q", args[0]).With(say("keyconv help lists the commands"))
	}
}

// runRoot makes sure that every argument is a file before it converts any: a mistyped
// command must not do something else.
func (p *program) runRoot(cmd *cobra.Command, j *convert.Job, args []string) error {
	if len(args) == 0 {
		return usagef("which file?").With(say("keyconv key.pem writes key.ppk; keyconv help shows more"))
	}
	args = input.Globbed(runtime.GOOS, args)
	for _, name := range args {
		if name == stdio {
			return usagef("standard input needs a command").With(say("keyconv pem2ppk -, or keyconv ppk2pem -"))
		}
		if _, err := os.Stat(name); err != nil {
			e := usagef("%s is neither a command nor a file: %v", input.Shown(name), quote.WithoutPath(err))
			if len(args) == 2 && name == args[1] && !strings.EqualFold(filepath.Ext(name), filepath.Ext(args[0])) {
				e = e.With(didYouMean(name))
			}
			if similar := cmd.SuggestionsFor(name); len(similar) > 0 {
				e = e.With(say("did you mean: keyconv %s", similar[0]))
			}
			return e
		}
	}
	return p.convertEach(cmd.Context(), j, args)
}

// convertEach turns every file into the other kind. What they are decides whether two
// of them have one output, so all are looked at first.
func (p *program) convertEach(ctx context.Context, j *convert.Job, names []string) error {
	s := &series{program: p, job: j, inputs: &input.Set{Names: names}, done: "converted", resumes: true}
	if err := p.checkJSON(j, names); err != nil {
		return err
	}
	if err := disk.CheckFolder(j.Output); err != nil {
		return err
	}
	p.hideKeys(j)
	kinds := map[string]convert.Kind{}
	if len(names) > 1 { // one alone may be a pipe, and can be read only once
		for _, name := range names {
			format, err := batch.Interruptible(ctx, func() (keyconv.Format, error) { return input.FormatOf(input.Files{}, name, j.Input.Limits) })
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				format = keyconv.Unknown // converting it reports why
			}
			kinds[name] = convert.ToOther(format)
		}
		output := func(in string) string { return j.Output.Name(in, kinds[in].Extension) }
		if err := disk.CheckInputs(j.Output, names, output, j.Resume); err != nil {
			return err
		}
	}
	s.each(ctx, func(ctx context.Context, t *convert.Task, _ *one) error {
		if to, ok := kinds[t.Name]; ok {
			return t.Convert(ctx, to)
		}
		f, _, err := t.Open(ctx)
		if err != nil {
			return err
		}
		return t.ConvertFile(ctx, f, convert.ToOther(f.Format))
	})
	return nil
}

// hideKeys keeps a private key from being shown on a terminal that nobody asked to see
// it on.
func (p *program) hideKeys(j *convert.Job) {
	if out, ok := p.stdout.(*results); ok && j.Output.File != stdio && isTerminal(out.to) {
		j.Place.(*disk.Place).Hidden = usagef("the key would be shown on the terminal").With(say("name a file with -o FILE, or -o - to see it"))
	}
}

// Root returns the command line with all its commands, as the documents show it.
func Root() *cobra.Command { return (&program{guard: disk.NewGuard()}).rootCommand(nil) }

// flagError has words of its own in place of Go's, and leaves out what may be a passphrase:
// the value of a flag for one, and the letters after a short flag that does not exist, as
// in -pSECRET.
func flagError(cmd *cobra.Command, err error) error {
	message, hint := err.Error(), cmd.CommandPath()+" --help lists what there is"
	switch {
	case strings.HasPrefix(message, "unknown flag: --passphrase"):
		hint = "what stands on a command line can be read by others; use --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"
	case message == "unknown flag: --input-env":
		hint = "pem2ppk, ppk2pem, convert, inspect, public and check have it"
	}
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		message = fmt.Sprintf("unknown shorthand flag: '%s' in -%[1]s", unknown.GetSpecifiedName())
		hint = cmp.Or(otherFlags[unknown.GetSpecifiedName()], hint)
	case unknown != nil:
		// Quoted together with its flag, a value is a part of the name here.
		name, _, _ := strings.Cut(unknown.GetSpecifiedName(), " ")
		message = "unknown flag: --" + name
		hint = cmp.Or(otherFlags[unknown.GetSpecifiedName()], hint)
	case errors.As(err, &value):
		f := value.GetFlag()
		message = fmt.Sprintf("--%s takes %s", f.Name, takes(f))
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

// takes says what a flag with a value that is not text takes.
func takes(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "no value"
	case "int":
		return "a number"
	case "size":
		return "a number of KiB, or one with a unit: 65536, 64M, 1G"
	}
	return "a number from 1 up to 18446744073709551615"
}

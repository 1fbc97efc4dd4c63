package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootLong = `keyconv converts SSH private keys between what clouds hand out (.pem), what
OpenSSH uses and what PuTTY uses (.ppk), in both directions.

Without a command it converts each FILE to the other kind, beside it: PEM and
OpenSSH keys to .ppk, .ppk to PEM. The input is never changed, and an output that
exists is never replaced without --force.`

func (a *app) rootCommand() *cobra.Command {
	cobra.MousetrapHelpText = "" // else a drop of files on the program in Explorer only prints a notice
	root := &cobra.Command{
		Use:           "keyconv FILE...",
		Short:         "Convert SSH private keys between PEM, OpenSSH and PuTTY",
		Long:          rootLong + exitStatusHelp("Exit status:"),
		Example:       "  keyconv key.pem            # writes key.ppk\n  keyconv key.ppk            # writes key.pem",
		Args:          cobra.ArbitraryArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          a.runRoot,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{msg: flagError(err), hint: flagHint(cmd, err.Error())}
	})
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		a.flags.commentSet = cmd.Flags().Changed("comment")
		a.guard.protectFlags(cmd)
		return checkFlags(cmd, args)
	}
	root.SuggestionsMinimumDistance = 2
	a.addConversionFlags(root)
	addVersionFlag(root)
	root.AddCommand(a.pem2ppkCommand(), a.ppk2pemCommand(), a.convertCommand(),
		a.inspectCommand(), a.publicCommand(), a.checkCommand(), a.passwdCommand(), a.generateCommand(), a.agentCommand(),
		a.sessionCommand(), a.fixPermissionsCommand(), a.versionCommand())
	refuseUnknownTopic(root)
	return root
}

// flagError leaves out what may be a passphrase: the value of a flag for one, and the
// letters after a short flag that does not exist, as in -pSECRET.
func flagError(err error) string {
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return fmt.Sprintf("unknown shorthand flag: '%s' in -%[1]s", unknown.GetSpecifiedName())
	case !errors.As(err, &value) || !strings.Contains(value.GetFlag().Name, "passphrase"):
		return err.Error()
	case value.GetFlag().Value.Type() == "bool":
		return fmt.Sprintf("--%s takes no value", value.GetFlag().Name)
	}
	return fmt.Sprintf("--%s takes a number", value.GetFlag().Name)
}

// flagHint is for a flag that a command has not.
func flagHint(cmd *cobra.Command, message string) string {
	switch {
	case strings.HasPrefix(message, "unknown flag: --passphrase"):
		return "what stands on a command line can be read by others; use --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"
	case message == "unknown flag: --input-env":
		return "pem2ppk, ppk2pem, convert, inspect, public and check have it"
	}
	return cmd.CommandPath() + " --help lists what there is"
}

// refuseUnknownTopic is for "help" with a mistyped command, which cobra answers with
// the help of a root command that takes arguments.
func refuseUnknownTopic(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		return
	}
	help.Args = func(_ *cobra.Command, args []string) error {
		if found, _, err := root.Find(args); len(args) == 0 || err == nil && found != root {
			return nil
		}
		return withHint(usagef("there is no command %q", args[0]), "keyconv help lists the commands")
	}
}

// addConversionFlags are the flags that all conversions share.
func (a *app) addConversionFlags(cmd *cobra.Command) {
	a.addOutputFlags(cmd)
	a.addRunFlags(cmd)
	a.addJobsFlags(cmd)
	a.addCommentFlag(cmd)
	a.addCertificateFlags(cmd)
	a.addPassphraseFlags(cmd)
	a.addNewPassphraseFlags(cmd)
	a.addKDFFlags(cmd)
	a.addLimitFlags(cmd)
	a.addStrictFlag(cmd)
	a.addJSONFlag(cmd)
	a.addQuietFlags(cmd)
}

// runRoot makes sure that every argument is a file before it converts any: a
// mistyped command must not do something else.
func (a *app) runRoot(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return withHint(usagef("which file?"), "keyconv key.pem writes key.ppk; keyconv help tells more")
	}
	args = globbed(runtime.GOOS, args)
	for _, name := range args {
		if name == stdio {
			return withHint(usagef("standard input needs a command"), "keyconv pem2ppk -, or keyconv ppk2pem -")
		}
		if _, err := os.Stat(name); err != nil {
			return a.noSuchFile(cmd, name, err)
		}
	}
	return a.convertEach(args)
}

func (a *app) noSuchFile(cmd *cobra.Command, name string, err error) error {
	e := &usageError{msg: fmt.Sprintf("%s is neither a command nor a file: %v", displayName(name), withoutPath(err))}
	if similar := cmd.SuggestionsFor(name); len(similar) > 0 {
		e.hint = "did you mean: keyconv " + similar[0]
	}
	return e
}

// convertEach turns every file into the other kind. What they are tells whether two of
// them have one output, so all are looked at first.
func (a *app) convertEach(inputs []string) error {
	if err := a.checkJSON(inputs); err != nil {
		return err
	}
	defer a.clearSecrets()
	a.inputs.done, a.inputs.canContinue = "converted", true
	if len(inputs) == 1 { // which may be a pipe, and can be read only once
		a.eachInput(inputs, func(one *app, name string) error {
			f, err := one.open(name)
			if err != nil {
				return err
			}
			return one.convertFile(name, f, otherKind(f.Format))
		})
		return nil
	}
	kinds := map[string]conversion{}
	for _, name := range inputs {
		format, err := interruptible(a.ctx, func() (keyconv.Format, error) { return a.formatOf(name) })
		if is[interrupted](err) {
			return err
		}
		if err != nil {
			format = keyconv.Unknown // converting it will tell why
		}
		kinds[name] = otherKind(format)
	}
	if err := a.checkInputs(inputs, func(name string) string { return kinds[name].extension }); err != nil {
		return err
	}
	a.eachInput(inputs, func(one *app, name string) error { return one.convert(name, kinds[name]) })
	return nil
}

func otherKind(format keyconv.Format) conversion {
	if isPPKFormat(format) {
		return toPEM("")
	}
	return toPPK(3)
}

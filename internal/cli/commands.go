// Package cli is the command line: a file for each command. It turns flags into options
// of a job, and what the job reports into words.
package cli

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/disk"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/unlock"
	"github.com/spf13/cobra"
)

// command is a command of keyconv: a value in a file of its own, and a place in commands.
type command struct {
	// section is where the help of keyconv has the command.
	section section
	// name and takes are its line of usage.
	name, takes, short string
	// long and example are the help of the command itself, and args checks its arguments;
	// where they depend on the tables of the engine, build sets them.
	long, example string
	args          cobra.PositionalArgs
	// build adds the flags, and what is done with them.
	build func(p *program, cmd *cobra.Command)
}

// section is a part of the list of commands: what a person wants to do.
type section string

const (
	toConvert section = "Convert"
	toLook    section = "Look"
	toLogIn   section = "Log in"
	// others are listed by name alone.
	others section = "Also"
)

// commands are in the order in which the help lists them.
var commands = []*command{
	&pem2ppkCmd, &ppk2pemCmd, &convertCmd, &passwdCmd, &repairCmd, &generateCmd,
	&listCmd, &inspectCmd, &publicCmd, &checkCmd,
	&sessionCmd, &migrateCmd, &agentCmd, &fixPermissionsCmd,
	&helpCmd, &completionCmd, &versionCmd, &guiCmd, &explorerCmd,
}

// rootCommand builds the command that the arguments name, or all. Where the first argument
// is not one, the others are there by name, for suggestions.
func (p *program) rootCommand(args []string, all bool) *cobra.Command {
	cobra.MousetrapHelpText = "" // otherwise a drop of files on the program in Explorer only prints a notice
	root := &cobra.Command{
		Use: keyconvCmd.name + " " + keyconvCmd.takes, Short: keyconvCmd.short, Example: keyconvCmd.example,
		SilenceUsage: true, SilenceErrors: true, DisableFlagsInUseLine: true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return flagError(cmd, err, args) })
	root.SetHelpFunc(p.showHelp)
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		p.protectFlags(cmd, args)
		return checkFlags(cmd, args)
	}
	root.SuggestionsMinimumDistance = 2
	root.CompletionOptions.DisableDefaultCmd = true
	isForShell := len(args) > 0 && strings.HasPrefix(args[0], "__") // __complete of cobra: what may come next
	// A command may be named after the first argument: after flags, for its help, or for a shell.
	takesCommand := isForShell || len(args) > 0 && (args[0] == "help" || strings.HasPrefix(args[0], "-"))
	named := slices.IndexFunc(commands, func(c *command) bool { return len(args) > 0 && c.name == args[0] })
	for i, c := range commands {
		isHelp := c.name == "help" // cobra makes one otherwise
		if named >= 0 && i != named && !isHelp && !takesCommand {
			continue
		}
		cmd := &cobra.Command{Use: strings.TrimSpace(c.name + " " + c.takes), Short: c.short, DisableFlagsInUseLine: true, Run: func(*cobra.Command, []string) {}}
		if all || i == named || takesCommand && slices.Contains(args, c.name) {
			p.build(c, cmd)
			if isForShell {
				completeCommand(cmd)
			}
		}
		if isHelp {
			root.SetHelpCommand(cmd)
		}
		root.AddCommand(cmd)
	}
	if named < 0 || all {
		p.build(&keyconvCmd, root)
		if isForShell {
			completeCommand(root)
		}
	}
	return root
}

// OnlyPrints reports whether a command line prints what keyconv knows of itself, so that a
// signal may end it at any moment: it has nothing to remove and no terminal to put right.
func OnlyPrints(args []string) bool {
	return len(args) > 0 && slices.Contains([]string{"version", "--version", "-V", "help", "--help", "-h", "completion"}, args[0])
}

// build makes a command, which says when the command line was read.
func (p *program) build(c *command, cmd *cobra.Command) {
	cmd.Long, cmd.Example, cmd.Args = c.long, c.example, c.args
	c.build(p, cmd)
	cmd.Flags().VarPF(&flagValue{kind: "bool", text: "false", set: p.setHelp}, "help", "h", "show this help; --help=all shows every flag").NoOptDefVal = "true"
	work := cmd.RunE
	cmd.Run = nil
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p.started = true
		return work(cmd, args)
	}
}

// Streams are what a run reads and writes. Stderr carries notes, warnings and errors;
// Stdout carries results alone.
type Streams struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// program is one run of the command.
type program struct {
	printer
	stdin io.Reader
	// guard keeps outputs away from the files of this run.
	guard *disk.Guard
	// screen is what a person sees of a run over many inputs; nil for one alone.
	screen *screen
	// given has the passphrases of the flags: two that are one source are read once.
	given map[passphrase.Source]*unlock.Given
	json  bool
	// jobs and memory say how much is done at a time, query how inputs are found.
	jobs, memory uint64
	query        input.Query
	// allFlags: the help has the flags of tuning too.
	allFlags bool
	// started is false as long as the command line is being read.
	started bool
}

// Run runs the command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	out := &results{to: s.Stdout}
	p := &program{
		printer: printer{stdout: out, stderr: s.Stderr, colour: wantsColour(s.Stderr), hidden: &quote.Hidden{}}, stdin: s.Stdin, guard: disk.NewGuard(),
		given: map[passphrase.Source]*unlock.Given{},
	}
	root := p.rootCommand(args, false)
	root.SetArgs(args)
	root.SetIn(s.Stdin)
	root.SetOut(out)
	root.SetErr(s.Stderr)
	err := p.checkNames(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err != nil && !p.started && fault.ExitCode(err) == fault.Failed {
		err = fault.New(fault.Usage, "%s", err) // of cobra's own checks
	}
	if err == nil && p.failed == nil {
		err = out.failed // of cobra's help, which does not look at it
	}
	if err != nil {
		p.fail("", err)
	}
	if p.failed == nil {
		return fault.Done
	}
	return fault.ExitCode(p.failed)
}

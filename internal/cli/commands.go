package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// command is a row of the table of commands.
type command struct {
	// section is where the help of keyconv has the command.
	section    section
	use, short string
	// build adds what is needed to run the command, and its help.
	build func(p *program, cmd *cobra.Command)
}

func (c command) name() string {
	name, _, _ := strings.Cut(c.use, " ")
	return name
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
var commands = []command{
	{toConvert, "pem2ppk FILE...", "Convert PEM and OpenSSH private keys to PuTTY's .ppk", buildPem2ppk},
	{toConvert, "ppk2pem FILE...", "Convert PuTTY's .ppk to PEM or OpenSSH private keys", buildPpk2pem},
	{toConvert, "convert --to FORMAT FILE...", "Convert any key file to any form", buildConvert},
	{toConvert, "passwd FILE...", "Change the passphrase or comment of a key in place", buildPasswd},
	{toConvert, "repair FILE...", "Write the clean text of a damaged key file", buildRepair},
	{toConvert, "generate -o FILE", "Make a new key", buildGenerate},
	{toLook, "list [FILE|FOLDER...]", "List keys, and which of them belong together", buildList},
	{toLook, "inspect FILE...", "Show what a key file is, without its passphrase", buildInspect},
	{toLook, "public FILE", "Print the public key", buildPublic},
	{toLook, "check FILE...", "Check that a key is usable, and the right one", buildCheck},
	{toLogIn, "session NAME [USER@]HOST[:PORT] --key FILE", "Save a session that logs in with a key", buildSession},
	{toLogIn, "migrate [FILE|FOLDER...]", "Move saved sessions of PuTTY and others to ssh", buildMigrate},
	{toLogIn, "agent FILE...", "Add keys to the running SSH agent", buildAgent},
	{toLogIn, "fix-permissions FILE...", "Make a key file private, as ssh wants it", buildFixPermissions},
	{others, "help [COMMAND]", "Show the help of a command", buildHelp},
	{others, "completion SHELL", "Print what a shell completes commands and flags with", buildCompletion},
	{others, "version", "Print the versions of keyconv and its libraries", buildVersion},
	{others, "gui [FILE...]", "Open the window of keyconv (Windows)", buildGUI},
	{others, "explorer --add|--remove", "Put keyconv into the menus of Explorer (Windows)", buildExplorer},
}

// rootCommand builds the command that the arguments name, or all. Where the first argument
// is not one, the others are there by name, for suggestions.
func (p *program) rootCommand(args []string, all bool) *cobra.Command {
	cobra.MousetrapHelpText = "" // otherwise a drop of files on the program in Explorer only prints a notice
	root := &cobra.Command{
		Use: "keyconv FILE...", Short: "Convert SSH private keys between PEM, OpenSSH and PuTTY", Example: rootExample,
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
	named := slices.IndexFunc(commands, func(c command) bool { return len(args) > 0 && c.name() == args[0] })
	for i, c := range commands {
		isHelp := c.name() == "help" // cobra makes one otherwise
		if named >= 0 && i != named && !isHelp && !takesCommand(args) {
			continue
		}
		cmd := &cobra.Command{Use: c.use, Short: c.short, DisableFlagsInUseLine: true, Run: func(*cobra.Command, []string) {}}
		if all || i == named || takesCommand(args) && slices.Contains(args, c.name()) {
			p.build(c.build, cmd)
			if isForShell(args) {
				completeCommand(cmd)
			}
		}
		if isHelp {
			root.SetHelpCommand(cmd)
		}
		root.AddCommand(cmd)
	}
	if named < 0 || all {
		p.build(buildRoot, root)
		if isForShell(args) {
			completeCommand(root)
		}
	}
	return root
}

// takesCommand reports whether a command may be named after the first argument: after
// flags, for its help, or for a shell that completes its flags.
func takesCommand(args []string) bool {
	return isForShell(args) || len(args) > 0 && (args[0] == "help" || strings.HasPrefix(args[0], "-"))
}

// isForShell reports whether a shell asks what may come next: __complete of cobra.
func isForShell(args []string) bool { return len(args) > 0 && strings.HasPrefix(args[0], "__") }

// build makes a command, which says when the command line was read.
func (p *program) build(build func(*program, *cobra.Command), cmd *cobra.Command) {
	build(p, cmd)
	addHelpFlag(cmd)
	work := cmd.RunE
	cmd.Run = nil
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p.started = true
		return work(cmd, args)
	}
}

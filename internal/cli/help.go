package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Columns of a help text: of the terminal, within what can be read well, and of a text
// that goes elsewhere.
const (
	minColumns, maxColumns = 50, 100
	usualColumns           = 80
	// rootColumns is what the list of commands takes.
	rootColumns = usualColumns - 1
)

// columnsOf returns how wide a text for a stream may be.
func columnsOf(stream any) int {
	columns := terminalColumns(stream)
	if columns == 0 {
		return usualColumns
	}
	if runtime.GOOS == "windows" {
		columns-- // a console goes to the next line after the last column, and not only at the line end
	}
	return min(max(columns, minColumns), maxColumns)
}

var helpCmd = command{
	section: others,
	name:    "help", takes: "[COMMAND]",
	short:   "Show the help of a command",
	long:    "Shows the help of a command, or the list of all commands.",
	example: "  keyconv help pem2ppk\n  keyconv pem2ppk --help=all    # with the flags of tuning",
	build: func(_ *program, cmd *cobra.Command) {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, _ []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			for _, c := range cmd.Root().Commands() {
				if !c.Hidden {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		}
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if len(args) == 0 {
				return root.Help()
			}
			// cobra takes a mistyped command for an argument of the root command.
			found, _, err := root.Find(args)
			if err != nil || found == root {
				return usagef("there is no command %q", args[0]).With(say("keyconv help lists the commands"))
			}
			return found.Help()
		}
	},
}

// showHelp prints the help of a command.
func (p *program) showHelp(cmd *cobra.Command, _ []string) {
	columns := usualColumns
	if out, ok := p.stdout.(*results); ok {
		columns = columnsOf(out.to)
	}
	fmt.Fprint(p.stdout, helpText(cmd, columns, p.allFlags)) // results remembers an error
}

// helpText returns the help of a command; all is with the flags of tuning.
func helpText(cmd *cobra.Command, columns int, all bool) string {
	text := &page{columns: columns}
	if cmd.HasParent() || all {
		text.command(cmd, all)
	} else {
		text.root(cmd)
	}
	return text.String()
}

// rootFlags are the flags that the list of commands shows, two on a line.
var rootFlags = [][2]string{
	{"-o FILE  write to FILE", "-f  replace an output that exists"},
	{"-d DIR   write into the folder DIR", "-q  print errors only"},
	{"--new-passphrase  protect the key", "-h  show the help of a command"},
}

// root writes the list of commands: one screen of 80 columns and 24 lines, with the prompt.
func (p *page) root(cmd *cobra.Command) {
	const names, texts = 9, 26 // columns
	p.row("Usage:", names, "keyconv [COMMAND] [FLAG...] FILE...")
	head := "Example:"
	for line := range strings.Lines(cmd.Example) {
		command, _, _ := strings.Cut(line, " # ")
		if p.columns < rootColumns {
			line = command
		}
		p.WriteString(fmt.Sprintf("%-*s", names, head) + strings.TrimSpace(line) + "\n")
		head = ""
	}
	p.WriteString("\n")
	previous, also := section(""), ""
	for _, c := range commands {
		if c.section == others {
			also += c.name + " "
			continue
		}
		head := ""
		if c.section != previous {
			head = string(c.section)
		}
		previous = c.section
		p.row(fmt.Sprintf("%-*s%s", names, head, c.name), texts, c.short)
	}
	p.row(string(others), names, strings.Join(strings.Fields(also), ", "))
	p.WriteString("\n")
	head = "Flags"
	for _, pair := range rootFlags {
		if p.columns < rootColumns {
			p.row(head, names, pair[0])
			p.row("", names, pair[1])
		} else {
			fmt.Fprintf(p, "%-*s%-36s%s\n", names, head, pair[0], pair[1])
		}
		head = ""
	}
}

// command writes the help of a command.
func (p *page) command(cmd *cobra.Command, all bool) {
	p.row("Usage:", 7, usageLine(cmd))
	p.WriteString("\n")
	p.prose(cmp.Or(cmd.Long, cmd.Short+"."))
	if cmd.Example != "" {
		p.WriteString("\nExamples:\n")
		p.examples(cmd.Example)
	}
	for _, g := range flagGroups {
		flags := flagsIn(cmd, g)
		switch {
		case len(flags) == 0:
		case g.title == tuning && !all:
			p.WriteString("\n")
			p.prose("More flags, for key derivation and limits: " + cmd.CommandPath() + " --help=all, or man " + strings.ReplaceAll(cmd.CommandPath(), " ", "-"))
		default:
			p.WriteString("\n" + g.title + ":\n")
			for _, f := range flags {
				head, text := flagHelp(f)
				p.row(head, min(flagColumn, p.columns/2), text)
			}
		}
	}
}

// usageLine returns the command line of a command.
func usageLine(cmd *cobra.Command) string {
	_, arguments, _ := strings.Cut(cmd.Use, " ")
	return strings.TrimSpace(cmd.CommandPath() + " [FLAG...] " + arguments)
}

// flagColumn is where the texts of flags begin.
const flagColumn = 34

// flagHelp returns how a flag is written, and what it does.
func flagHelp(f *pflag.Flag) (head, text string) {
	head = "      --" + f.Name
	if f.Shorthand != "" {
		head = "  -" + f.Shorthand + ", --" + f.Name
	}
	value, text := pflag.UnquoteUsage(f)
	if value != "" {
		head += " " + value
	}
	switch f.DefValue {
	case "", "0", "false":
	default:
		text += " (default " + f.DefValue + ")"
	}
	return head, text
}

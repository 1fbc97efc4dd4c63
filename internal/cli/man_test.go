package cli

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
)

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// roff escapes a text: a line must not begin as a request does, and a hyphen that people
// paste has to stay one.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// manPage returns the manual page of a command, in the macros of man(7).
func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	write(`.TH "%s" "1" "Jan 2026" "keyconv" "keyconv manual"
.nh
.ad l`, strings.ToUpper(roff(manName(cmd))))
	write(".SH NAME\n%s \\- %s", roff(manName(cmd)), roff(cmd.Short))
	name, arguments, _ := strings.Cut(usageLine(cmd), " [FLAG...]")
	write(".SH SYNOPSIS\n\\fB%s\\fP [FLAG...]%s", roff(name), roff(arguments))
	write(".SH DESCRIPTION")
	text, codes, _ := strings.Cut(cmd.Long, "\n\nExit status:")
	manBlocks(&b, cmp.Or(text, cmd.Short+"."))
	if !cmd.HasParent() {
		write(".SH COMMANDS")
		for _, c := range commands {
			write(".TP\n\\fB%s\\fP\n%s", roff(c.name), roff(c.short))
		}
	}
	if cmd.Example != "" {
		write(".SH EXAMPLES\n.EX\n%s\n.EE", roff(cmd.Example))
	}
	for _, g := range flagGroups {
		flags := flagsIn(cmd, g)
		if len(flags) == 0 {
			continue
		}
		if g.title == common {
			write(".SH OPTIONS")
		} else {
			write(".SS %s", g.title)
		}
		for _, f := range flags {
			head, text := flagHelp(f)
			write(".TP\n\\fB%s\\fP\n%s", roff(strings.TrimSpace(head)), roff(text))
		}
	}
	if !cmd.HasParent() {
		write(".SH EXIT STATUS")
		manBlocks(&b, codes)
		write(".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fP\nif it is not empty, no line on a terminal has a colour")
	}
	write(".SH SEE ALSO")
	var others []string
	for _, other := range append([]*cobra.Command{cmd.Root()}, cmd.Root().Commands()...) {
		if isNeighbour := other == cmd.Parent() || !cmd.HasParent(); isNeighbour && other != cmd && other.Name() != "help" {
			others = append(others, `\fB`+roff(manName(other))+`\fP(1)`)
		}
	}
	write("%s", strings.Join(others, ", "))
	return b.String()
}

func manBlocks(b *strings.Builder, text string) {
	for _, block := range blocks(text) {
		for _, row := range block {
			switch {
			case row.head != "":
				fmt.Fprintf(b, ".TP\n\\fB%s\\fP\n%s\n", roff(row.head), roff(strings.TrimSpace(row.text)))
			case row.column > 0:
				fmt.Fprintf(b, ".PP\n.EX\n%s\n.EE\n", roff(strings.TrimSpace(row.text)))
			default:
				fmt.Fprintf(b, ".PP\n%s\n", roff(row.text))
			}
		}
	}
}

// TestManPages: every flag is there with the word for its value, and the table of exit codes.
func TestManPages(t *testing.T) {
	forEachCommand(Root(), func(cmd *cobra.Command) {
		page := manPage(cmd)
		for _, want := range []string{".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n", ".SH SEE ALSO\n"} {
			assert.Contains(t, page, want, cmd.Name())
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			head := "--" + f.Name
			if value, _ := pflag.UnquoteUsage(f); value != "" {
				head += " " + value
			}
			assert.Contains(t, page, roff(head)+`\fP`, cmd.Name())
		})
	})
	page := manPage(Root())
	for _, want := range []string{".SH EXIT STATUS\n", ".TP\n\\fB130, 143\\fP\ninterrupted (INT, TERM), after cleaning up\n", `\fBkeyconv\-pem2ppk\fP(1)`, ".SS Tuning\n"} {
		assert.Contains(t, page, want)
	}
	assert.Equal(t, `\&.ppk \-o \(aqC:\ekey\(aq`, roff(`.ppk -o 'C:\key'`))
}

package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
)

// screens returns the help of every command as a terminal of 80 columns shows it.
func screens() map[string]string {
	texts := map[string]string{}
	forEachCommand(Root(), func(cmd *cobra.Command) {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
		texts[name] = helpText(cmd, usualColumns, false)
		texts[name+"-all"] = helpText(cmd, usualColumns, true)
	})
	return texts
}

// TestHelpFitsTheScreen: 80 columns, and with the prompt after it 24 lines for the list
// of commands.
func TestHelpFitsTheScreen(t *testing.T) {
	texts := screens()
	assert.Greater(t, len(texts), 2*len(commands))
	for name, text := range texts {
		for line := range strings.Lines(text) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), usualColumns, "%s: %s", name, line)
		}
	}
	assert.LessOrEqual(t, strings.Count(texts["keyconv"], "\n"), 23)
	root := helpText(Root(), rootColumns, false)
	assert.Equal(t, texts["keyconv"], root)
	for line := range strings.Lines(root) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), rootColumns)
	}
	for _, c := range commands {
		assert.Contains(t, texts["keyconv"], " "+c.name)
	}
}

// TestHelpHasEveryFlag: each flag of a command is once in its help, those of tuning with
// --help=all alone.
func TestHelpHasEveryFlag(t *testing.T) {
	used := map[string]bool{}
	forEachCommand(Root(), func(cmd *cobra.Command) {
		short, all := helpText(cmd, usualColumns, false), helpText(cmd, usualColumns, true)
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			used[f.Name] = true
			isShown := func(text string) int { head, _ := flagHelp(f); return strings.Count(text, "\n"+head+" ") }
			assert.Equal(t, 1, isShown(all), "--%s of %s", f.Name, cmd.Name())
			if cmd.HasParent() {
				isTuning := groupOf(cmd, f.Name) == tuning
				assert.Equal(t, map[bool]int{false: 1, true: 0}[isTuning], isShown(short), "--%s of %s", f.Name, cmd.Name())
				assert.True(t, !isTuning || strings.Contains(strings.Join(strings.Fields(short), " "), cmd.CommandPath()+" --help=all"), cmd.Name())
			}
		})
	})
	for _, g := range flagGroups {
		for _, name := range g.flags {
			assert.True(t, used[name], "no command has --%s", name)
		}
	}
}

// TestHelpAtOtherWidths: no text is lost, and none is wider than it may be but for examples,
// which are pasted.
func TestHelpAtOtherWidths(t *testing.T) {
	forEachCommand(Root(), func(cmd *cobra.Command) {
		words := strings.Fields(helpText(cmd, usualColumns, true))
		slices.Sort(words)
		for _, columns := range []int{minColumns, maxColumns} {
			text := helpText(cmd, columns, true)
			got := strings.Fields(text)
			slices.Sort(got)
			if columns == minColumns { // a comment of an example has a line of its own
				got = slices.DeleteFunc(got, func(word string) bool { return word == "#" })
				words = slices.DeleteFunc(words, func(word string) bool { return word == "#" })
			}
			for line := range strings.Lines(text) {
				isExample := strings.HasPrefix(strings.TrimLeft(line, " "), "keyconv ")
				if !isExample && !strings.Contains(line, "keyconv completion") && strings.Contains(strings.TrimSpace(line), " ") {
					assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), columns, cmd.Name())
				}
			}
			if columns == minColumns {
				assert.Equal(t, words, got, cmd.Name())
			}
		}
	})
}

// TestHelpOnlyBuildsWhatItShows: the list of commands needs none of them.
func TestHelpOnlyBuildsWhatItShows(t *testing.T) {
	for line, want := range map[string][]string{
		"help": {"help"}, "help pem2ppk": {"help", "pem2ppk"}, "pem2ppk -h": {"pem2ppk"}, "version": {"version"}, "--help": {"keyconv"},
		"-q pem2ppk": {"keyconv", "pem2ppk"}, "__complete pem2ppk --to": {"keyconv", "pem2ppk"}, "": {"keyconv"}, "key.pem help": {"keyconv"},
	} {
		var built []string
		p := &program{}
		forEachCommand(p.rootCommand(strings.Fields(line), false), func(cmd *cobra.Command) {
			if cmd.RunE != nil {
				built = append(built, cmd.Name())
			}
		})
		slices.Sort(built)
		slices.Sort(want)
		assert.Equal(t, want, built, line)
	}
}

// TestStartAllocatesLittle: a command costs what it needs itself, however many others there are.
func TestStartAllocatesLittle(t *testing.T) {
	var out, err bytes.Buffer
	allocations := testing.AllocsPerRun(10, func() {
		out.Reset()
		Run(t.Context(), []string{"version"}, Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err})
	})
	assert.LessOrEqual(t, allocations, 75.0)
}

// TestOnlyPrints: what reads a key, writes a file or asks for a passphrase is not among it.
func TestOnlyPrints(t *testing.T) {
	for _, c := range commands {
		want := slices.Contains([]string{"help", "version", "completion"}, c.name)
		assert.Equal(t, want, OnlyPrints([]string{c.name, "key.pem"}), c.name)
	}
	assert.True(t, OnlyPrints([]string{"--version"}))
	assert.False(t, OnlyPrints(nil))
	assert.False(t, OnlyPrints([]string{"key.pem", "version"}))
}

func runLine(t *testing.T, line string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	code = Run(t.Context(), strings.Fields(line), Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err})
	return out.String(), err.String(), code
}

func TestHelpFlag(t *testing.T) {
	texts := screens()
	for line, want := range map[string]string{
		"help": "keyconv", "-h": "keyconv", "--help": "keyconv", "--help=all": "keyconv-all", "help help": "keyconv-help", "help -h": "keyconv-help",
		"convert -h": "keyconv-convert", "help convert": "keyconv-convert", "convert --help=all x": "keyconv-convert-all", "convert -h=all": "keyconv-convert-all",
	} {
		stdout, stderr, code := runLine(t, line)
		assert.Equal(t, fault.Done, code, line)
		assert.Empty(t, stderr, line)
		assert.Equal(t, texts[want], stdout, line)
	}
	_, stderr, code := runLine(t, "convert --help=everything")
	assert.Equal(t, fault.Usage, code)
	assert.Contains(t, stderr, "--help takes no value, or all, not everything")
}

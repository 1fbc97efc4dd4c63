package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroup is a part of the flags in the help of a command.
type flagGroup struct {
	title string
	flags []string
}

// flagGroups are in the order in which the help has them. The flags that are in none are
// common too, and come after the common ones here, by name. Those of tuning are shown by
// --help=all alone.
var flagGroups = []flagGroup{
	{common, []string{"to", "from", "for", "min", "type", "bits", "key", "output", "in-place", "force"}},
	{"Passphrases", []string{
		"passphrase-file", "passphrase-env", "passphrase-fd",
		"new-passphrase", "new-passphrase-file", "new-passphrase-env", "new-passphrase-fd", "no-passphrase",
	}},
	{"Many files", []string{"recursive", "output-dir", "all", "files-from", "null", "continue", "jobs"}},
	{tuning, []string{
		"kdf", "kdf-memory", "kdf-passes", "kdf-parallelism", "kdf-rounds",
		"max-kdf-memory", "max-kdf-work", "jobs-memory", "code-page", "console",
	}},
}

const (
	common = "Flags"
	tuning = "Tuning"
)

// groupOf returns the title of the group of a flag.
func groupOf(cmd *cobra.Command, flag string) string {
	for _, g := range flagGroups {
		// --all of inspect is about programs, not about folders.
		if slices.Contains(g.flags, flag) && (flag != "all" || cmd.Name() != "inspect") {
			return g.title
		}
	}
	return common
}

// flagsIn returns the flags of a command that are in a group, in its order.
func flagsIn(cmd *cobra.Command, g flagGroup) []*pflag.Flag {
	var flags []*pflag.Flag
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && groupOf(cmd, f.Name) == g.title {
			flags = append(flags, f)
		}
	})
	place := func(f *pflag.Flag) int {
		if i := slices.Index(g.flags, f.Name); i >= 0 {
			return i
		}
		return len(g.flags)
	}
	slices.SortStableFunc(flags, func(a, b *pflag.Flag) int { return place(a) - place(b) })
	return flags
}

package cli

import (
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
)

// exitStatus says in the help and the manual what each exit code means.
var exitStatus = []struct {
	codes   []int
	meaning string
}{
	{[]int{fault.Done}, "done"},
	{[]int{fault.Failed}, "a file could not be read or written, or any error not below"},
	{[]int{fault.Usage}, "the command line is wrong"},
	{[]int{fault.NotAKey}, "not a key that can be read: unknown, damaged, unsupported, or over a limit"},
	{[]int{fault.NeedsPassphrase}, "a passphrase is needed, but none was given"},
	{[]int{fault.WrongPassphrase}, "the passphrase is wrong"},
	{[]int{fault.Exists}, "the output exists and --force was not given"},
	{[]int{fault.Refused}, "refused by --strict"},
	{[]int{fault.OtherKey}, "check --public: not the key that was expected"},
	{[]int{fault.Interrupted, fault.Terminated}, "interrupted (INT, TERM), after cleaning up"},
	{[]int{fault.HungUp, fault.BrokenPipe}, "the terminal or the reader of the output went away (HUP, PIPE), after cleaning up"},
}

// exitStatusHelp returns the table under a heading, for the end of a help text.
func exitStatusHelp(heading string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n\n%s\n", heading)
	for _, row := range exitStatus {
		codes := strings.Trim(strings.ReplaceAll(fmt.Sprint(row.codes), " ", ", "), "[]")
		fmt.Fprintf(&b, "\n  %-9s %s", codes, row.meaning)
	}
	return b.String()
}

package main

import (
	"fmt"
	"strings"
)

// exitStatus says in the help and the manual what each exit code means.
var exitStatus = []struct {
	codes   []int
	meaning string
}{
	{[]int{exitDone}, "done"},
	{[]int{exitFailed}, "could not read or write a file, or anything not below"},
	{[]int{exitUsage}, "wrong usage"},
	{[]int{exitNotAKey}, "not a key that can be read: unknown, damaged, unsupported, over a limit"},
	{[]int{exitNeedsPass}, "a passphrase is needed and there is none to be had"},
	{[]int{exitWrongPass}, "the passphrase is wrong"},
	{[]int{exitExists}, "the output exists and --force was not given"},
	{[]int{exitRefused}, "refused by --strict"},
	{[]int{exitOtherKey}, "check: not the key that was expected"},
	{[]int{exitInterrupted, exitTerminated}, "interrupted (INT, TERM), after cleaning up"},
	{[]int{exitHungUp, exitBrokenPipe}, "the terminal or the reader of the output went away (HUP, PIPE), after cleaning up"},
}

// exitStatusHelp is the table under a heading, for the end of a help text.
func exitStatusHelp(heading string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n\n%s\n", heading)
	for _, row := range exitStatus {
		codes := strings.Trim(strings.ReplaceAll(fmt.Sprint(row.codes), " ", ", "), "[]")
		fmt.Fprintf(&b, "\n  %-9s %s", codes, row.meaning)
	}
	return b.String()
}

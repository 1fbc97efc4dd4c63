package main

import (
	"context"
	"fmt"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/fault"
)

// windowHelp is for a person who opened the program and knows no command line.
const windowHelp = `keyconv makes a .ppk of a .pem or OpenSSH key, for PuTTY, and a .pem of a .ppk.
1. Close this window and find your key file in Explorer.
2. Drag it onto keyconv.exe and drop it there; it can be several files at once.
3. The new key is beside the old one, which stays as it is.
For more, open a terminal in the folder of keyconv.exe and type: .\keyconv help
`

// windowAdvice is for the exit codes whose hint is a flag, which files that are dropped
// cannot have.
var windowAdvice = map[int]string{
	fault.Exists: "Here: move or rename that file, then drop the key again.",
}

// runInWindow runs the command line. A console that was opened for this program, as
// Explorer does for a double-click and for files that are dropped on the program, closes
// when the program ends, before anybody could read what is in it: so there it says what
// to do if there is nothing to do, and waits for a key. waitForKey is nil elsewhere.
func runInWindow(ctx context.Context, args []string, s cli.Streams, waitForKey func()) int {
	if waitForKey == nil {
		return cli.Run(ctx, args, s)
	}
	var code int
	if len(args) == 0 {
		fmt.Fprint(s.Stdout, windowHelp)
	} else {
		code = cli.Run(ctx, args, s)
	}
	if ctx.Err() != nil {
		return code // a person who pressed Ctrl-C wants to leave
	}
	if advice := windowAdvice[code]; advice != "" {
		fmt.Fprintln(s.Stderr, advice)
	}
	fmt.Fprint(s.Stderr, "\nPress any key to close this window.")
	pressed := make(chan struct{})
	go func() {
		waitForKey()
		close(pressed)
	}()
	select {
	case <-pressed:
	case <-ctx.Done():
	}
	return code
}

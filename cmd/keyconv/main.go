// Command keyconv converts SSH private keys between what clouds hand out (.pem),
// what OpenSSH uses and what PuTTY uses (.ppk), in both directions.
//
// Run "keyconv help" for the manual.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/process"
	"github.com/keyconv/keyconv/internal/window"
)

// version and commit are set by a release build.
var version, commit string

func main() { os.Exit(run()) }

func run() (code int) {
	process.DisableCoreDumps()
	cli.Version, cli.Commit = version, commit
	args := os.Args[1:]
	ctx, stop := context.Background(), func() {}
	if !cli.OnlyPrints(args) { // watching takes threads, which cost more than printing the version
		ctx, stop = process.UntilSignal(ctx)
	}
	s := cli.Streams{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if runtime.GOOS == "windows" {
		code = runOnWindows(ctx, args, s)
	} else {
		code = cli.Run(ctx, args, s)
	}
	stop()
	return code
}

// runOnWindows shows the window to a person who opened the program in Explorer, and runs the
// command line otherwise.
func runOnWindows(ctx context.Context, args []string, s cli.Streams) int {
	if slices.Contains(args, consoleFlag) {
		process.NeedConsole()
	}
	if process.OpenedInExplorer() && isForWindow(args) && openWindow(ctx, args) {
		return fault.Done
	}
	return runInConsole(ctx, args, s, process.OwnConsole())
}

// consoleHelp is for a person who opened the program and knows no command line.
const consoleHelp = `keyconv makes a .ppk of a .pem or OpenSSH key, for PuTTY, and a .pem of a .ppk.
1. Close this window and find your key file in Explorer.
2. Drag it onto keyconv.exe and drop it there; it can be several files at once.
3. The new key is beside the old one, which stays as it is.
For more, open a terminal in the folder of keyconv.exe and type: .\keyconv help
`

// consoleAdvice is for the exit codes whose hint is a flag, which files that are dropped
// cannot have.
var consoleAdvice = lazy.Map[int, string]{Make: func() map[int]string {
	return map[int]string{
		fault.Exists: "Here: move or rename that file, then drop the key again.",
	}
}}

// consoleFlag is for a person who prefers the console to the window.
const consoleFlag = "--console"

// isForWindow reports whether the program was opened as Explorer does it: by itself, or
// with files and folders alone.
func isForWindow(args []string) bool {
	return !slices.ContainsFunc(args, func(name string) bool {
		_, err := os.Stat(name)
		return err != nil
	})
}

// openWindow shows the window until it is closed. It reports false where Windows has
// none, as on a server without a desktop.
func openWindow(ctx context.Context, files []string) bool {
	if !window.Available() {
		return false
	}
	process.LeaveConsole()
	return window.Run(ctx, files) == nil
}

// runInConsole runs the command line. A console that was opened for this program alone,
// as Explorer does, closes when the program ends, before anybody could read what is in it:
// so there it says what to do if there is nothing to do, and waits for a key. waitForKey
// is nil elsewhere.
func runInConsole(ctx context.Context, args []string, s cli.Streams, waitForKey func()) int {
	if waitForKey == nil {
		return cli.Run(ctx, args, s)
	}
	var code int
	if len(args) == 0 || slices.Equal(args, []string{consoleFlag}) {
		fmt.Fprint(s.Stdout, consoleHelp)
	} else {
		code = cli.Run(ctx, args, s)
	}
	if ctx.Err() != nil {
		return code // a person who pressed Ctrl-C wants to leave
	}
	if advice := consoleAdvice.Get()[code]; advice != "" {
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

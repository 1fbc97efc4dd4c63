// Command keyconv converts SSH private keys between what clouds hand out (.pem),
// what OpenSSH uses and what PuTTY uses (.ppk), in both directions.
//
// Run "keyconv help" for the manual.
package main

import (
	"context"
	"os"
	"slices"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/process"
)

// version and commit are set by a release build.
var version, commit string

func main() { os.Exit(run()) }

func run() (code int) {
	process.DisableCoreDumps()
	cli.Version, cli.Commit = version, commit
	ctx, stop := process.UntilSignal(context.Background())
	args := os.Args[1:]
	if slices.Contains(args, consoleFlag) {
		process.NeedConsole()
	}
	if process.OpenedInExplorer() && isForWindow(args) && openWindow(ctx, args) {
		code = 0
	} else {
		code = runInConsole(ctx, args, cli.Streams{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}, process.OwnConsole())
	}
	stop()
	return code
}

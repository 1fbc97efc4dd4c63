// Command keyconv converts SSH private keys between what clouds hand out (.pem),
// what OpenSSH uses and what PuTTY uses (.ppk), in both directions.
//
// Run "keyconv help" for the manual.
package main

import (
	"context"
	"os"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/process"
)

// version and commit are set by a release build.
var version, commit string

func main() {
	process.DisableCoreDumps()
	cli.Version, cli.Commit = version, commit
	ctx, stop := process.UntilSignal(context.Background())
	code := runInWindow(ctx, os.Args[1:], cli.Streams{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}, process.OwnConsole())
	stop()
	os.Exit(code)
}

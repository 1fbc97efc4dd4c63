// Command release makes everything in a release of keyconv: programs for every platform
// in archives, packages, checksums, a bill of materials and the manifests of package
// managers. It needs only Go and git, and the same commit gives the same bytes on every
// machine. docs/release.md says how to use it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts, err := parseOptions(args, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "release:", err)
		return 2
	}
	opts.log = stdout
	if err := release(ctx, opts); err != nil {
		fmt.Fprintln(stderr, "release:", err)
		return 1
	}
	return 0
}

type options struct {
	folder     string // a folder of the repository
	output     string
	version    version
	targets    []target
	allowDirty bool
	log        io.Writer
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var opts options
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	flags.SetOutput(stderr)
	name := flags.String("version", "", "the `version` to release, such as v1.2.3")
	targets := flags.String("targets", "", "build for these alone, such as \"linux/amd64 windows/386\"")
	flags.StringVar(&opts.output, "output", "dist", "the `folder` for the result; an earlier release in it is replaced")
	flags.BoolVar(&opts.allowDirty, "allow-dirty", false, "release the last commit though the working tree differs from it")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var err error
	if opts.version, err = parseVersion(*name); err != nil {
		return options{}, err
	}
	if opts.targets, err = parseTargets(*targets); err != nil {
		return options{}, err
	}
	if opts.folder, err = os.Getwd(); err != nil {
		return options{}, err
	}
	opts.output, err = filepath.Abs(opts.output)
	return opts, err
}

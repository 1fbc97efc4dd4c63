// Command release makes everything in a release of keyconv: programs for every platform
// in archives, packages, checksums, a bill of materials and the manifests of package
// managers. It needs only Go and git, and the same commit gives the same bytes on every
// machine. docs/dev/release.md says how to use it.
//
//	go run ./scripts/release -version v1.2.3
//	go run ./scripts/release sign -key KEY
//	go run ./scripts/release compare PUBLISHED MADE
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands has what this program does apart from making a release.
var commands = map[string]func(ctx context.Context, args []string, stdout, stderr io.Writer) error{
	"sign": runSign,
	"compare": func(_ context.Context, args []string, stdout, _ io.Writer) error {
		if len(args) != 2 {
			return usageError{errors.New("compare which folders? compare PUBLISHED MADE")}
		}
		return compare(args[0], args[1], stdout)
	},
}

// usageError is a wrong command line.
type usageError struct{ error }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	do := runRelease
	if len(args) > 0 && commands[args[0]] != nil {
		do, args = commands[args[0]], args[1:]
	}
	err := do(ctx, args, stdout, stderr)
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "release:", err)
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

func runRelease(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	opts, err := parseOptions(args, stderr)
	if err != nil {
		return usageError{err}
	}
	opts.log = stdout
	return release(ctx, opts)
}

func runSign(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := newFlags("release sign", stderr)
	key := flags.String("key", "", "sign with this `file`, or with the agent's key of this .pub")
	dist := flags.String("output", "dist", "the `folder` of the release")
	signers := flags.String("signers", signersName, "the `file` with the keys that may sign")
	err := flags.Parse(args)
	if err == nil && (*key == "" || flags.NArg() > 0) {
		err = errors.New("sign with which key? sign -key FILE")
	}
	if err != nil {
		return usageError{err}
	}
	if err := sign(ctx, *dist, *key, *signers, time.Now()); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "signed:", filepath.Join(*dist, signatureName))
	return nil
}

func newFlags(name string, stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	return flags
}

type options struct {
	folder     string // a folder of the repository
	output     string
	version    version
	targets    []target
	allowDirty bool
	// authenticode signs the programs for Windows, if there is one.
	authenticode *authenticode
	log          io.Writer
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var opts options
	flags := newFlags("release", stderr)
	var code authenticode
	flags.StringVar(&code.certificate, "certificate", "", "sign the programs for Windows with this `file`, PEM")
	flags.StringVar(&code.key, "certificate-key", "", "the `file` with the key of the certificate")
	flags.StringVar(&code.timestamp, "timestamp", "", "the `URL` of an authority that says when a program was signed")
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
	if (code.certificate == "") != (code.key == "") {
		return options{}, errors.New("-certificate and -certificate-key are given together")
	}
	if code.certificate != "" {
		opts.authenticode = &code
	}
	if opts.folder, err = os.Getwd(); err != nil {
		return options{}, err
	}
	opts.output, err = filepath.Abs(opts.output)
	return opts, err
}

// Command keyconv converts SSH private keys between what clouds hand out (.pem),
// what OpenSSH uses and what PuTTY uses (.ppk), in both directions.
//
// Run "keyconv help" for the manual. The command knows flags, prompts, files and
// exit codes; all that concerns keys is in the packages of this module.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	keepMemoryPrivate()
	ctx, stop := untilSignal(context.Background())
	code := runInWindow(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, ownWindow())
	stop()
	os.Exit(code)
}

// interrupted is why the context of a run has ended.
type interrupted struct{ exit int }

func (interrupted) Error() string { return "interrupted" }

// untilSignal returns a context that ends at the first INT or TERM, so that echo is
// put back and temporaries are removed. A second signal ends the process at once.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			exit := exitInterrupted
			if s == syscall.SIGTERM {
				exit = exitTerminated
			}
			cancel(interrupted{exit})
			signal.Stop(signals)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

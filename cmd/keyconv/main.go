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

// endings are the signals that end a run, with its exit code: 128 and the number.
var endings = map[os.Signal]int{
	os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated,
	syscall.SIGHUP: exitHungUp, syscall.SIGPIPE: exitBrokenPipe,
}

// untilSignal returns a context that ends at the first signal, so that echo is put back
// and temporaries are removed. A second one ends the process at once; but not that of a
// broken pipe, since everything that is said to the end is another.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals, pipe := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // of nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	signal.Notify(pipe, syscall.SIGPIPE)
	go func() {
		for ctx.Err() == nil {
			select {
			case s := <-signals:
				cancel(interrupted{endings[s]})
			case s := <-pipe:
				if readerGone() { // else it is the agent's socket, which has an error of its own
					cancel(interrupted{endings[s]})
				}
			case <-ctx.Done():
			}
		}
		signal.Stop(signals)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

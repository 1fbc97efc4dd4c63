// Package process is about the process itself: the signals that end it, its console,
// and what others can see of its memory.
package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
)

// endings maps the signals that end a run to its exit code: 128 plus the number.
var endings = lazy.Map[os.Signal, int]{Make: func() map[os.Signal]int {
	return map[os.Signal]int{
		os.Interrupt: fault.Interrupted, syscall.SIGTERM: fault.Terminated,
		syscall.SIGHUP: fault.HungUp, syscall.SIGPIPE: fault.BrokenPipe,
	}
}}

// UntilSignal returns a context that ends at the first signal, so that the echo is turned
// on again and temporaries are removed. A second signal ends the process at once, except
// SIGPIPE: every further write raises that again.
func UntilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals, pipe := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup makes the process ignore it: respect that
		signal.Notify(signals, syscall.SIGHUP)
	}
	signal.Notify(pipe, syscall.SIGPIPE)
	go func() {
		for ctx.Err() == nil {
			select {
			case s := <-signals:
				cancel(fault.Stop(endings.Get()[s]))
			case s := <-pipe:
				if readerGone() { // otherwise it is the agent's socket, which has an error of its own
					cancel(fault.Stop(endings.Get()[s]))
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

package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	// barDelay is how long a run must take before a progress bar is worth the sight.
	barDelay = time.Second
	// barTick is how often the bar is drawn again.
	barTick = 250 * time.Millisecond
)

// screen is what a person sees of a run over many inputs: their lines, and on a terminal
// a progress bar below them, which is taken away while anything else is printed.
type screen struct {
	mu    sync.Mutex
	to    io.Writer
	bar   *progress // nil where there is no terminal
	now   func() time.Time
	since time.Time
	asked time.Duration // of the time since then: what a person took for answers
	width func() int
	shown int // the columns that the bar has now
}

func newScreen(to io.Writer, inputs int, quiet bool) *screen {
	s := &screen{to: to, now: time.Now, since: time.Now(), width: func() int { return terminalColumns(to) }}
	if !quiet && isTerminal(to) && os.Getenv("TERM") != "dumb" {
		s.bar = newProgress(inputs)
	}
	return s
}

// tick draws the bar by a clock, so that it moves also while there is nothing to print.
// The function that it returns takes the bar away.
func (s *screen) tick() (stop func()) {
	if s.bar == nil {
		return func() {}
	}
	end := every(barTick, func() { s.print(func() {}) })
	return func() {
		end()
		s.still(func() {})
	}
}

// every calls a function at each tick of a clock, until it is stopped.
func every(tick time.Duration, do func()) (stop func()) {
	clock := time.NewTicker(tick)
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-clock.C:
				do()
			case <-done:
				return
			}
		}
	}()
	return func() {
		clock.Stop()
		close(done)
		<-stopped
	}
}

// print shows lines above the bar, if there are any, and draws it again.
func (s *screen) print(lines func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	lines()
	if s.bar == nil {
		return
	}
	worked := s.now().Sub(s.since) - s.asked
	if worked <= barDelay {
		return
	}
	// The last column stays free: some terminals go to the next line after it. One that is
	// too narrow has no room for the bar.
	width := s.width()
	if text := s.bar.text(worked, width-1); len(text) < width {
		fmt.Fprint(s.to, text)
		s.shown = len(text)
	}
}

// still keeps everything else from the terminal while a person is asked something. That
// time, and what is finished in it, says nothing about how fast the work is.
func (s *screen) still(ask func()) {
	if s == nil {
		ask()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	from := s.now()
	s.bar.setAsking(true)
	ask()
	s.bar.setAsking(false)
	s.asked += s.now().Sub(from)
}

// erase needs nothing but spaces, which every terminal and console knows.
func (s *screen) erase() {
	if s.shown > 0 {
		fmt.Fprint(s.to, "\r"+strings.Repeat(" ", s.shown)+"\r")
		s.shown = 0
	}
}

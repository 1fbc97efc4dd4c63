package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
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
	s := &screen{to: to, now: time.Now, since: time.Now()}
	f, ok := to.(*os.File)
	if quiet || !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return s
	}
	s.width = func() int {
		columns, _, err := term.GetSize(int(f.Fd()))
		if err != nil || columns < 1 {
			return 80
		}
		return columns
	}
	s.bar = &progress{total: inputs}
	return s
}

// tick draws the bar by a clock, so that it moves also while there is nothing to print.
// The function that it returns takes the bar away.
func (s *screen) tick() (stop func()) {
	if s.bar == nil {
		return func() {}
	}
	clock := time.NewTicker(barTick)
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-clock.C:
				s.print(func() {})
			case <-done:
				return
			}
		}
	}()
	return func() {
		clock.Stop()
		close(done)
		<-stopped
		s.still(func() {})
	}
}

// finished counts an input, whose lines may have to wait for those before it.
func (s *screen) finished(int) {
	if s.bar != nil {
		s.bar.done.Add(1)
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
	from, done := s.now(), int64(0)
	if s.bar != nil {
		done = s.bar.done.Load()
	}
	ask()
	s.asked += s.now().Sub(from)
	if s.bar != nil {
		s.bar.aside += s.bar.done.Load() - done
	}
}

// erase needs nothing but spaces, which every terminal and console knows.
func (s *screen) erase() {
	if s.shown > 0 {
		fmt.Fprint(s.to, "\r"+strings.Repeat(" ", s.shown)+"\r")
		s.shown = 0
	}
}

// progress is how much of a run over many inputs is done.
type progress struct {
	done  atomic.Int64
	total int
	aside int64 // how many of them do not count for the rate
}

// text returns the bar after that time, such as "3 / 200 [>      ] 12/s 16s left", in
// that many columns, or longer if nothing is left of the bar between its brackets. The
// rate is that of the whole run.
func (p *progress) text(worked time.Duration, columns int) string {
	done := int(p.done.Load())
	speed, left := "?/s", "? left"
	if counted := done - int(p.aside); counted > 0 && worked > 0 {
		rate := float64(counted) / worked.Seconds()
		digits := 0
		if rate < 10 {
			digits = 1
		}
		speed = fmt.Sprintf("%.*f/s", digits, rate)
		each := worked / time.Duration(counted)
		left = (each * time.Duration(p.total-done)).Round(time.Second).String() + " left"
	}
	before, after := fmt.Sprintf("%d / %d [", done, p.total), "] "+speed+" "+left
	room := max(0, columns-len(before)-len(after))
	line := strings.Repeat("=", room*done/max(1, p.total))
	if len(line) < room {
		line += ">"
	}
	return before + line + strings.Repeat(" ", room-len(line)) + after
}

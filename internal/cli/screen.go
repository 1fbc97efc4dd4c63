package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// barDelay is how long a run must take before a progress bar is worth the sight.
const barDelay = time.Second

// screen is what a person sees of a run over many inputs: their lines, and on a terminal
// a progress bar below them, which is taken away while anything else is printed.
type screen struct {
	mu    sync.Mutex
	to    io.Writer
	bar   *progress // nil where there is no terminal
	since time.Time
	width func() int
	shown int // the columns that the bar has now
}

func newScreen(to io.Writer, inputs int, quiet bool) *screen {
	s := &screen{to: to, since: time.Now()}
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

// print shows the lines of one more input that is done.
func (s *screen) print(lines func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	lines()
	if s.bar == nil {
		return
	}
	s.bar.done++
	since := time.Since(s.since)
	if since <= barDelay {
		return
	}
	// The last column stays free: some terminals go to the next line after it. One that is
	// too narrow has no room for the bar.
	width := s.width()
	if text := s.bar.text(since, width-1); len(text) < width {
		fmt.Fprint(s.to, text)
		s.shown = len(text)
	}
}

// still keeps everything else from the terminal while a person is asked something.
func (s *screen) still(ask func()) {
	if s == nil {
		ask()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	ask()
}

// erase needs nothing but spaces, which every terminal and console knows.
func (s *screen) erase() {
	if s.shown > 0 {
		fmt.Fprint(s.to, "\r"+strings.Repeat(" ", s.shown)+"\r")
		s.shown = 0
	}
}

// progress is how much of a run over many inputs is done.
type progress struct{ done, total int }

// text returns the bar after that time, such as "3 / 200 [>      ] 12/s 16s left", in
// that many columns, or longer if nothing is left of the bar between its brackets. The
// rate is that of the whole run.
func (p progress) text(since time.Duration, columns int) string {
	speed, left := "?/s", "? left"
	if p.done > 0 && since > 0 {
		rate := float64(p.done) / since.Seconds()
		digits := 0
		if rate < 10 {
			digits = 1
		}
		speed = fmt.Sprintf("%.*f/s", digits, rate)
		each := since / time.Duration(p.done)
		left = (each * time.Duration(p.total-p.done)).Round(time.Second).String() + " left"
	}
	before, after := fmt.Sprintf("%d / %d [", p.done, p.total), "] "+speed+" "+left
	room := max(0, columns-len(before)-len(after))
	line := strings.Repeat("=", room*p.done/max(1, p.total))
	if len(line) < room {
		line += ">"
	}
	return before + line + strings.Repeat(" ", room-len(line)) + after
}

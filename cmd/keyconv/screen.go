package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cheggaaa/pb/v3"
	"golang.org/x/term"
)

// barDelay is how long a run must take before a progress bar is worth the sight.
const barDelay = time.Second

const barTemplate = `{{counters .}} {{bar . "[" "=" ">" " " "]"}} {{speed . "%s/s" "?/s"}} {{rtime . "%s left" "" "? left"}}`

// screen is what a person sees of a run over many inputs: their lines, and on a terminal
// a progress bar below them, which is taken away while anything else is printed.
type screen struct {
	mu    sync.Mutex
	to    io.Writer
	bar   *pb.ProgressBar // nil where there is no terminal
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
	s.bar = pb.New(inputs).Set(pb.Static, true).SetTemplateString(barTemplate).Start()
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
	s.bar.Increment()
	text := s.text() // made from the start, since it learns the rate from it
	if time.Since(s.since) > barDelay {
		s.draw(text)
	}
}

// still keeps everything else from the terminal while a person is asked something.
func (s *screen) still(ask func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	ask()
}

func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
}

// text is the bar. It leaves the last column free: some terminals go to the next line
// after it.
func (s *screen) text() string { return s.bar.SetWidth(s.width() - 1).String() }

func (s *screen) draw(text string) {
	if len(text) >= s.width() {
		return // a terminal that narrow has no room for it
	}
	fmt.Fprint(s.to, text)
	s.shown = len(text)
}

// erase needs nothing but spaces, which every terminal and console knows.
func (s *screen) erase() {
	if s.shown > 0 {
		fmt.Fprint(s.to, "\r"+strings.Repeat(" ", s.shown)+"\r")
		s.shown = 0
	}
}

package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is for a machine that is stuck; nothing waits for it otherwise.
const patience = 60 * time.Second

// TestProgressBar draws it on a terminal below the lines, and takes it away again.
func TestProgressBar(t *testing.T) {
	t.Setenv("TERM", "xterm") // it may be "dumb" where the tests run
	user, terminal := keytest.OpenTerminal(t)
	s := newScreen(terminal, 200, false)
	require.NotNil(t, s.bar)
	all := make(chan string, 1)
	go func() { all <- readUntil(t, user, "the end") }() // a terminal takes only so much that nobody reads
	now := s.since
	s.now = func() time.Time { return now }
	s.bar.finish(0, time.Second)
	s.print(func() { fmt.Fprintln(terminal, "too early for a bar") })
	s.still(func() { now = now.Add(time.Minute); fmt.Fprint(terminal, "Passphrase: ") })
	s.print(func() { fmt.Fprintln(terminal, "still too early") })
	now = now.Add(10 * time.Second)
	for i := range 99 {
		s.bar.finish(1+i, time.Second)
	}
	s.print(func() { fmt.Fprintln(terminal, "line 0") })
	now = now.Add(10 * time.Second)
	s.print(func() {}) // by the clock
	s.still(func() { fmt.Fprint(terminal, "Again: ") })
	fmt.Fprintln(terminal, "the end")
	shown := <-all
	assert.Contains(t, shown, "too early for a bar\r\nPassphrase: still too early\r\nline 0\r\n100 / 200 [")
	assert.Regexp(t, `100 / 200 \[=+> +\] 10/s 10s left\r +\r100 / 200 \[=+> +\] 5\.0/s 20s left\r +\rAgain: the end`, shown)

	assert.Nil(t, newScreen(terminal, 200, true).bar, "with -q")
	assert.Nil(t, newScreen(&bytes.Buffer{}, 200, false).bar, "without a terminal")
	t.Setenv("TERM", "dumb")
	assert.Nil(t, newScreen(terminal, 200, false).bar, "a dumb terminal")
}

// TestProgressText: the bar has just the columns that it is given, at the start, on the
// way and at the end, and is longer only where they are too few.
func TestProgressText(t *testing.T) {
	for _, test := range []struct {
		done, total int
		since       time.Duration
		columns     int
		want        string
	}{
		{0, 200, 0, 40, "0 / 200 [>                  ] ?/s ? left"},
		{3, 200, 2 * time.Second, 40, "3 / 200 [>            ] 1.5/s 2m11s left"},
		{100, 200, 10 * time.Second, 40, "100 / 200 [=======>      ] 10/s 10s left"},
		{199, 200, time.Second, 40, "199 / 200 [=============>] 199/s 0s left"},
		{200, 200, time.Second, 40, "200 / 200 [==============] 200/s 0s left"},
		{100, 200, 10 * time.Second, 10, "100 / 200 [] 10/s 10s left"},
		{0, 0, 0, 0, "0 / 0 [] ?/s ? left"},
	} {
		p := newProgress(test.total)
		for i := range test.done {
			p.finish(i, time.Second)
		}
		got := p.text(test.since, test.columns)
		assert.Equal(t, test.want, got)
	}
}

// TestProgressWhileAsked: what is finished while a person types a passphrase, and the time
// for that, say nothing about the rest.
func TestProgressWhileAsked(t *testing.T) {
	t.Setenv("TERM", "xterm") // it may be "dumb" where the tests run
	_, terminal := keytest.OpenTerminal(t)
	s := newScreen(terminal, 100, false)
	now := s.since
	s.now = func() time.Time { return now }
	s.still(func() {
		now = now.Add(time.Hour)
		for i := range 50 {
			s.bar.finish(i, time.Minute)
		}
	})
	now = now.Add(10 * time.Second)
	for i := range 5 {
		s.bar.finish(50+i, time.Minute)
	}
	assert.Equal(t, "55 / 100 [===>   ] 0.5/s 1m30s left", s.bar.text(now.Sub(s.since)-s.asked, 35))
}

// TestProgressByTheClock draws the bar again without anything to print, and stops.
func TestProgressByTheClock(t *testing.T) {
	t.Setenv("TERM", "xterm") // it may be "dumb" where the tests run
	user, terminal := keytest.OpenTerminal(t)
	s := newScreen(terminal, 10, false)
	s.since = s.since.Add(-time.Hour)
	stop := s.tick()
	readUntil(t, user, "0 / 10 [")
	stop()
	assert.Zero(t, s.shown)
}

func readUntil(t *testing.T, from *os.File, text string) string {
	t.Helper()
	assert.NoError(t, from.SetReadDeadline(time.Now().Add(patience)))
	var shown strings.Builder
	for buf := make([]byte, 1024); !strings.Contains(shown.String(), text); {
		n, err := from.Read(buf)
		if !assert.NoError(t, err, "the terminal shows %q", &shown) {
			break
		}
		shown.Write(buf[:n])
	}
	return shown.String()
}

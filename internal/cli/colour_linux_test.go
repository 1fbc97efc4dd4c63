package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"
)

// TestColour: errors are bold and the word "warning" is yellow, on a terminal alone, of one
// input as of many.
func TestColour(t *testing.T) {
	weak := keytest.Testdata(t, "corpus", "import-edge", "rsa1024")
	for _, test := range []struct {
		name, term, noColor string
		args                []string
		want                []string
	}{
		{"error", "xterm", "", []string{"pem2ppk", "missing\x1b.pem"}, []string{"\x1b[1mkeyconv: \"missing\\x1b.pem\": no such file or directory\x1b[m\r\n"}},
		{"no hint is coloured", "xterm", "", []string{"pem2ppk", "--recurs"}, []string{"\x1b[1mkeyconv: unknown flag: --recurs\x1b[m\r\nhint: did you mean --recursive?\r\n"}},
		{"warning", "xterm", "", []string{"check", weak}, []string{"\x1b[33mwarning:\x1b[m " + weak + ": "}},
		{"many", "xterm", "", []string{"check", weak, "missing"}, []string{"\x1b[33mwarning:\x1b[m " + weak + ": ", "\r\n\x1b[1mkeyconv: missing: no such file or directory\x1b[m\r\n"}},
		{"NO_COLOR", "xterm", "1", []string{"check", weak, "missing"}, []string{"warning: " + weak, "keyconv: missing: no such file"}},
		{"dumb", "dumb", "", []string{"check", weak, "missing"}, []string{"warning: " + weak, "keyconv: missing: no such file"}},
		{"no TERM", "", "", []string{"check", weak, "missing"}, []string{"warning: " + weak, "keyconv: missing: no such file"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TERM", test.term)
			t.Setenv("NO_COLOR", test.noColor)
			user, terminal := keytest.OpenTerminal(t)
			shown := make(chan string, 1)
			go func() { shown <- readUntil(t, user, "the end") }()
			Run(t.Context(), test.args, Streams{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: terminal})
			fmt.Fprintln(terminal, "the end")
			text := <-shown
			for _, want := range test.want {
				assert.Contains(t, text, want)
				if !strings.Contains(want, "\x1b") {
					assert.NotContains(t, text, "\x1b")
				}
			}
		})
	}
	assert.False(t, wantsColour(&bytes.Buffer{}))
	file, err := os.Open(os.DevNull)
	assert.NoError(t, err)
	assert.False(t, wantsColour(file))
}

// TestHelpTakesTheWidthOfTheTerminal, within its bounds.
func TestHelpTakesTheWidthOfTheTerminal(t *testing.T) {
	for columns, want := range map[uint16]int{0: 80, 20: minColumns, 60: 60, 80: 80, 400: maxColumns} {
		user, terminal := keytest.OpenTerminal(t)
		assert.NoError(t, unix.IoctlSetWinsize(int(user.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
		assert.Equal(t, want, columnsOf(terminal), columns)
	}
	assert.Equal(t, usualColumns, columnsOf(&bytes.Buffer{}))
	user, terminal := keytest.OpenTerminal(t)
	assert.NoError(t, unix.IoctlSetWinsize(int(user.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 60}))
	shown := make(chan string, 1)
	go func() { shown <- readUntil(t, user, "Tuning") }()
	Run(t.Context(), []string{"pem2ppk", "--help=all"}, Streams{Stdin: strings.NewReader(""), Stdout: terminal, Stderr: &bytes.Buffer{}})
	pem2ppk, _, err := Root().Find([]string{"pem2ppk"})
	assert.NoError(t, err)
	want, _, _ := strings.Cut(helpText(pem2ppk, 60, true), "Tuning")
	assert.Contains(t, <-shown, strings.ReplaceAll(want, "\n", "\r\n"))
}

package window

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStatusWhileADialogIsOpen: the window does not work then, and Esc cancels nothing: it waits
// for the person.
func TestStatusWhileADialogIsOpen(t *testing.T) {
	const works = "Working. Esc cancels."
	s := newScene(t)
	s.file("other.ppk", []byte("precious"))
	s.drop(s.file("enc.pem", keytest.Read(t, "twins", "ed25519.enc.openssh")))
	shown := len(s.allShown)
	s.saveAs, s.confirm = []string{s.path("other.ppk")}, []bool{true}
	s.press(SavePPK) // no passphrase is typed
	before := s.line()
	assert.Equal(t, []string{
		works, "Waiting for the name of the file to save.", works, "Waiting for your answer, Yes or No.", works,
		"Waiting for the passphrase of enc.pem.", works, before,
	}, s.lines(shown))

	shown = len(s.allShown)
	s.logIn("", "root", "ecs", "PuTTY")
	require.Len(t, s.said, 1)
	assert.Contains(t, s.lines(shown), "Waiting for you to close the message.")
	assert.Equal(t, before, s.line())
	for _, state := range s.allShown[shown : len(s.allShown)-1] {
		assert.False(t, state.Enabled[ChooseKey], "no button can be pressed under a message")
	}
}

// TestStatusWhileOneOfSeveralAsks: those that are done meanwhile do not hide what is waited for.
func TestStatusWhileOneOfSeveralAsks(t *testing.T) {
	s := newScene(t)
	asks := 0
	s.onFill = func() {
		if asks++; asks == 2 { // the first is the list of what was found
			s.progress("1 of 3 files. Esc cancels.")
			s.drawing.Lock()
			defer s.drawing.Unlock()
			assert.Equal(t, "Waiting for the passphrase of b.pem.", s.line())
		}
	}
	s.fill = []Answers{pressed(ManyPPK, map[ID]string{ManyBeside: "1"}), typed(secret), pressed(OK, nil)}
	s.drop(s.folder())
	assert.Equal(t, 3, asks)
	lines := s.lines(0)
	assert.Contains(t, lines, "Waiting for your choice of a form and a folder.")
	assert.Equal(t, "2 of 3 keys are saved.", s.line())
	assert.False(t, strings.HasPrefix(lines[len(lines)-2], "Waiting"), "the results can be read beside the list of them")
}

// TestEachDialogSaysWhatItWaitsFor, except for that with the results.
func TestEachDialogSaysWhatItWaitsFor(t *testing.T) {
	for name, d := range tables() {
		assert.Equal(t, name != "results" && name != "main", d.Waits != "", name)
	}
}

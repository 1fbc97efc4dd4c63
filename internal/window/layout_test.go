package window

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func tables() map[string]Dialog {
	all := map[string]Dialog{"main": Main.Get()}
	for name, d := range map[string]Dialog{
		"passphrase": passphraseDialog, "new passphrase": newPassphraseDialog, "comment": commentDialog, "forms": formsDialog,
		"new key": newKeyDialog.Get(), "many": manyDialog, "results": resultsDialog,
	} {
		all[name] = d
	}
	return all
}

// TestLayout: nothing outside of the window, and nothing over something else.
func TestLayout(t *testing.T) {
	for name, d := range tables() {
		seen := map[ID]bool{}
		for i, a := range d.Controls {
			what := fmt.Sprintf("%s: %d %q", name, a.ID, a.Text)
			assert.True(t, a.X >= 8 && a.Y >= 8 && a.X+a.W <= d.W-8 && a.Y+a.H <= d.H-8, what)
			assert.False(t, a.ID != 0 && seen[a.ID], what)
			seen[a.ID] = true
			for _, b := range d.Controls[:i] {
				if a.Kind == Group || b.Kind == Group {
					continue
				}
				assert.False(t, a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H, "%s over %d %q", what, b.ID, b.Text)
			}
		}
	}
}

// TestKeyboard: every letter reaches one control alone, and everything that can be filled
// in has a label before it, which is its name for a screen reader.
func TestKeyboard(t *testing.T) {
	for name, d := range tables() {
		letters := map[string]string{}
		for i, c := range d.Controls {
			if letter := mnemonic(c.Text); letter != "" {
				assert.Empty(t, letters[letter], "%s: Alt+%s is also for %q", name, letter, c.Text)
				letters[letter] = c.Text
			} else if c.Kind == Button && c.ID != OK && c.ID != Cancel || c.Kind == Radio {
				assert.Fail(t, "no letter", "%s: %q", name, c.Text)
			}
			if slices.Contains([]Kind{Edit, Secret, Combo, Choice, List, ReadOnly}, c.Kind) && c.ID != StatusLine {
				assert.Equal(t, Label, d.Controls[i-1].Kind, "%s: control %d has no name", name, c.ID)
				assert.NotEmpty(t, mnemonic(d.Controls[i-1].Text), "%s: control %d", name, c.ID)
			}
		}
		if name != "main" {
			assert.True(t, slices.ContainsFunc(d.Controls, func(c Control) bool { return c.ID == OK || c.ID == Cancel }), "%s: Esc", name)
		}
	}
}

func mnemonic(text string) string {
	_, after, found := strings.Cut(strings.ReplaceAll(text, "&&", ""), "&")
	if !found {
		return ""
	}
	return strings.ToLower(after[:1])
}

// TestEveryButtonDoesSomething of the main window.
func TestEveryButtonDoesSomething(t *testing.T) {
	count := 0
	for _, c := range Main.Get().Controls {
		if c.Kind == Button {
			assert.NotNil(t, actions()[c.ID], c.Text)
			count++
		}
	}
	assert.Len(t, actions(), count)
	s := newScene(t)
	for id := range s.state().Enabled {
		assert.NotNil(t, actions()[id])
	}
}

// TestLogInText: each program has a button of its own.
func TestLogInText(t *testing.T) {
	for _, c := range clients.Get() {
		assert.Equal(t, c.button, LogInText(c.title))
		assert.Equal(t, "l", mnemonic(c.button))
	}
	assert.Equal(t, clients.Get()[0].button, LogInText(""))
}

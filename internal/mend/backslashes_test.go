package mend

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBackslashesAreNamed says what backslashes were, of which only some are line ends.
func TestBackslashesAreNamed(t *testing.T) {
	for _, undo := range []func(string) string{unSlash, unBackslash} {
		for text, want := range map[string]string{
			"AAAA\\/BBB\nCC\\/C\n":    "backslashes",
			`AAAA\/BBB\nCC\/C\n`:      "escapes",
			`AAAA\u002fBBB\u000aCC`:   "escapes",
			"AAAA\\u002fBBB\nCC\n":    "backslashes",
			"AAAA\\/BBB\\r\\nCC\r\nD": "escapes",
		} {
			assert.Equal(t, []string{want}, (&reading{text: text}).with(undo(text), "escapes").codes, "%q", text)
		}
	}
	for _, text := range []string{"AAAA\\\nBBBB\\\n", "AAAA \\\r\nBBBB \\\r\n"} {
		assert.Equal(t, []string{"continued"}, (&reading{text: text}).with(unBackslash(text), "escapes").codes, "%q", text)
	}
}

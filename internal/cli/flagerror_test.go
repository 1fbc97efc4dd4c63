package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	words := []string{"output", "output-dir", "force", "passphrase-file", "to"}
	for mistyped, want := range map[string]string{
		"ouput": "output", "outptu": "output", "out": "output", "output-d": "output-dir", "froce": "force", "pasphrase-fil": "passphrase-file",
		"xml": "", "f": "", "": "", "tp": "to", "recursive": "", "forcefully": "",
	} {
		assert.Equal(t, want, nearest(mistyped, words), mistyped)
	}
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 2}} {
		assert.Equal(t, test.want, distance(test.a, test.b), test)
	}
}

package mend

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPlusAtTheEnd: a + that was the last letter of all is a space at the end of the body, alone or
// before the space that the line end became.
func TestPlusAtTheEnd(t *testing.T) {
	want := strings.Repeat("QUJD", 16) + "QUI+"
	for _, body := range []string{"\n" + want[:64] + "\nQUI \n", " " + want[:64] + " QUI  ", "  " + want[:64] + "  QUI   "} {
		s := segment{begin: "x", end: "x", body: body}
		assert.True(t, slices.ContainsFunc(s.bodies(body), func(c content) bool { return c.text == want && c.guess }), "%q", body)
	}
}

package mend

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDecorationIsNamed: what stood at the lines is named for what it was.
func TestDecorationIsNamed(t *testing.T) {
	for d, want := range map[decoration]string{
		{"", `\`}: "continued", {" ", ` \`}: "continued", {"", `\n`}: "escapes", {"", `\n\`}: "escapes",
		{`"`, `"`}: "joined", {"<p>", "</p>"}: "html", {"", "^M"}: "controls", {"", "#"}: "suffix", {"+ ", ""}: "prefix",
	} {
		assert.Equal(t, []string{want}, d.codes(), "%q", d)
		assert.NotEmpty(t, named([]string{want})[0].Message)
	}
}

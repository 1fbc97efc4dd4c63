package mend

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestJointLooksNoFurther: joint is asked at every quote of a text, so it must not look at all
// of the rest: whatever comes before the next quote, it is found where it is near and not
// where it is further than maxJoint.
func TestJointLooksNoFurther(t *testing.T) {
	for _, between := range []string{" ", "\n", "\r\n", "\t", "+", `\`, `"`} {
		for count, found := range map[int]bool{100: true, maxJoint + 50: false} {
			text := `"` + strings.Repeat(between, count) + `'more'`
			want := 0
			if found {
				want = len(text) - len(`more'`)
			}
			assert.Equal(t, want, joint(text), "%d of %q", count, between)
		}
	}
}

// TestJointIsOfItsWindow: no text after the first maxJoint characters changes the answer.
func TestJointIsOfItsWindow(t *testing.T) {
	for _, text := range []string{`" +` + "\n" + `  "x`, `",` + strings.Repeat(" ", maxJoint), `" + Environment.NewLine + "x`, `"` + strings.Repeat("x", maxJoint)} {
		for _, after := range []string{`"`, "'", " + \"", "\n"} {
			text := text + strings.Repeat(" ", max(0, maxJoint-len(text)))
			assert.Equal(t, joint(text), joint(text+after), "%q, then %q", text, after)
		}
	}
}

// TestJoinedEmptyLine: an empty string between others is a line, and takes no letters of them.
func TestJoinedEmptyLine(t *testing.T) {
	for _, test := range []struct{ join, empty string }{
		{`'$'\n''`, `''`}, {`'+CHAR(10)+'`, `''`}, {`" + Environment.NewLine + "`, `""`}, {`' || CHR(10) || '`, `''`}, {`", "`, `""`}, {`";"`, `""`}, {`" . "`, `""`},
	} {
		quote := test.empty[:1]
		lines := []string{"-----BEGIN X-----", "DEK-Info: x", "", "AAAA", "-----END X-----"}
		text := quote + strings.Join(lines, test.join) + quote
		assert.Equal(t, "-----BEGIN X-----\nDEK-Info: x\nAAAA\n", strings.Trim(strings.TrimSuffix(unJoin(text), lines[4]+quote), quote), text)
	}
}

// TestNoLineIsLeftOut: a line of a key with something else in it is not left out as other text.
func TestNoLineIsLeftOut(t *testing.T) {
	line := strings.Repeat("QUJD", 16)
	for between, want := range map[string]string{"--More--": line + line + line, "page 1 of 2": line + line + line, "+CHAR(10)+'" + line: "", line + "');": ""} {
		assert.Equal(t, want, fullLines(strings.Join([]string{line, line, between, line}, "\n")), between)
	}
}

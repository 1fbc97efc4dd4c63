package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNewPassphraseValues: the flag asks without a value, and its error does not have one,
// which may be a passphrase.
func TestNewPassphraseValues(t *testing.T) {
	for text, want := range map[string]newPassphrase{
		"true": {asks: true}, "false": {}, "generate": {made: makeAndShow}, "generate-to-stderr": {made: makeAndPrint},
	} {
		v := newPassphrase{asks: true, made: "before"}
		shown, err := v.set(text)
		require.NoError(t, err)
		assert.Equal(t, want, v)
		assert.Equal(t, text, shown)
	}
	for _, text := range []string{"", "hunter2", "Generate", "generate "} {
		_, err := (&newPassphrase{}).set(text)
		require.Error(t, err)
		if text != "" {
			assert.NotContains(t, err.Error(), text)
		}
	}
}

// TestMadePassphrase has six words, is another each time, and is printed once, before it is
// handed over.
func TestMadePassphrase(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+){5,}$`)
	seen := map[string]bool{}
	for range 20 {
		var stderr bytes.Buffer
		p := &program{printer: printer{stderr: &stderr, quiet: true}}
		text, err := p.makePassphrase(makeAndPrint).Read(t.Context())
		require.NoError(t, err)
		made := string(text.Bytes)
		assert.Regexp(t, form, made)
		assert.False(t, seen[made])
		seen[made] = true
		assert.Equal(t, 1, strings.Count(stderr.String(), made))
	}
}

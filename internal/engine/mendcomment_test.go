package engine_test

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConvertedComment: PuTTYgen on Windows makes the MAC of the comment in a code page. A file
// that was converted to UTF-8 opens, plain and encrypted, also with another damage, and its
// comment is text.
func TestConvertedComment(t *testing.T) {
	for text, bytes := range map[string]string{
		"Schl\u00fcssel": "Schl\xfcssel", "\u043a\u043b\u044e\u0447": "\xea\xeb\xfe\xf7", "\u5bc6\u7801": "\xc3\xdc\xc2\xeb",
		"\u30d1\u30b9": "\x83\x70\x83\x58", "\ube44\ubc00": "\xba\xf1\xb9\xd0", "Schl\u00c3\u00bcssel": "Schl\u00fcssel",
	} {
		for _, encrypted := range []bool{false, true} {
			for _, damage := range []string{"", "  "} {
				key := keytest.Type(t, "ed25519").New(t)
				key.Comment = bytes
				converted := strings.Replace(string(marshal(t, key, engine.PPK, encrypted)), bytes, text, 1)
				f, err := engine.OpenMended(engine.Mend([]byte(strings.ReplaceAll(converted, "\n", "\n"+damage))), 0, engine.Limits{})
				require.NoError(t, err, text)
				got, repairs, err := f.DecryptMended([]byte(passphrase))
				require.NoError(t, err, text)
				assert.True(t, key.Equal(got))
				assert.Equal(t, text, got.Comment)
				assert.Contains(t, codesOf(repairs), "comment", text)
			}
		}
	}
}

// TestCommentInUTF8: a comment that was not converted has no repair.
func TestCommentInUTF8(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		key := keytest.Type(t, "ed25519").New(t)
		key.Comment = "Schl\u00fcssel"
		f, err := engine.OpenMended(engine.Mend(marshal(t, key, engine.PPK, encrypted)), 0, engine.Limits{})
		require.NoError(t, err)
		assert.Empty(t, f.Repairs)
		got, repairs, err := f.DecryptMended([]byte(passphrase))
		require.NoError(t, err)
		assert.Equal(t, key.Comment, got.Comment)
		assert.Empty(t, repairs)
	}
}

// TestConvertedCommentAndPuTTY: PuTTY opens the file once it has the comment of which the MAC was
// made, and not as it stands.
func TestConvertedCommentAndPuTTY(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	key.Comment = "Schl\xfcssel"
	converted := []byte(strings.Replace(string(marshal(t, key, engine.PPK, false)), "\xfc", "\u00fc", 1))
	f, err := engine.OpenMended(engine.Mend(converted), 0, engine.Limits{})
	require.NoError(t, err)
	clean, _ := f.Clean()
	assert.True(t, engine.InspectFile(f, clean).Programs[0].Opens())
	assert.Equal(t, engine.Refuses, engine.InspectFile(f, converted).Programs[0].Answer)
}

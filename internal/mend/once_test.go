package mend

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTextWithoutMarkersIsReadOnce: what a text may be as numbers is looked for once in each
// of its readings, whatever is asked of the result.
func TestTextWithoutMarkersIsReadOnce(t *testing.T) {
	text := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 1000)
	calls := 0
	saved := numberReaders
	defer func() { numberReaders = saved }()
	numberReaders = []func(string) []byte{func(string) []byte { calls++; return nil }}
	readings := map[string]bool{}
	m := &mender{Judge{Spend: func(int) bool { return true }}}
	m.layers([]byte(text), func(layer []*reading) bool {
		for _, r := range layer {
			readings[r.text] = true
		}
		return true
	})
	assert.Positive(t, calls)
	assert.LessOrEqual(t, calls, len(readings))
}

// TestRunsOfQuotes: a long run of quotes is passed over at once, and stays as it is; strings
// around it are joined as they are without it.
func TestRunsOfQuotes(t *testing.T) {
	for _, quote := range []string{`"`, `'`, "`"} {
		for _, n := range []int{maxJoint - 1, maxJoint, maxJoint + 1, 3 * maxJoint} {
			run := strings.Repeat(quote, n)
			assert.Equal(t, run, unJoinAll(run))
			parts := `"a" + "b"` + "\n" + `"c" + "d"`
			assert.Equal(t, unJoinAll(parts+" ; ")+run, unJoinAll(parts+" ; "+run), "%d of %s", n, quote)
		}
	}
}

// TestBase64IsProbed: a text that does not begin as the base64 of a text or a key does is not
// decoded to its end.
func TestBase64IsProbed(t *testing.T) {
	for text, want := range map[string]bool{
		"MIIEowIBAAKCAQEA" + strings.Repeat("AAAA", 100): true, // DER
		"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ==":   true, // openssh-key-v1
		"P2/56wAAAAA=": true, // ssh.com
		"LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K":                 true,
		strings.Repeat("the quick brown fox jumps over the lazy dog ", 20): false,
	} {
		assert.Equal(t, want, mayBeBase64(text), text[:10])
	}
}

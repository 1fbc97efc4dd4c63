package engine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBase64ValuesAllocateInProportion: a value goes on over many lines, and is not copied for
// each of them: four times the text takes about four times the memory, and not sixteen times.
func TestBase64ValuesAllocateInProportion(t *testing.T) {
	allocated := func(size int, line string) uint64 {
		first := strings.Repeat("A", minWord) + "\n"
		text := []byte(first + strings.Repeat(line, size/len(line)))
		var values []base64Value
		n := keytest.Allocated(func() { values = base64Values(text) })
		require.Len(t, values, 1)
		require.Len(t, values[0].text, minWord+bytes.Count(text[len(first):], []byte("A")))
		return n
	}
	for _, line := range []string{"AAAA\n", strings.Repeat("A", 64) + "\n", strings.Repeat("A", 64) + "\r\n", "  AAAA\n", `AAAA\n`} {
		small, large := allocated(64<<10, line), allocated(256<<10, line)
		assert.Less(t, large, 7*small, "%q", line)
	}
}

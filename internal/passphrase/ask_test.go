package passphrase

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadTypedLine(t *testing.T) {
	largest := strings.Repeat("s", maxSize)
	tests := map[string]struct {
		keys string
		edit bool
		want string
	}{
		"line":                  {"secret\nrest", false, "secret"},
		"empty line":            {"\n", false, ""},
		"spaces":                {" s \n", false, " s "},
		"end after text":        {"secret", false, "secret"},
		"CR and BS are text":    {"a\rb\bc\n", false, "a\rb\bc"},
		"largest":               {largest + "\n", false, largest},
		"keys":                  {"secret\rrest", true, "secret"},
		"keys, LF":              {"secret\nrest", true, "secret"},
		"backspace":             {"sex\bcret\r", true, "secret"},
		"backspace of a letter": {"é€\b\bs\r", true, "s"},
		"backspace of nothing":  {"\b\bs\b\b\bt\r", true, "t"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := readTypedLine(strings.NewReader(tt.keys), tt.edit)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
		})
	}
}

// TestTypedLineLeavesTheRest: the rest is for the next prompt.
func TestTypedLineLeavesTheRest(t *testing.T) {
	keys := strings.NewReader("first\nsecond\n")
	for _, want := range []string{"first", "second"} {
		got, err := readTypedLine(keys, false)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
}

func TestTypedLineErrors(t *testing.T) {
	cause := errors.New("hung up")
	for name, keys := range map[string]io.Reader{
		"end":         strings.NewReader(""),
		"read failed": iotest.ErrReader(cause),
		"half a line": io.MultiReader(strings.NewReader("hunter2"), iotest.ErrReader(cause)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readTypedLine(keys, false)
			assert.ErrorIs(t, err, ErrNoInput)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.Nil(t, got)
		})
	}
	_, err := readTypedLine(iotest.ErrReader(cause), false)
	assert.ErrorIs(t, err, cause)

	_, err = readTypedLine(strings.NewReader("s\x00\n"), false)
	assertUsage(t, err, "the passphrase", problemNUL)
	_, err = readTypedLine(bytes.NewReader(bytes.Repeat([]byte("s"), maxSize+1)), false)
	assertUsage(t, err, "the passphrase", "is longer than 64 KiB")
}

func TestAskWithEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Ask(ctx, "prompt")
	assert.Equal(t, context.Canceled, err)
	_, err = AskTwice(ctx, "prompt", "again")
	assert.Equal(t, context.Canceled, err)
}

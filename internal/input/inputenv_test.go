package input

import (
	"os"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInputEnvIsUnset: what is started later does not inherit the key.
func TestInputEnvIsUnset(t *testing.T) {
	key := keytest.Read(t, "console-rsa2048.pem")
	t.Setenv("KEYCONV_TEST_KEY", string(key))
	got, err := readEnv("KEYCONV_TEST_KEY")
	require.NoError(t, err)
	assert.Equal(t, key, got)
	_, still := os.LookupEnv("KEYCONV_TEST_KEY")
	assert.False(t, still)
	_, err = readEnv("KEYCONV_TEST_KEY")
	assert.Equal(t, fault.Usage, fault.ExitCode(err))
}

func TestInputNames(t *testing.T) {
	for _, test := range []struct {
		input, plain, display string
		stream                bool
	}{
		{"key.pem", "key.pem", "key.pem", false},
		{"env:KEY", "env:KEY", "env:KEY", false},
		{Stdio, "-", "standard input", true},
		{envPrefix + "KEY", "env:KEY", "env:KEY", true},
		{envPrefix + "A\x1bB", "env:A\x1bB", `"env:A\x1bB"`, true},
	} {
		assert.Equal(t, test.plain, PlainName(test.input))
		assert.Equal(t, test.display, Shown(test.input))
		assert.Equal(t, test.stream, IsStream(test.input), "%q", test.input)
	}
}

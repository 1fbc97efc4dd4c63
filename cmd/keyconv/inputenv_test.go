package main

import (
	"os"
	"testing"

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
	assert.Equal(t, exitUsage, exitCode(err))
}

func TestInputNames(t *testing.T) {
	for _, test := range []struct {
		input, plain, display, shell string
		stream                       bool
	}{
		{"key.pem", "key.pem", "key.pem", "key.pem", false},
		{"env:KEY", "env:KEY", "env:KEY", "env:KEY", false},
		{stdio, "-", "standard input", "FILE", true},
		{envPrefix + "KEY", "env:KEY", "env:KEY", "--input-env KEY", true},
		{envPrefix + "A\x1bB", "env:A\x1bB", `"env:A\x1bB"`, "--input-env FILE", true},
	} {
		assert.Equal(t, test.plain, plainName(test.input))
		assert.Equal(t, test.display, displayName(test.input))
		assert.Equal(t, test.shell, shellNameOn("linux", test.input))
		assert.Equal(t, test.stream, isStream(test.input), "%q", test.input)
	}
}

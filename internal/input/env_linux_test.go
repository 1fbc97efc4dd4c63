package input

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
)

// TestInputEnvIsLimited: a variable on Windows is smaller than the limit anyway.
func TestInputEnvIsLimited(t *testing.T) {
	t.Setenv("KEYCONV_TEST_KEY", strings.Repeat("x", sshkey.MaxFileSize+1))
	_, err := readEnv("KEYCONV_TEST_KEY")
	assert.Equal(t, fault.NotAKey, fault.ExitCode(err))
}

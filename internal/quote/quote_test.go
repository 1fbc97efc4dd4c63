package quote

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShort(t *testing.T) {
	assert.Equal(t, `"ssh-rsa"`, Short("ssh-rsa"))
	assert.Equal(t, `"\x1b[31m\u202e\xff"`, Short([]byte("\x1b[31m\u202e\xff")))
	long := Short(strings.Repeat("k", 1000))
	assert.Equal(t, `"`+strings.Repeat("k", 40)+`"...`, long)
}

func TestForeign(t *testing.T) {
	assert.Equal(t, "unknown key algorithm: a?[31mb??", Foreign(errors.New("ssh: unknown key algorithm: a\x1b[31mb\n\u202e")))
	assert.Equal(t, "malformed", Foreign(errors.New("x509: malformed")))
}

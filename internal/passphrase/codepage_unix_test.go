//go:build unix

package passphrase

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNotUTF8: bytes that are not text are a passphrase too.
func TestNotUTF8(t *testing.T) {
	t.Setenv(variable, "s\xebcret\n")
	for _, source := range []Source{File(fileWith(t, "s\xebcret\n")), FD(0), Env(variable)} {
		got, err := source.Read(t.Context(), strings.NewReader("s\xebcret\n"))
		require.NoError(t, err)
		assert.Equal(t, "s\xebcret", string(got.Bytes), source)
	}
}

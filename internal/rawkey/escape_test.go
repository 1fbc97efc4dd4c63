package rawkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoEscapesFromOtherLibraries: golang.org/x/crypto/ssh puts the key type of a file
// into its message unchanged. Found by fuzzing.
func TestNoEscapesFromOtherLibraries(t *testing.T) {
	for _, algorithm := range []string{
		"ecdsa-sha2-\x1b[31m\n-cert-v01@openssh.com", "sk-\x1b[31m\n@openssh.com", "\x1b[31m\n",
	} {
		blob := wire.AppendString(wire.AppendString(nil, algorithm), "rest")
		_, err := rawkey.ParsePublic(blob)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "\x1b")
		assert.NotContains(t, err.Error(), "\n")
	}
}

package rawkey_test

import (
	"crypto/ecdsa"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestECDSAKeyIsLeftAlone: crypto/ecdsa hands out the memory that it signs with, so
// clearing it made half of the signatures of another goroutine wrong.
func TestECDSAKeyIsLeftAlone(t *testing.T) {
	key := keytest.Type(t, "ecdsa256").New(t)
	scalar, err := key.Private.(*ecdsa.PrivateKey).Bytes()
	require.NoError(t, err)
	before := append([]byte(nil), scalar...)
	require.NoError(t, key.Check())
	require.True(t, key.Equal(key))
	assert.Equal(t, before, scalar)
}

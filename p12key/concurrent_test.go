package p12key

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConcurrentUse: goroutines may share a File, and the key that it gives.
func TestConcurrentUse(t *testing.T) {
	for _, name := range []string{"rsa2048.p12", "ecdsa256.p12", "legacy.p12", "legacy-rc2.p12", "plain-mac.p12"} {
		f, err := Decode(read(t, name))
		require.NoError(t, err, name)
		key, err := f.Decrypt([]byte(passphrase))
		require.NoError(t, err, name)
		keytest.Concurrently(func() {
			got, err := f.Decrypt([]byte(passphrase))
			if assert.NoError(t, err, name) {
				assert.True(t, key.Equal(got), name)
			}
			_, err = f.Decrypt([]byte("another"))
			assert.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
		})
	}
}

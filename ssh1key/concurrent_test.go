package ssh1key

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConcurrentUse: goroutines may share a File, and the key that it gives.
func TestConcurrentUse(t *testing.T) {
	for name, passphrase := range map[string][]byte{"rsa1024.key": nil, "rsa1024.enc.key": []byte(keytest.Passphrase)} {
		f, err := Decode(read(t, name))
		require.NoError(t, err, name)
		key, err := f.Decrypt(passphrase)
		require.NoError(t, err, name)
		keytest.Concurrently(func() {
			got, err := f.Decrypt(passphrase)
			if assert.NoError(t, err, name) {
				assert.True(t, key.Equal(got), name)
			}
		})
	}
}

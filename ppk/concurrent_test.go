package ppk

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
)

// TestConcurrentUse: goroutines may share a File, and the key that it gives.
func TestConcurrentUse(t *testing.T) {
	key := keytest.Type(t, "ed25519").New(t)
	for _, s := range shapes {
		data := s.write(t, key)
		f := decoded(t, data)
		keytest.Concurrently(func() {
			got, err := f.Decrypt(s.passphrase())
			if assert.NoError(t, err, s.name) {
				assert.True(t, key.Equal(got), s.name)
			}
			if s.encrypted {
				_, err = f.Decrypt([]byte("another"))
				assert.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, s.name)
			}
			_, err = Marshal(key, &Options{Version: s.version})
			assert.NoError(t, err, s.name)
		})
	}
}

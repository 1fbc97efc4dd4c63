package pemkey

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConcurrentUse: goroutines may share a File, and the key that it gives.
func TestConcurrentUse(t *testing.T) {
	for _, name := range []string{
		"rsa2048.pem", "rsa2048.aes128.pem", "rsa2048.sshcom", "rsa2048.enc.sshcom", "ecdsa256.pem", "ed25519.openssh",
		"ecdsa256.pkcs8.pem", "ecdsa256.pkcs8.enc.pem", "ecdsa256.pkcs8.scrypt.pem", "ecdsa256.pkcs8.pbe-sha1-3des.pem",
	} {
		f, err := Decode(keytest.Read(t, "twins", name))
		require.NoError(t, err, name)
		var passphrase []byte
		if f.Encrypted() {
			passphrase = []byte(keytest.Passphrase)
		}
		key, err := f.Decrypt(passphrase)
		require.NoError(t, err, name)
		keytest.Concurrently(func() {
			got, err := f.Decrypt(passphrase)
			if assert.NoError(t, err, name) {
				assert.True(t, key.Equal(got), name)
			}
			if f.Encrypted() {
				_, err = f.Decrypt([]byte("another"))
				assert.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
			}
			_, err = Marshal(key, nil)
			assert.NoError(t, err, name)
		})
	}
}

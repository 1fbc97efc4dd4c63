package pemkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/ppk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConsoleKeyThroughPPK: an RSA key from a console comes back from a PuTTY file
// byte for byte.
func TestConsoleKeyThroughPPK(t *testing.T) {
	console := keytest.Read(t, "console-rsa2048.pem")
	key, err := pemkey.Parse(console)
	require.NoError(t, err)
	putty, err := ppk.Marshal(key, nil)
	require.NoError(t, err)
	back, err := ppk.Parse(putty)
	require.NoError(t, err)
	out, err := pemkey.Marshal(back, nil)
	require.NoError(t, err)
	assert.Equal(t, string(console), string(out))
}

// TestTwinsThroughPPK: what puttygen made of the same key holds the same numbers.
func TestTwinsThroughPPK(t *testing.T) {
	for _, twin := range keytest.Twins(t, "pkcs1", "sec1", "dsa", "pkcs8") {
		if twin.Encrypted {
			continue
		}
		want, err := ppk.Parse(keytest.Read(t, "twins", twin.Type+".v3.ppk"))
		require.NoError(t, err)
		key, err := pemkey.Parse(twin.Data)
		require.NoError(t, err)
		assert.True(t, want.Equal(key), twin.Name)

		putty, err := ppk.Marshal(key, nil)
		require.NoError(t, err)
		back, err := ppk.Parse(putty)
		require.NoError(t, err)
		encoding := pemkey.Traditional
		if twin.Format == "pkcs8" {
			encoding = pemkey.PKCS8
		}
		out, err := pemkey.Marshal(back, &pemkey.Options{Encoding: encoding})
		require.NoError(t, err)
		assert.Equal(t, string(twin.Data), string(out), twin.Name)
	}
}

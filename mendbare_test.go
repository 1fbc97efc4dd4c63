package keyconv_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
)

// TestBareKeyIsNotGuessed: a line of base64 is there twice, and covers the one with the rest
// of the key. Nothing in PKCS#8 without a public half proves where the key ends, so that what
// is read there would be another key.
func TestBareKeyIsNotGuessed(t *testing.T) {
	_, private, err := ed448.GenerateKey(rand.Reader)
	require.NoError(t, err)
	file, err := pemkey.Marshal(&sshkey.Key{Private: private}, &pemkey.Options{Encoding: pemkey.PKCS8})
	require.NoError(t, err)
	lines := strings.Split(string(file), "\n")
	for text, good := range map[string]bool{
		lines[1] + "\n" + lines[2] + "\n":                                           true,
		lines[1] + "\n" + lines[2] + "\nBest regards\n":                             true,
		lines[1] + "\n" + lines[1] + "\n":                                           false,
		lines[0] + "\n" + lines[1] + "\n" + lines[1] + "\n" + lines[3] + "\n":       false,
		"My key: " + lines[1] + "\n" + lines[1] + "\nI hope that you can use it.\n": false,
	} {
		f, err := keyconv.OpenMended(keyconv.Mend([]byte(text)), 0, keyconv.Limits{})
		if !good {
			assert.Error(t, err, text)
			continue
		}
		require.NoError(t, err, text)
		key, err := f.Decrypt(nil)
		require.NoError(t, err, text)
		assert.True(t, key.Equal(sshkey.Key{Private: private}), text)
	}
}

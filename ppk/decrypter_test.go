package ppk

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commented is an encrypted file, and readings of it with other comments.
func commented(t *testing.T, version, readings int) []*File {
	t.Helper()
	opts := &Options{Version: version}
	if version == 3 {
		opts.Argon2 = &Argon2Params{Memory: 64, Passes: 1}
	}
	out, err := MarshalWithPassphrase(keytest.Type(t, "ed25519").New(t), []byte("p"), opts)
	require.NoError(t, err)
	var files []*File
	for i := range readings {
		name := []byte("Comment: ed25519 random")
		require.Contains(t, string(out), string(name))
		f, err := Decode(bytes.Replace(out, name, append(name, strconv.Itoa(i)...), 1))
		require.NoError(t, err)
		files = append(files, f)
	}
	f, err := Decode(out)
	require.NoError(t, err)
	return append(files, f)
}

// TestDecrypterDerivesOnce: files that differ in the comment cost one derivation, and
// the MAC says which is right. What was derived is wiped.
func TestDecrypterDerivesOnce(t *testing.T) {
	for _, version := range []int{2, 3} {
		ran := 0
		d := NewDecrypter([]byte("p"))
		d.derive = func(p Argon2Params, passphrase, salt []byte, size uint32) []byte {
			ran++
			return runArgon2(p, passphrase, salt, size)
		}
		files := commented(t, version, 11)
		assert.False(t, d.Has(files[0]))
		for _, f := range files[:11] {
			_, err := d.Decrypt(f)
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
			assert.True(t, d.Has(f))
		}
		key, err := d.Decrypt(files[11])
		require.NoError(t, err)
		assert.Equal(t, "ed25519 random", key.Comment)
		assert.Len(t, d.derived, 1)
		if version == 3 {
			assert.Equal(t, 1, ran)
		}
		other := commented(t, version, 0)[0] // with a salt of its own
		assert.Equal(t, version == 2, d.Has(other))
		_, err = d.Decrypt(other)
		require.NoError(t, err)

		var secrets [][]byte
		for _, k := range d.derived {
			secrets = append(secrets, k.cipher, k.iv, k.mac)
		}
		secrets = append(secrets, d.passphrase)
		d.Close()
		for _, secret := range secrets {
			assert.Equal(t, make([]byte, len(secret)), secret)
		}
		assert.Empty(t, d.derived)
	}
}

// TestDecrypterOfPlainFiles: nothing is derived for them.
func TestDecrypterOfPlainFiles(t *testing.T) {
	out, err := Marshal(&sshkey.Key{Private: keytest.Type(t, "ed25519").New(t).Private}, nil)
	require.NoError(t, err)
	f, err := Decode(out)
	require.NoError(t, err)
	d := NewDecrypter([]byte("p"))
	defer d.Close()
	d.derive = noKDF(t)
	assert.True(t, d.Has(f))
	_, err = d.Decrypt(f)
	require.NoError(t, err)
}

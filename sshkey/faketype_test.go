package sshkey_test

import (
	"bytes"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// fakeKey is a private key of a type that only package sshkey knows.
type fakeKey string

// TestFakeType adds a type of key to this package alone. Everything answers: code that
// needs no other package works with the key, and the formats and programs that do not
// know of it refuse or say "not known".
func TestFakeType(t *testing.T) {
	key := sshkey.Key{Private: fakeKey("secret"), Comment: "a comment"}
	_, err := key.Public()
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	sshkey.AddType(t, sshkey.NewFakeType("fake", "ssh-fake", func(private any) []byte {
		if k, ok := private.(fakeKey); ok {
			return []byte(k)
		}
		return nil
	}))

	pub, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, "ssh-fake", pub.Type())
	assert.Equal(t, 77, sshkey.Bits(pub))
	assert.True(t, key.Equal(key))
	assert.False(t, key.Equal(sshkey.Key{Private: fakeKey("another")}))
	assert.Empty(t, sshkey.Findings(key))
	assert.Empty(t, sshkey.PublicFindings(pub))
	assert.Contains(t, keyconv.KeyTypes(), "fake")
	made, err := keyconv.Generate("fake", 0)
	require.NoError(t, err)
	assert.NotNil(t, made.Private)
	_, err = keyconv.Generate("fake", 78)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))

	for _, format := range keyconv.Formats() {
		out, err := keyconv.Marshal(&key, format, nil)
		if format == keyconv.Public || format == keyconv.RFC4716 {
			require.NoError(t, err, format)
			f, err := keyconv.Open(out, keyconv.Limits{})
			require.NoError(t, err, format)
			assert.Equal(t, pub.Marshal(), f.PublicKey.Marshal())
			continue
		}
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError), "%s: %v", format, err)
	}
	assert.Equal(t, keyconv.OpenSSH, keyconv.PEM.Resolve("ssh-fake"), "no traditional form is known")

	for _, format := range []keyconv.Format{keyconv.PPK, keyconv.OpenSSH, keyconv.PKCS8, keyconv.PEM} {
		file := &keyconv.File{Format: format, Private: true, Encryption: "aes256-cbc", PublicKey: pub}
		for _, v := range keyconv.InspectFile(file, bytes.Repeat([]byte("x"), 10)).Programs {
			assert.NotEqual(t, keyconv.Opens, v.Answer, "%s and %s", v.Program, format)
		}
	}
	assert.Equal(t, keyconv.NotKnown, puttyOn(pub).Answer, "PuTTY opens the form, but has it the type?")
}

func puttyOn(pub ssh.PublicKey) keyconv.Verdict {
	file := &keyconv.File{Format: keyconv.PPK, Private: true, Encryption: "aes256-cbc", PublicKey: pub}
	return keyconv.InspectFile(file, nil).Programs[0]
}

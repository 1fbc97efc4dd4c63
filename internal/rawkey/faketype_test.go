package rawkey_test

import (
	"bytes"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/rawkey"
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
	key := &sshkey.Key{Private: fakeKey("secret"), Comment: "a comment"}
	_, err := key.Public()
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	rawkey.AddType(t, rawkey.NewFakeType("fake", "ssh-fake", func(private any) []byte {
		if k, ok := private.(fakeKey); ok {
			return []byte(k)
		}
		return nil
	}))

	pub, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, "ssh-fake", pub.Type())
	assert.Equal(t, 77, rawkey.Bits(pub))
	assert.True(t, key.Equal(key))
	assert.False(t, key.Equal(&sshkey.Key{Private: fakeKey("another")}))
	assert.Empty(t, rawkey.Findings(key.Private))
	assert.Empty(t, rawkey.PublicFindings(pub))
	assert.Contains(t, engine.KeyTypes(), "fake")
	made, err := engine.Generate("fake", 0)
	require.NoError(t, err)
	assert.NotNil(t, made.Private)
	_, err = engine.Generate("fake", 78)
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))

	for _, format := range engine.Formats() {
		out, err := engine.Marshal(key, format, nil)
		if format == engine.Public || format == engine.RFC4716 {
			require.NoError(t, err, format)
			f, err := engine.Open(out, engine.Limits{})
			require.NoError(t, err, format)
			assert.Equal(t, pub.Marshal(), f.PublicKey.Marshal())
			continue
		}
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError), "%s: %v", format, err)
	}
	assert.Equal(t, engine.OpenSSH, engine.PEM.Resolve("ssh-fake"), "no traditional form is known")

	for _, format := range []engine.Format{engine.PPK, engine.OpenSSH, engine.PKCS8, engine.PEM} {
		file := &engine.File{Format: format, Private: true, Encryption: "aes256-cbc", PublicKey: pub}
		for _, v := range engine.InspectFile(file, bytes.Repeat([]byte("x"), 10)).Programs {
			assert.NotEqual(t, engine.Opens, v.Answer, "%s and %s", v.Program, format)
		}
	}
	assert.Equal(t, engine.NotKnown, puttyOn(pub).Answer, "PuTTY opens the form, but has it the type?")
}

func puttyOn(pub ssh.PublicKey) engine.Verdict {
	file := &engine.File{Format: engine.PPK, Private: true, Encryption: "aes256-cbc", PublicKey: pub}
	return engine.InspectFile(file, nil).Programs[0]
}

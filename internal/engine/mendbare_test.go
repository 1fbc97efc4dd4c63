package engine_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyconv/keyconv/internal/engine"
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
		f, err := engine.OpenMended(engine.Mend([]byte(text)), 0, engine.Limits{})
		if !good {
			assert.Error(t, err, text)
			continue
		}
		require.NoError(t, err, text)
		key, err := f.Decrypt(nil)
		require.NoError(t, err, text)
		assert.True(t, key.Equal(&sshkey.Key{Private: private}), text)
	}
}

// TestNoLetterIsMadeUp: letters of other text are not taken for those that a key has lost,
// where nothing in the file proves it: Ed25519 in PKCS#8 has no public half.
func TestNoLetterIsMadeUp(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	file, err := pemkey.Marshal(&sshkey.Key{Private: private}, &pemkey.Options{Encoding: pemkey.PKCS8})
	require.NoError(t, err)
	lines := strings.Split(string(file), "\n")
	begin, body, end := lines[0]+"\n", lines[1], lines[2]+"\n"
	dump := strings.Split(strings.TrimSuffix(hex.Dump(decodedPEM(file)), "\n"), "\n")
	dump[1], dump[2] = dump[2], dump[1]
	for name, text := range map[string]string{
		"cut off, then a greeting":       begin + body[:58] + "\nRegards\nBob\n",
		"cut off, then a prompt":         begin + body[:60] + "\nroot@host:~# exit\n",
		"cut off, then a blank line":     begin + body[:54] + "\n\nBest regards, Bob\n",
		"cut off, then a word":           begin + body[:60] + "\nBest\n",
		"a page number inside":           begin + body[:30] + "\nPage 1 of 2\n" + body[30:] + "\n",
		"a sign in place of a letter":    begin + body[:40] + "*\n" + body[41:] + "\n" + end,
		"a letter too many, without END": begin + body[:20] + "x" + body[20:] + "\n",
		"lines of a dump swapped":        strings.Join(dump, "\n"),
	} {
		f, err := engine.OpenMended(engine.Mend([]byte(text)), 0, engine.Limits{})
		if err == nil {
			key, err := f.Decrypt(nil)
			assert.True(t, err != nil || key.Equal(&sshkey.Key{Private: private}), "%s: another key", name)
		}
	}
	for name, text := range map[string]string{
		"without END":                 begin + body + "\n",
		"without END, then a prompt":  begin + body + "\nroot@host:~# exit\n",
		"without END, then greetings": begin + body + "\n\nBest regards, Bob\n",
		"a dump":                      hex.Dump(decodedPEM(file)),
	} {
		f, err := engine.OpenMended(engine.Mend([]byte(text)), 0, engine.Limits{})
		require.NoError(t, err, name)
		key, err := f.Decrypt(nil)
		require.NoError(t, err, name)
		assert.True(t, key.Equal(&sshkey.Key{Private: private}), name)
	}
}

func decodedPEM(file []byte) []byte {
	block, _ := pem.Decode(file)
	return block.Bytes
}

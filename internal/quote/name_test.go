package quote

import (
	"encoding/base64"
	"encoding/hex"
	mathrand "math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNameIsShown: names that people and machines give to files.
func TestNameIsShown(t *testing.T) {
	for _, name := range []string{
		"", "-", "key.pem", "my PRIVATE KEY.pem", "schlüssel für höst €.pem", "id_ed25519-cert.pub", "hunter2",
		"/home/alexandra/Documents/customers/example/production/keys/bastion.pem",
		`C:\Users\alexandra\AppData\Local\Temp\customers\production\id_rsa.ppk`,
		"my-company-production-bastion-eu-central-1-admin-key",
		"MY_COMPANY_PRODUCTION_BASTION_DEPLOY_KEY_PASSPHRASE",
		"/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/key",
		"/tmp/TestConvertKeepsTheCommentOfOpenSSHKeys1234567890/001/key",
		"/builds/infrastructure/terraform-modules/0/deploy_key.pem",
		strings.Repeat("long name ", 25) + "12345",
	} {
		assert.Empty(t, Secret(name), name)
		assert.Equal(t, name, Name(name))
	}
	assert.Equal(t, `"\x1b[31mred\u202e\xff"`, Name("\x1b[31mred\u202e\xff"))
	assert.Equal(t, `"tab\there"`, Name("tab\there"))
}

// TestNameIsNotShown: what a wrong variable puts in the place of a name.
func TestNameIsNotShown(t *testing.T) {
	seed := make([]byte, 32) // the same each time: of a thousand, one is as a name
	_, _ = mathrand.NewChaCha8([32]byte{3}).Read(seed)
	for _, c := range []struct{ text, what string }{
		{"-----BEGIN OPENSSH PRIVATE KEY-----", "the text of a key"},
		{"-----begin rsa private key----- MIIE", "the text of a key"},
		{`-----BEGIN EC PRIVATE KEY-----\nMHcC\n`, "the text of a key"},
		{"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "the text of a key"},
		{"PuTTY-User-Key-File-3: ssh-rsa", "the text of a key"},
		{"Private-Lines: 1 AAAA", "the text of a key"},
		{"b3BlbnNzaC1rZXktdjEAAAAA", "the text of a key"},
		{"AGE-SECRET-KEY-1QQQQ", "the text of a key"},
		{"two\nlines", "several lines of text"},
		{"passphrase\r\n", "several lines of text"},
		{"a\rb", "several lines of text"},
		{strings.Repeat("no name ", 32), "a text of 256 bytes"},
		{base64.StdEncoding.EncodeToString(seed), "base64, as in a key"},
		{base64.RawURLEncoding.EncodeToString(seed), "base64, as in a key"},
		{"x=" + base64.StdEncoding.EncodeToString(seed) + ".pem", "base64, as in a key"},
		{hex.EncodeToString(seed), "base64, as in a key"},
		{strings.Repeat("A", 40), "base64, as in a key"},
		{strings.Repeat("QUJD", 10), "base64, as in a key"},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "base64, as in a key"},
	} {
		assert.Equal(t, c.what, Secret(c.text), c.text)
		assert.Equal(t, "(not shown: it looks like "+c.what+")", Name(c.text))
	}
	assert.Empty(t, Secret(strings.Repeat("A", 25)))
}

// TestLinesOfBase64AreNotShown: at random, with the letters that separate names in them.
func TestLinesOfBase64AreNotShown(t *testing.T) {
	line, random := make([]byte, 48), mathrand.NewChaCha8([32]byte{1})
	for range 10_000 {
		_, _ = random.Read(line)
		assert.NotEmpty(t, Secret(base64.StdEncoding.EncodeToString(line)))
		assert.NotEmpty(t, Secret(base64.URLEncoding.EncodeToString(line)))
	}
}

func TestLinesOfAKeyAreNotShown(t *testing.T) {
	key, err := os.ReadFile("../../testdata/twins/ecdsa384.pkcs8.pem")
	require.NoError(t, err)
	for line := range strings.Lines(string(key)) {
		line = strings.TrimSpace(line)
		assert.True(t, len(line) < 40 || Secret(line) != "", line)
	}
}

// TestNoSecretIsPlain holds what is not looked at to what would be found.
func TestNoSecretIsPlain(t *testing.T) {
	for _, marker := range markers {
		assert.False(t, isPlain(marker), marker)
	}
	assert.Less(t, maxPlain, maxRun)
	assert.True(t, isPlain("id_rsa.2026/a.pem"))
	for _, text := range []string{"a:b@c", "pass=x", "a\nb", "::add-mask::x", "##[x]", "a b", "\x1b[31m", "é"} {
		assert.False(t, isPlain(text), text)
	}
}

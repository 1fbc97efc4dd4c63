package main

import (
	"fmt"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/passphrase"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
)

func TestHintFor(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("anything"), ""},
		{usagef("no"), ""},
		{&usageError{msg: "no", hint: "do this"}, "do this"},
		{withHint(usagef("no"), "do %s", "that"), "do that"},
		{fmt.Errorf("ppk: %w", withHint(&wrongKind{"x"}, "wrapped")), "wrapped"},
		{&needsPassphrase{"x", passphrase.ErrNoTerminal}, "give it with --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"},
		{passphrase.ErrMismatch, "run the command again and type the same passphrase twice"},
		{&outputExists{output: "x"}, "--force replaces it; -o FILE or -d DIR writes elsewhere"},
		{&keyconv.LimitError{Kind: sshkey.LimitKDFMemory, Value: 5, Max: 4}, "if you trust the file, allow it with --max-kdf-memory 5"},
		{&keyconv.LimitError{Kind: sshkey.LimitKDFWork, Value: 7, Max: 4}, "if you trust the file, allow it with --max-kdf-work 7"},
		{&keyconv.LimitError{Kind: sshkey.LimitKeySize, Value: 7, Max: 4}, ""},
		{&keyconv.NotPrivateError{Format: "der-other"}, "openssl pkey -inform DER -in key.der -out key.pem makes PEM of a binary key"},
	} {
		assert.Equal(t, test.want, hintFor("key.der", test.err), "%v", test.err)
	}
	assert.NotEmpty(t, hintFor("x", &keyconv.SyntaxError{Msg: "x"}))
	assert.NotEmpty(t, hintFor("x", keyconv.ErrIncorrectPassphrase))
}

// TestEveryUnreadableKindHasAHint: who gives the wrong file is told which is right.
func TestEveryUnreadableKindHasAHint(t *testing.T) {
	for _, format := range []keyconv.Format{
		keyconv.Empty, keyconv.Unknown, keyconv.Public, keyconv.RFC4716, keyconv.SPKI,
		"x509", "x509-request", "pgp", "ssh1-public", "jwk",
	} {
		assert.NotEmpty(t, hintFor("key", &keyconv.NotPrivateError{Format: format}), format)
	}
}

func TestShellName(t *testing.T) {
	for _, test := range []struct{ name, unix, windows string }{
		{"key.pem", "key.pem", "key.pem"},
		{"my key.pem", "'my key.pem'", `"my key.pem"`},
		{`C:\keys\a.pem`, `'C:\keys\a.pem'`, `C:\keys\a.pem`},
		{`C:\my keys\a.pem`, `'C:\my keys\a.pem'`, `"C:\my keys\a.pem"`},
		{"it's", `'it'\''s'`, `"it's"`},
		{"$HOME", "'$HOME'", `"$HOME"`},
		{"a&b", "'a&b'", `"a&b"`},
		{"-key.pem", "./-key.pem", "./-key.pem"},
		{"", "''", `""`},
		{"a\nb", "FILE", "FILE"},
		{"-", "FILE", "FILE"},
	} {
		assert.Equal(t, test.unix, shellNameOn("linux", test.name))
		assert.Equal(t, test.windows, shellNameOn("windows", test.name))
	}
}

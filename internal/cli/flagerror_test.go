package cli

import (
	"io"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	words := []string{"output", "output-dir", "force", "passphrase-file", "to"}
	for mistyped, want := range map[string]string{
		"ouput": "output", "outptu": "output", "out": "output", "output-d": "output-dir", "froce": "force", "pasphrase-fil": "passphrase-file",
		"xml": "", "f": "", "": "", "tp": "to", "recursive": "", "forcefully": "",
	} {
		assert.Equal(t, want, nearest(mistyped, words), mistyped)
	}
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 2}} {
		assert.Equal(t, test.want, distance(test.a, test.b), test)
	}
}

// TestTakes: a value that a flag does not take is answered by what it takes.
func TestTakes(t *testing.T) {
	for line, want := range map[string]string{
		`migrate --from "x`:             "--from takes names with commas between them, not ",
		"generate --bits x":             "--bits takes a number, not x",
		"pem2ppk --jobs -1 k":           "--jobs takes a number from 1 up to 18446744073709551615\n",
		"pem2ppk --kdf-memory 1X k":     "--kdf-memory takes a number of KiB, or one with a unit: 65536, 64M, 1G, not 1X",
		"pem2ppk --force=x k":           "--force takes no value, not x",
		"pem2ppk --help=x k":            "--help takes no value, or all, not x",
		"pem2ppk --new-passphrase=pw k": "--new-passphrase takes no value, or generate\n",
	} {
		var stderr strings.Builder
		assert.Equal(t, fault.Usage, Run(t.Context(), strings.Fields(line), Streams{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr}), line)
		assert.Contains(t, stderr.String(), want, line)
	}
}

// TestWithoutPassphrase: of a flag that does not exist nothing is shown that may be a passphrase,
// and a mistyped one is shown as it is.
func TestWithoutPassphrase(t *testing.T) {
	for name, want := range map[string]string{
		"passwordhunter2-secret": "password...", "passhunter2-secret": "pass...", "passphrasehunter2": "passphrase...",
		"passphrase-filehunter2-secret": "passphrase-file...", "new-passphrase-fdhunter2-secret": "new-passphrase-fd...",
		"old-passphrasehunter2": "old-passphrase...", "new-passphrasehunter2": "new-passphrase...",
		"passwordab": "password...", "passa": "pass...", "passwd1": "passwd...", "passphrasexy": "passphrase...",
		"new-passphrasex": "new-passphrase...", "passphrase-ab": "passphrase...", "passphrase-filehu": "passphrase-file...",
		"paswordab": "pasword...", "pasphrasehunter2": "pasphrase...", "passwrodab": "pass...", "packing": "packing", "paswd": "paswd",
		"pwab": "pw...", "pwdhunter2": "pwd...", "pwfile": "pwfile", "pw": "pw", "secretab": "secret...", "secret": "secret", "secrets": "secret...",
		"PASSWORDab": "PASSWORD...", "Passab": "Pass...", "keyPasswordab": "keyPassword...", "ssh-passwordab": "ssh-password...",
		"key-pwab": "key-pw...", "pasphrase-file": "pasphrase-file", "my-password-env": "my-password-env", "my-password-envx": "my-password...", "pin1234": "pin...", "tokenab": "token...", "mapping": "mapping", "spinner": "spinner",
		"pas": "pas", "path": "path", "parallel": "parallel", "passphrase-": "passphrase-", "keypas": "keypas",
		"passphrase-fil": "passphrase-fil", "pasphrase": "pasphrase", "password": "password", "outptu": "outptu",
	} {
		assert.Equal(t, want, withoutPassphrase(name), name)
	}
}

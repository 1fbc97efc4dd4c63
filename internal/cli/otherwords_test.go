package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
)

// TestWordsOfOtherPrograms: what people know from puttygen and ssh-keygen is answered with
// what does it here.
func TestWordsOfOtherPrograms(t *testing.T) {
	for line, hint := range map[string]string{
		"key.ppk -O private-openssh -o x": "-O of puttygen is --to here", "convert --to PPK key.pem": "did you mean --to ppk?", "convert --to pkcs1 key.ppk": "did you mean --to pem?",
		"ppk2pem --to private-openssh-new key.ppk": "did you mean --to openssh?", "public --to PUB key.pem": "did you mean --to public?", "generate -t RSA -o x": "did you mean --type rsa?",
		"generate --to putty -o x": "did you mean --to ppk?", "session a b --key k --for PuTTY": "did you mean --for putty?",
		"key.ppk -P": "keyconv passwd FILE changes", "inspect -l key.pem": "keyconv inspect FILE prints the fingerprint", "-y key.pem": "keyconv public FILE prints",
		"pem2ppk --old-passphrase old key.pem": "--passphrase-file takes", "pem2ppk --ppk-param version=2 key.pem": "--ppk-version the version", "pem2ppk --reencrypt x": "keyconv passwd FILE",
	} {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, fault.Usage, Run(t.Context(), strings.Fields(line), Streams{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}), line)
		assert.Contains(t, stderr.String(), hint, line)
	}
	for word, format := range otherForms {
		assert.Contains(t, engine.Formats(), format, word)
		assert.NotContains(t, formatNames(), word)
	}
}

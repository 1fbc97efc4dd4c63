package engine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cleanTwins has a key of each form, plain and encrypted, as the program of the form
// wrote it.
var cleanTwins = []string{
	"rsa2048.pem", "rsa2048.aes128.pem", "rsa2048.des3.pem", "ecdsa256.pem", "ecdsa256.params.pem", "rsa2048.pkcs8.pem", "rsa2048.pkcs8.enc.pem",
	"ed25519.openssh", "ed25519.enc.openssh", "rsa2048.openssh", "rsa2048.v3.ppk", "rsa2048.v3.enc.ppk",
	"ed25519.v2.ppk", "ed25519.v2.enc.ppk", "rsa2048.sshcom", "dsa1024.enc.sshcom",
}

// TestClean: whatever was done to the text of a key, the clean text is that of its own
// program, byte for byte: the form, the encryption and the comment are the same.
func TestClean(t *testing.T) {
	for _, twin := range cleanTwins {
		want := keytest.Read(t, "twins", twin)
		text := string(want)
		for name, damaged := range map[string]string{
			"as it is":        text,
			"BOM":             "\xef\xbb\xbf" + text,
			"blank first":     "\n\n" + text,
			"blank last":      text + "\n\n\n",
			"no last line":    strings.TrimSuffix(text, "\n"),
			"CRLF":            strings.ReplaceAll(text, "\n", "\r\n"),
			"CR":              strings.ReplaceAll(text, "\n", "\r"),
			"indented":        "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n",
			"trailing blanks": strings.ReplaceAll(text, "\n", "  \n"),
			"escaped":         strings.ReplaceAll(text, "\n", `\n`),
			"quoted":          "'" + strings.TrimSpace(text) + "'",
			"between":         "Hello,\n\n" + text + "\nBye.\n",
		} {
			f, err := OpenMended(Mend([]byte(damaged)), 0, Limits{})
			require.NoError(t, err, "%s %s", twin, name)
			clean, repairs := f.Clean()
			if clean == nil {
				assert.NotEmpty(t, repairs, "%s %s", twin, name)
				_, err := f.Decrypt([]byte("wrong"))
				require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
				clean, _ = f.Clean()
				assert.Nil(t, clean, "%s %s: nothing is proved by a wrong passphrase", twin, name)
				_, err = f.Decrypt([]byte(keytest.Passphrase))
				require.NoError(t, err, "%s %s", twin, name)
				clean, _ = f.Clean()
			}
			assert.Equal(t, text, string(clean), "%s %s", twin, name)
		}
	}
}

// TestCleanBinary: what is not a text comes back as it is.
func TestCleanBinary(t *testing.T) {
	data := keytest.Read(t, "p12", "chain.p12")
	f, err := Open(data, Limits{})
	require.NoError(t, err)
	clean, repairs := f.Clean()
	assert.True(t, bytes.Equal(data, clean))
	assert.Nil(t, repairs)
}

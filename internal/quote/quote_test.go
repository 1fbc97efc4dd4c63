package quote

import (
	"encoding/base64"
	"errors"
	mathrand "math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShort(t *testing.T) {
	assert.Equal(t, `"ssh-rsa"`, Short("ssh-rsa"))
	assert.Equal(t, `"\x1b[31m\u202e\xff"`, Short([]byte("\x1b[31m\u202e\xff")))
	long := Short(strings.Repeat("a word ", 1000))
	assert.Equal(t, `"`+strings.Repeat("a word ", 6)[:40]+`"...`, long)
	for _, text := range []string{"sk-ssh-ed25519@openssh.com", "chacha20-poly1305@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "DES-EDE3-CBC", "2.16.840.1.101.3.4.1.46", "PBKDF2-HMAC-SHA256"} {
		assert.Equal(t, strconv.Quote(text), Short(text))
	}
}

// TestPartsOfAKeyAreNotShown: what stands in the place of a header or a comment in a file
// whose lines changed their places.
func TestPartsOfAKeyAreNotShown(t *testing.T) {
	line, random := make([]byte, 48), mathrand.NewChaCha8([32]byte{2})
	for range 10_000 {
		_, _ = random.Read(line)
		text := base64.StdEncoding.EncodeToString(line)
		assert.Equal(t, "(not shown: it looks like base64, as in a key)", Short(text))
		assert.Equal(t, "(not shown: it looks like base64, as in a key)", Comment(text))
	}
	assert.Equal(t, `"me at home"`, Comment("me at home"))
	assert.Equal(t, "me at home", Plain("me at home"))
}

func TestForeign(t *testing.T) {
	assert.Equal(t, "unknown key algorithm: a?[31mb??", Foreign(errors.New("ssh: unknown key algorithm: a\x1b[31mb\n\u202e")))
	assert.Equal(t, "malformed", Foreign(errors.New("x509: malformed")))
}

func TestOneLine(t *testing.T) {
	assert.Equal(t, "caf\u00e9 a b c d\ufffd", OneLine("caf\u00e9 a\nb\tc\u202ed\xff"))
}

package pemkey

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

const passphrase = keytest.Passphrase

// mustParse reads a file that must be readable, but not without the passphrase.
func mustParse(t testing.TB, data []byte, passphrase string) *sshkey.Key {
	t.Helper()
	if passphrase != "" {
		_, err := Parse(data)
		require.ErrorAs(t, err, new(*sshkey.PassphraseMissingError))
	}
	key, err := ParseWithPassphrase(data, []byte(passphrase))
	require.NoError(t, err)
	return key
}

// assertSame compares private halves.
func assertSame(t testing.TB, want, got *sshkey.Key) {
	t.Helper()
	assert.True(t, want.Equal(got), "got %v, want %v (or the private halves differ)", got, want)
}

// assertPublic compares with a public key that another program wrote, as
// fingerprints, which say more when they differ.
func assertPublic(t testing.TB, want []byte, got *sshkey.Key) {
	t.Helper()
	pub, err := got.Public()
	require.NoError(t, err)
	assert.Equal(t, sshkey.FingerprintSHA256(rawPublic(want)), sshkey.FingerprintSHA256(pub))
}

// authorizedBlob returns the blob in a line of authorized_keys.
func authorizedBlob(t testing.TB, line []byte) []byte {
	t.Helper()
	fields := bytes.Fields(line)
	require.GreaterOrEqual(t, len(fields), 2, "%q", line)
	blob, err := base64.StdEncoding.DecodeString(string(fields[1]))
	require.NoError(t, err)
	return blob
}

// rawPublic is a public key that has only a blob.
type rawPublic []byte

func (rawPublic) Type() string                        { return "raw" }
func (k rawPublic) Marshal() []byte                   { return k }
func (rawPublic) Verify([]byte, *ssh.Signature) error { return errors.New("raw") }

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "pemkey: "), "%q", err)
	require.True(t, isDocumented(err), "%T %v", err, err)
}

func isDocumented(err error) bool {
	return errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError))
}

// requireUnsupported makes sure that an error names what is not supported.
func requireUnsupported(t testing.TB, err error, what string) {
	t.Helper()
	require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, what)
	require.NotErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
}

// requireSyntax makes sure that an error names the line; 0 means any.
func requireSyntax(t testing.TB, err error, line int, message string) {
	t.Helper()
	var syntax *sshkey.SyntaxError
	require.ErrorAs(t, err, &syntax)
	if line > 0 {
		require.Equal(t, line, syntax.Line, "%v", err)
	}
	require.ErrorContains(t, err, message)
	require.Positive(t, syntax.Line, "%v", err)
}

// twinKey returns the key that all files of one type in testdata/twins hold.
func twinKey(t testing.TB, typeName string) *sshkey.Key {
	t.Helper()
	name := typeName + ".pem"
	if strings.HasPrefix(typeName, "ed") {
		name = typeName + ".pkcs8.pem"
	}
	return mustParse(t, keytest.Read(t, "twins", name), "")
}

// pemOf wraps DER for tests that build their own.
func pemOf(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

// derOf unwraps the only block of a file.
func derOf(t testing.TB, data []byte) []byte {
	t.Helper()
	block, _ := pem.Decode(data)
	require.NotNil(t, block, "no PEM")
	return block.Bytes
}

// zeros replaces crypto/rand where output must be the same each time.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

var _ io.Reader = zeros{}

// times returns the rounds of a loop over arithmetic: n, or a tenth of it if quick.
func times(n int) int {
	if quick() {
		return n / 10
	}
	return n
}

// quick reports whether loops over arithmetic take a sample. That is enough under
// wine too: they do not depend on the system.
func quick() bool { return keytest.Sampled() }

package ssh1key

import (
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

const passphrase = keytest.Passphrase

// twins are the keys of testdata/ssh1, each plain and encrypted with passphrase.
var twins = []struct{ name, comment string }{
	{"rsa2048", "ssh1 twin"},
	{"rsa1024", "ssh1 ünicode"},
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	return keytest.Read(t, "ssh1", name)
}

// requireDocumented makes sure that an error is of a type that the documentation
// names and has the prefix of the package.
func requireDocumented(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "ssh1key: "), "%q", err)
	documented := errors.Is(err, sshkey.ErrIncorrectPassphrase) ||
		errors.As(err, new(*sshkey.SyntaxError)) || errors.As(err, new(*sshkey.InvalidKeyError)) ||
		errors.As(err, new(*sshkey.UnsupportedError)) || errors.As(err, new(*sshkey.LimitError)) ||
		errors.As(err, new(*sshkey.PassphraseMissingError))
	require.True(t, documented, "%T %v", err, err)
}

// requireSyntax makes sure that an error is about the bytes, and says nothing of a
// passphrase.
func requireSyntax(t testing.TB, err error, message string) {
	t.Helper()
	requireDocumented(t, err)
	require.ErrorAs(t, err, new(*sshkey.SyntaxError))
	require.ErrorContains(t, err, message)
	require.NotContains(t, err.Error(), "passphrase")
}

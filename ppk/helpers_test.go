package ppk

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cheapArgon2 is the least that Argon2 can be asked for.
var cheapArgon2 = Argon2Params{Variant: Argon2id, Memory: 8, Passes: 1, Parallelism: 1}

// shape is one way to write a key.
type shape struct {
	name      string
	version   int
	encrypted bool
}

var shapes = []shape{{"v2", 2, false}, {"v3", 3, false}, {"v2 encrypted", 2, true}, {"v3 encrypted", 3, true}}

// options has a cheap key derivation where there is one.
func (s shape) options() *Options {
	opts := &Options{Version: s.version}
	if s.version == 3 && s.encrypted {
		opts.Argon2 = &cheapArgon2
	}
	return opts
}

func (s shape) passphrase() []byte {
	if !s.encrypted {
		return nil
	}
	return []byte(keytest.Passphrase)
}

// write writes the key in this shape.
func (s shape) write(t testing.TB, key *sshkey.Key) []byte {
	t.Helper()
	var out []byte
	var err error
	if s.encrypted {
		out, err = MarshalWithPassphrase(key, s.passphrase(), s.options())
	} else {
		out, err = Marshal(key, s.options())
	}
	require.NoError(t, err)
	return out
}

// decoded is Decode that works.
func decoded(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Decode(data)
	require.NoError(t, err)
	return f
}

// rewritten writes the key as the file f was written: its version, parameters, salt
// and passphrase.
func rewritten(t testing.TB, f *File, key *sshkey.Key, passphrase string) []byte {
	t.Helper()
	out, err := marshal(key, []byte(passphrase), &Options{Version: f.Version, Argon2: f.Argon2}, bytes.NewReader(f.salt), runArgon2)
	require.NoError(t, err)
	return out
}

// requireSameKey wants the same private key and comment.
func requireSameKey(t testing.TB, want, got *sshkey.Key) {
	t.Helper()
	require.True(t, got.Equal(want), "want %v, got %v", want, got)
	require.Equal(t, want.Comment, got.Comment)
	require.Equal(t, want.Certificate == nil, got.Certificate == nil)
	if want.Certificate != nil {
		require.Equal(t, rawkey.Blob(want.Certificate), rawkey.Blob(got.Certificate))
	}
}

// noKDF fails the test where a key derivation is run.
func noKDF(t testing.TB) deriver {
	return func(Argon2Params, []byte, []byte, uint32) []byte {
		t.Helper()
		t.Error("the key derivation was run")
		return make([]byte, 80)
	}
}

// documented returns which documented error an error is, or nothing.
func documented(err error) string {
	for name, is := range map[string]bool{
		"syntax":      errors.As(err, new(*sshkey.SyntaxError)),
		"unsupported": errors.As(err, new(*sshkey.UnsupportedError)),
		"limit":       errors.As(err, new(*sshkey.LimitError)),
		"invalid":     errors.As(err, new(*sshkey.InvalidKeyError)),
		"missing":     errors.As(err, new(*sshkey.PassphraseMissingError)),
		"incorrect":   errors.Is(err, sshkey.ErrIncorrectPassphrase),
	} {
		if is {
			return name
		}
	}
	return ""
}

// requireDocumented wants an error that the package promises.
func requireDocumented(t testing.TB, err error) string {
	t.Helper()
	require.Error(t, err)
	kind := documented(err)
	require.NotEmpty(t, kind, "%T: %v", err, err)
	require.True(t, strings.HasPrefix(err.Error(), "ppk: "), "%v", err)
	assert.Equal(t, 1, strings.Count(err.Error(), "ppk: "), "%v", err)
	assert.NotContains(t, err.Error(), "\n")
	return kind
}

// forEveryType runs a test for a new random key of each type.
func forEveryType(t *testing.T, test func(t *testing.T, key *sshkey.Key)) {
	t.Helper()
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) { test(t, kt.New(t)) })
	}
}

// forEveryShape runs a test for a random key of each type in each shape.
func forEveryShape(t *testing.T, test func(t *testing.T, key *sshkey.Key, s shape)) {
	t.Helper()
	forEveryType(t, func(t *testing.T, key *sshkey.Key) {
		for _, s := range shapes {
			t.Run(s.name, func(t *testing.T) { test(t, key, s) })
		}
	})
}

// decryptWith is Decrypt with another key derivation.
func (f *File) decryptWith(passphrase []byte, derive deriver) (*sshkey.Key, error) {
	d := NewDecrypter(passphrase)
	defer d.Close()
	d.derive = derive
	return d.Decrypt(f)
}

// puttyAlgorithms returns the names of all types that PuTTY has.
func puttyAlgorithms() (all []string) {
	for _, kt := range keyTypes {
		all = append(all, kt.algorithms...)
	}
	return all
}

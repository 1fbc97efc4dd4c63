package keyconv_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// constants returns the values of the constants of type Format in the source.
func constants(t *testing.T) (values []engine.Format) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(keytest.Root(t), "format.go"), nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].IsExported() {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			values = append(values, engine.Format(value))
		}
		return true
	})
	return values
}

// TestFormatsAreConstants: every value that Detect returns has a name, and no name is left
// over.
func TestFormatsAreConstants(t *testing.T) {
	assert.ElementsMatch(t, engine.Recognised(), constants(t))
}

// TestNotPrivateFormats: a file of no kind of key is Unknown with a kind, and public keys have
// a format.
func TestNotPrivateFormats(t *testing.T) {
	hosts := append([]byte("example.com "), keytest.Read(t, "twins", "ed25519.pub")...)
	for text, want := range map[string]keyconv.NotPrivateError{
		"":                              {Format: keyconv.Empty, Kind: "empty"},
		"\x00\x01":                      {Format: keyconv.Unknown, Kind: "unknown"},
		"hello":                         {Format: keyconv.Unknown, Kind: "text"},
		"PK\x03\x04":                    {Format: keyconv.Unknown, Kind: "zip"},
		"-----BEGIN CERTIFICATE-----\n": {Format: keyconv.X509, Kind: "x509"},
		string(hosts):                   {Format: keyconv.KnownHosts, Kind: "known_hosts"},
	} {
		_, err := keyconv.Parse([]byte(text), nil)
		var got *keyconv.NotPrivateError
		require.ErrorAs(t, err, &got, "%q", text)
		assert.Equal(t, want.Format, got.Format, "%q", text)
		assert.Equal(t, want.Kind, got.Kind, "%q", text)
	}
}

// TestTakesIsWhatWriteDoes: for every type of key and every format.
func TestTakesIsWhatWriteDoes(t *testing.T) {
	refused := 0
	for _, typ := range keytest.AllTypes() {
		key := typ.New(t)
		pub, err := key.Public()
		require.NoError(t, err)
		for _, format := range append(keyconv.Formats(), keyconv.PKCS12, keyconv.Unknown, "") {
			_, _, err := keyconv.Write(key, format, nil, nil)
			if err != nil {
				refused++
			}
			if format == keyconv.Dropbear && pub.Type() == "ssh-dss" {
				continue // which it has in one size
			}
			assert.Equal(t, err == nil, format.Takes(pub.Type()), "%s %s: %v", format, pub.Type(), err)
		}
	}
	assert.Greater(t, refused, 10)
	assert.False(t, keyconv.PPK.Takes("nonsense"))
}

// TestDropped: what a format has no room for comes back, and nothing else does.
func TestDropped(t *testing.T) {
	key, err := keyconv.Parse(keytest.Read(t, "corpus", "generated", "ed25519.cert.v3.ppk"), nil)
	require.NoError(t, err)
	key.Comment = "a comment"
	for format, want := range map[keyconv.Format]keyconv.Dropped{
		keyconv.PPK:     {},
		keyconv.PPK2:    {},
		keyconv.OpenSSH: {Certificate: key.Certificate},
		keyconv.PEM:     {Certificate: key.Certificate}, // it is openssh-key-v1 for Ed25519
		keyconv.PKCS8:   {Comment: key.Comment, Certificate: key.Certificate},
		keyconv.Public:  {},
		keyconv.SPKI:    {Comment: key.Comment, Certificate: key.Certificate},
	} {
		out, dropped, err := keyconv.Write(key, format, nil, nil)
		require.NoError(t, err, format)
		assert.Equal(t, want, dropped, format)
		f, err := keyconv.Open(out, nil)
		require.NoError(t, err, format)
		assert.Equal(t, format != keyconv.Public && format != keyconv.SPKI, f.Private, format)
	}
}

// TestIndex: the keys of a file are read by their number, also where nothing is mended.
func TestIndex(t *testing.T) {
	first, second := keytest.Read(t, "twins", "ed25519.pkcs8.pem"), keytest.Read(t, "twins", "ecdsa256.pkcs8.pem")
	both := append(bytes.Clone(first), second...)
	want := []string{"ssh-ed25519", "ecdsa-sha2-nistp256"}
	for _, mend := range []bool{false, true} {
		for i, name := range want {
			f, err := keyconv.Open(both, &keyconv.ParseOptions{Index: i, Mend: mend})
			require.NoError(t, err)
			assert.Equal(t, 2, f.Keys)
			assert.Equal(t, name, f.PublicKey.Type())
			assert.Empty(t, f.Repairs)
		}
	}
	damaged := bytes.ReplaceAll(both, []byte("\n"), []byte(" "))
	_, err := keyconv.Open(damaged, &keyconv.ParseOptions{Index: 1})
	require.Error(t, err, "nothing is mended unless that is asked for")
	f, err := keyconv.Open(damaged, &keyconv.ParseOptions{Index: 1, Mend: true})
	require.NoError(t, err)
	assert.Equal(t, "ecdsa-sha2-nistp256", f.PublicKey.Type())
	assert.Contains(t, f.Repairs, "one-line")
}

// TestConcurrentUse: goroutines may share a File, mended or not, and try passphrases on it.
func TestConcurrentUse(t *testing.T) {
	text := keytest.Read(t, "twins", "ed25519.v3.enc.ppk")
	for _, data := range [][]byte{text, bytes.ReplaceAll(text, []byte("\n"), []byte("\n\n"))} {
		f, err := keyconv.Open(data, &keyconv.ParseOptions{Mend: true, Limits: keyconv.ServerLimits()})
		require.NoError(t, err)
		keytest.Concurrently(func() {
			_, err := f.Decrypt([]byte("wrong"))
			assert.Error(t, err)
			key, err := f.Decrypt([]byte("correct horse"))
			if assert.NoError(t, err) {
				_, _, err = keyconv.Write(key, keyconv.OpenSSH, nil, nil)
				assert.NoError(t, err)
			}
			assert.True(t, f.Encrypted())
			assert.NoError(t, f.Usable())
			assert.NotEmpty(t, f.String())
		})
	}
}

//go:build !windows

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInputsAreCleared: an unencrypted key file is a secret in whole.
func TestInputsAreCleared(t *testing.T) {
	dir := t.TempDir()
	copyTestdata(t, dir, map[string]string{"a": "console-rsa2048.pem", "b": "twins/ed25519.v3.ppk", "c": "corpus/import-edge/sk"})
	a := newApp(t.Context(), streams{strings.NewReader(""), io.Discard, io.Discard})
	var mu sync.Mutex
	var seen [][]byte
	for _, name := range []string{"a", "b"} { // as check does with --public
		_, data, err := a.openData(filepath.Join(dir, name))
		require.NoError(t, err)
		seen = append(seen, data)
	}
	a.eachInput([]string{filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")}, func(one *app, name string) error {
		_, data, err := one.openData(name)
		mu.Lock()
		defer mu.Unlock()
		if assert.NotEmpty(t, data) {
			assert.NotEqual(t, make([]byte, len(data)), data, "cleared too early")
		}
		seen = append(seen, data)
		return err
	})
	require.Len(t, seen, 5)
	for _, data := range seen {
		assert.Equal(t, make([]byte, len(data)), data)
	}
	assert.Empty(t, a.kept)
}

// spyingReader keeps the buffers that it was to read into.
type spyingReader struct {
	from    io.Reader
	buffers [][]byte
}

func (r *spyingReader) Read(p []byte) (int, error) {
	r.buffers = append(r.buffers, p)
	return r.from.Read(p)
}

// TestReadingLeavesNoCopy: a buffer that grows would leave the key behind.
func TestReadingLeavesNoCopy(t *testing.T) {
	t.Parallel()
	want := keytest.Read(t, "console-rsa2048.pem")
	r := &spyingReader{from: bytes.NewReader(want)}
	got, err := readKey(r)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	require.NotEmpty(t, r.buffers)
	for _, buffer := range r.buffers {
		assert.Zero(t, bytes.Count(buffer, []byte("PRIVATE KEY")))
		assert.Equal(t, len(buffer), bytes.Count(buffer, []byte{0}))
	}
}

// TestPassphrasesAreCleared at the end of a run, whatever way they came.
func TestPassphrasesAreCleared(t *testing.T) {
	t.Setenv("KEYCONV_TEST_SECRET", secretPassphrase)
	a := newApp(context.Background(), streams{strings.NewReader(""), io.Discard, io.Discard})
	p, err := a.readSource(sourceFlags{name: "passphrase", env: "KEYCONV_TEST_SECRET", fd: -1})
	require.NoError(t, err)
	require.Equal(t, secretPassphrase, string(p))
	_, still := os.LookupEnv("KEYCONV_TEST_SECRET")
	assert.False(t, still, "a program that is started now would inherit it")

	old, typedNew := []byte("typed"), []byte("typed new")
	a.secrets.opened(&typed{passphrase: old})
	a.secrets.keepNew(typedNew)
	a.secrets.clear()
	for _, secret := range [][]byte{p, old, typedNew} {
		assert.Equal(t, make([]byte, len(secret)), secret)
	}
}

// TestWrongPassphraseIsOneMessage: nothing tells how near a passphrase was, or
// which form looks at what first.
func TestWrongPassphraseIsOneMessage(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{
		"p12":  keytest.Read(t, "p12", "rsa2048.p12"),
		"ssh1": keytest.Read(t, "ssh1", "rsa2048.enc.key"),
	}
	for _, twin := range keytest.Twins(t) {
		if twin.Encrypted && twin.Type == "rsa2048" {
			files[twin.Name] = twin.Data
		}
	}
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "wrong", []byte(wrongPassphrase))
	before := snapshot(t, dir)
	for name, data := range files {
		got := runDetached(t, dir, string(data), keyconvPath(t), "convert", "--to", "openssh", "--passphrase-file", "wrong", "-o", "new", "-")
		assert.Equal(t, 5, got.code, "%s: %s", name, got.stderr)
		assert.Equal(t, "keyconv: standard input: wrong passphrase, or the file is damaged\n"+
			"hint: the passphrase is the one that was set when the key was made or last saved\n", got.stderr, name)
		assert.Empty(t, got.stdout)
	}
	assert.Equal(t, before, snapshot(t, dir))
}

// TestNothingElseIsWritten lets commands succeed and looks into the folders where a
// program may put things: nothing but the output that was asked for.
func TestNothingElseIsWritten(t *testing.T) {
	t.Parallel()
	for args, output := range map[string]string{
		"pem2ppk key.pem": "key.ppk",
		"pem2ppk --new-passphrase-file pass key.pem -o new":             "new",
		"ppk2pem --no-passphrase --passphrase-file pass enc.ppk -o new": "new",
		"passwd --passphrase-file pass --kdf-passes 30 enc.ppk":         "enc.ppk",
		"inspect key.pem":                                             "",
		"public --passphrase-file pass enc.p8":                        "enc.pub",
		"generate --new-passphrase-file pass --to pkcs8 -o generated": "generated",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			dir := makeFailingFolder(t)
			before := snapshot(t, dir)
			temporary := filepath.Join(t.TempDir(), "tmp")
			require.NoError(t, os.Mkdir(temporary, 0o700))
			line := append([]string{"TMPDIR=" + temporary, "HOME=" + temporary, keyconvPath(t)}, strings.Fields(args)...)
			got := runDetached(t, dir, "", "env", line...)
			require.Zero(t, got.code, got.stderr)
			left, err := os.ReadDir(temporary)
			require.NoError(t, err)
			assert.Empty(t, left)
			now := snapshot(t, dir)
			delete(before, filepath.Join(dir, output))
			delete(now, filepath.Join(dir, output))
			assert.Equal(t, before, now)
		})
	}
}

// TestSecurityNamesTests: what SECURITY.md names as the proof of a promise is there.
func TestSecurityNamesTests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), "SECURITY.md"))
	require.NoError(t, err)
	file, named := "", 0
	for _, m := range regexp.MustCompile("`([a-z0-9_/]+_test\\.go)`|`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1) {
		if m[1] != "" {
			source, err := os.ReadFile(filepath.Join(keytest.Root(t), filepath.FromSlash(m[1])))
			require.NoError(t, err)
			file = string(source)
			continue
		}
		named++
		assert.Contains(t, file, "func "+m[2]+"(", m[2])
	}
	assert.Greater(t, named, 30)
}

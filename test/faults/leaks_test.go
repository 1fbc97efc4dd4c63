//go:build unix

package faults

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	keytest.WriteFile(t, dir, "wrong", []byte(keytest.WrongPassphrase))
	before := keytest.Snapshot(t, dir)
	for name, data := range files {
		got := keytest.RunDetached(t, dir, string(data), keytest.Command(t), "convert", "--to", "openssh", "--passphrase-file", "wrong", "-o", "new", "-")
		assert.Equal(t, 5, got.Code, "%s: %s", name, got.Stderr)
		assert.Equal(t, "keyconv: standard input: wrong passphrase, or the file is damaged\n"+
			"hint: give the passphrase that was set for this key; a forgotten one cannot be recovered\n", got.Stderr, name)
		assert.Empty(t, got.Stdout)
	}
	assert.Equal(t, before, keytest.Snapshot(t, dir))
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
			dir := keytest.FailingFolder(t)
			before := keytest.Snapshot(t, dir)
			temporary := filepath.Join(t.TempDir(), "tmp")
			require.NoError(t, os.Mkdir(temporary, 0o700))
			line := append([]string{"TMPDIR=" + temporary, "HOME=" + temporary, keytest.Command(t)}, strings.Fields(args)...)
			got := keytest.RunDetached(t, dir, "", "env", line...)
			require.Zero(t, got.Code, got.Stderr)
			left, err := os.ReadDir(temporary)
			require.NoError(t, err)
			assert.Empty(t, left)
			now := keytest.Snapshot(t, dir)
			delete(before, filepath.Join(dir, output))
			delete(now, filepath.Join(dir, output))
			assert.Equal(t, before, now)
		})
	}
}

// TestSecurityNamesTests: what a document names as the proof of a promise is there.
func TestSecurityNamesTests(t *testing.T) {
	t.Parallel()
	for document, promises := range map[string]int{"SECURITY.md": 30, "docs/compatibility.md": 8} {
		text, err := os.ReadFile(filepath.Join(keytest.Root(t), filepath.FromSlash(document)))
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
		assert.Greater(t, named, promises, document)
	}
}

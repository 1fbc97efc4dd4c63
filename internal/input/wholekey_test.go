package input

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func openOrNil(data []byte) *engine.File {
	f, err := engine.OpenMended(engine.Mend(data), 0, engine.Limits{})
	if err != nil {
		return nil
	}
	return f
}

// TestWholeKey holds documents and keys with a key of every form in them.
func TestWholeKey(t *testing.T) {
	crlf := strings.NewReplacer("\n", "\r\n")
	for _, twin := range []string{"rsa2048.pem", "ed25519.openssh", "rsa2048.enc.openssh", "ecdsa256.pkcs8.pem", "rsa2048.v3.ppk", "ed25519.v3.enc.ppk"} {
		key := string(keytest.Read(t, "twins", twin))
		cut := key[:len(key)/2]
		indented := "  " + strings.ReplaceAll(strings.TrimSpace(key), "\n", "\n  ") + "\n"
		for name, text := range map[string]string{
			"itself": key, "blank lines": "\n\n" + key + "\n\n", "Windows": crlf.Replace(key), "BOM": "\ufeff" + key,
			"indented": indented, "quoted": `"` + strings.TrimSpace(key) + `"`, "cut off": cut,
			"escaped": strings.ReplaceAll(key, "\n", `\n`),
		} {
			assert.True(t, IsWholeKey([]byte(text), openOrNil([]byte(text))), "%s %s", twin, name)
		}
		for name, text := range map[string]string{
			"README": "# Login\n\nThe key:\n\n" + key, "README, text below": key + "\nKeep it in ~/.ssh.\n",
			"Go": "package input\n\nconst key = `" + key + "`\n", "YAML": "key: |\n" + indented, "YAML list": "- name: a\n  key: |\n" + indented,
			"shell": "KEY='" + key + "'\n", "JSON": `{"private_key": "` + strings.ReplaceAll(key, "\n", `\n`) + `"}`,
			"HTML": "<pre>" + key + "</pre>\n", "cut off in text": "This is the key\n" + cut, "mail": "Hello,\n\n> " + strings.ReplaceAll(key, "\n", "\n> "),
			"in a here document": "cat >key <<EOF\n" + key + "EOF\n",
		} {
			assert.False(t, IsWholeKey([]byte(text), openOrNil([]byte(text))), "%s %s", twin, name)
		}
	}
	for _, text := range []string{
		"It begins with\n-----BEGIN OPENSSH PRIVATE KEY-----\nand so on\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nis how a private key begins, and this is no key at all.\n",
		"-----BEGIN RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n",
		"PuTTY-User-Key-File-3: ssh-rsa is how a .ppk begins,\nand then it goes on like this.\n",
	} {
		assert.False(t, IsWholeKey([]byte(text), openOrNil([]byte(text))), "%q", text)
	}
}

// TestWholeKeyWithAttributes: what OpenSSL writes around a key belongs to it.
func TestWholeKeyWithAttributes(t *testing.T) {
	if _, err := os.Stat("/usr/bin/openssl"); err != nil {
		keytest.Skip(t, "openssl is not installed")
	}
	p12 := filepath.Join(keytest.Testdata(t, "p12"), "chain.p12")
	for _, args := range [][]string{
		{"pkcs12", "-in", p12, "-nodes", "-passin", "pass:" + keytest.Passphrase},
		{"pkey", "-text", "-in", keytest.Testdata(t, "twins", "rsa2048.pem")},
		{"pkey", "-text", "-in", keytest.Testdata(t, "twins", "ecdsa256.pem")},
		{"ec", "-text", "-in", keytest.Testdata(t, "twins", "ecdsa256.pem")},
	} {
		text := keytest.Run(t, nil, "openssl", args...)
		f := openOrNil(text)
		require.NotNil(t, f, args)
		assert.True(t, f.Extra, args)
		assert.True(t, IsWholeKey(text, f), "%v\n%s", args, text)
	}
}

// TestOwnSourcesAreNotKeys: this repository is full of texts with keys in them.
func TestOwnSourcesAreNotKeys(t *testing.T) {
	looked := 0
	root := keytest.Root(t)
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a file of another test, which was there for a moment
			return nil
		}
		if err != nil || entry.IsDir() {
			if err == nil && slices.Contains([]string{".git", "testdata", "vectors", "known", "node_modules"}, entry.Name()) { // which have whole keys
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !strings.Contains(string(data), "PRIVATE KEY") {
			return err
		}
		looked++
		assert.False(t, IsWholeKey(data, openOrNil(data)), path)
		return nil
	}))
	assert.Greater(t, looked, 20)
}

package keytest

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// failingFolder is what the failing commands find.
var failingFolder = map[string]string{
	"key.pem":   "console-rsa2048.pem",
	"plain.ppk": "twins/ed25519.v3.ppk",
	"enc.ppk":   "twins/rsa2048.v3.enc.ppk",
	"enc.key":   "twins/ed25519.enc.openssh",
	"enc.p8":    "twins/rsa2048.pkcs8.enc.pem",
	"enc.pem":   "twins/rsa2048.aes128.pem",
	"cert.ppk":  "corpus/generated/ed25519.cert.v3.ppk",
	"key.pub":   "twins/ed25519.pub",
	"other-pub": "corpus/generated/rsa2048-cert.pub",
	"token":     "corpus/import-edge/sk",
	"taken.ppk": "twins/ecdsa256.v3.ppk",
}

// WrongPassphrase opens no file of the tests. Neither it nor Passphrase may ever be seen.
const WrongPassphrase = "battery staple"

// FailingFolder makes a folder for commands that fail, with damaged files among others.
func FailingFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	CopyInto(t, dir, failingFolder)
	key := Read(t, "console-rsa2048.pem")
	ppk := Read(t, "twins", "ed25519.v3.ppk")
	lines := bytes.SplitAfter(key, []byte("\n"))
	lines[3], lines[4] = lines[4], lines[3]
	for name, content := range map[string][]byte{
		"pass":            []byte(Passphrase + "\n"),
		"wrong":           []byte(WrongPassphrase + "\n"),
		"nul":             []byte("correct\x00horse\n"),
		"empty":           nil,
		"cut.pem":         key[:len(key)/2],
		"cut.ppk":         ppk[:len(ppk)*3/4],
		"altered.ppk":     bytes.Replace(ppk, []byte("Comment: "), []byte("Comment: x"), 1),
		"swapped.pem":     bytes.Join(lines, nil),
		"two":             append(bytes.Clone(Read(t, "twins", "ed25519.openssh")), key...),
		"beside-cert.pub": []byte("something else\n"),
	} {
		WriteFile(t, dir, name, content)
	}
	require.NoError(t, os.Symlink("key.pem", filepath.Join(dir, "link.pem")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(dir, "taken.ppk"), 0o640))
	return dir
}

// SecretPieces returns the base64 lines of a private key, in all pieces of 16 characters.
func SecretPieces(content string) []string {
	if !strings.Contains(content, "PRIVATE KEY") && !strings.Contains(content, "Private-Lines") {
		return nil
	}
	var pieces []string
	for _, line := range strings.Split(content, "\n") {
		if _, err := base64.StdEncoding.DecodeString(line + strings.Repeat("=", (4-len(line)%4)%4)); err != nil {
			continue
		}
		for i := 0; i+16 <= len(line); i++ {
			pieces = append(pieces, line[i:i+16])
		}
	}
	return pieces
}

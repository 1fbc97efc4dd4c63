package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badKinds is one of every kind of file that cannot be converted, with its exit code.
var badKinds = map[string]struct {
	data []byte
	exit int
}{
	"empty":       {nil, 3},
	"text":        {[]byte("no key\n"), 3},
	"binary":      {bytes.Repeat([]byte{0, 1, 2, 0xff}, 500), 3},
	"cut":         {[]byte("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"), 3},
	"large":       {bytes.Repeat([]byte("x"), sshkey.MaxFileSize+1), 3},
	"certificate": {[]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), 3},
}

var badTestdata = map[string]int{
	"twins/ed25519.pub": 3, "twins/ed25519.v3.ppk": 3, "twins/ed25519.enc.openssh": 4,
	"corpus/import-edge/sk": 3, "corpus/import-edge/r_badn": 3,
}

// TestThousandGoodAndEveryBad: the good keys are all converted, each bad one has its
// line, and the exit code is that of the first.
func TestThousandGoodAndEveryBad(t *testing.T) {
	dir := t.TempDir()
	good := 1000
	if keytest.Sampled() {
		good = 300
	}
	bad := fillFolder(t, dir, good)
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "0250-dangling")))
	bad["0250-dangling"] = 1
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "out"), 0o700))
	args := []string{keytest.Command(t), "pem2ppk", "--json", "-q", "-j", "4", "-d", "out"}
	first := 0
	for _, entry := range names {
		args = append(args, entry.Name())
		if first == 0 {
			first = bad[entry.Name()]
		}
	}
	got := keytest.RunDetached(t, dir, "", args[0], args[1:]...)
	assert.Equal(t, first, got.Code)
	assert.Equal(t, len(bad), strings.Count(got.Stderr, "keyconv: "), "a line for each bad file")
	lines := strings.Split(strings.TrimSuffix(got.Stdout, "\n"), "\n")
	require.Len(t, lines, len(names))
	for i, line := range lines {
		checkLine(t, line, names[i].Name(), bad[names[i].Name()])
	}
	written, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	require.NoError(t, err)
	assert.Len(t, written, good)
	assertOwnerOnly(t, filepath.Join(dir, "out"))
}

// fillFolder writes good keys of four kinds, and the bad ones among them. It returns
// the exit codes of the bad.
func fillFolder(t *testing.T, dir string, good int) map[string]int {
	t.Helper()
	kinds := []string{"rsa2048.pem", "ed25519.openssh", "ecdsa256.pem", "ecdsa521.pkcs8.pem"}
	for i := range good {
		keytest.WriteFile(t, dir, fmt.Sprintf("%04d.pem", i), keytest.Read(t, "twins", kinds[i%len(kinds)]))
	}
	bad := map[string]int{}
	for name, kind := range badKinds {
		name = fmt.Sprintf("%04d-%s", 25*len(bad), name)
		keytest.WriteFile(t, dir, name, kind.data)
		bad[name] = kind.exit
	}
	for path, exit := range badTestdata {
		name := fmt.Sprintf("%04d-%s", 25*len(bad), filepath.Base(path))
		keytest.WriteFile(t, dir, name, keytest.Read(t, filepath.FromSlash(path)))
		bad[name] = exit
	}
	return bad
}

func checkLine(t *testing.T, line, name string, exit int) {
	t.Helper()
	var r struct {
		Input string
		OK    bool
		Error *struct{ Exit int }
	}
	require.NoError(t, json.Unmarshal([]byte(line), &r), line)
	assert.Equal(t, name, r.Input, "the order of the inputs")
	assert.Equal(t, exit == 0, r.OK, line)
	if exit != 0 && assert.NotNil(t, r.Error, name) {
		assert.Equal(t, exit, r.Error.Exit, line)
	}
}

// TestFewDescriptors converts many files with hardly more descriptors than are written
// at a time.
func TestFewDescriptors(t *testing.T) {
	dir := t.TempDir()
	key := keytest.Read(t, "twins", "ed25519.openssh")
	for i := range 500 {
		keytest.WriteFile(t, dir, fmt.Sprintf("%04d.pem", i), key)
	}
	const few = 88 // there are 32 writers, with two descriptors each
	got := keytest.RunDetached(t, dir, "", "/bin/sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" pem2ppk -r -j 2 .`, few), keytest.Command(t))
	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stderr, "\n500 files: 500 converted\n")
}

// TestPromptsInTurn: files with two passphrases by turns ask once for each, the first of
// each kind, however many are worked on at a time.
func TestPromptsInTurn(t *testing.T) {
	dir := t.TempDir()
	keytest.WriteFile(t, dir, "one", []byte(keytest.Passphrase))
	keytest.WriteFile(t, dir, "two", []byte("another"))
	args := []string{"ppk2pem", "-j", "4", "--kdf-rounds", "1"}
	for i := range 12 {
		name := fmt.Sprintf("%02d.ppk", i)
		keytest.WriteFile(t, dir, name, keytest.Read(t, "twins", "ed25519.v3.enc.ppk"))
		if i%2 == 1 {
			got := keytest.RunDetached(t, dir, "", keytest.Command(t), "passwd", "-q", "--passphrase-file", "one", "--new-passphrase-file", "two", "--kdf-memory", "64", "--kdf-passes", "1", name)
			require.Zero(t, got.Code, got.Stderr)
		}
		args = append(args, name)
	}
	s := keytest.StartSignalled(t, dir, args...)
	s.Sees(t, "Passphrase for 00.ppk (Enter skips it): ")
	_, err := s.User.WriteString(keytest.Passphrase + "\n")
	require.NoError(t, err)
	s.Sees(t, "Passphrase for 01.ppk (Enter skips it): ")
	_, err = s.User.WriteString("another\n")
	require.NoError(t, err)
	require.NoError(t, s.Cmd.Wait(), s.Stderr.String())
	assert.Contains(t, s.Stderr.String(), "\n12 files: 12 converted\n")
}

//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newSigner makes a key for this test, and a file that names it with some options.
func newSigner(t *testing.T, options string) (key, signers string) {
	t.Helper()
	folder := t.TempDir()
	key = filepath.Join(folder, "key")
	keytest.Run(t, nil, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
	public, err := os.ReadFile(key + ".pub")
	require.NoError(t, err)
	line := fmt.Sprintf("# for a test\n%s namespaces=\"file\"%s %s", signerName, options, public)
	return key, keytest.WriteFile(t, folder, signersName, []byte(line))
}

// TestSign: what is signed is taken by the commands of docs/release.md.
func TestSign(t *testing.T) {
	dist := smallRelease(t)
	key, signers := newSigner(t, `,valid-after="20200101",valid-before="21000101Z"`)
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"sign", "-key", key, "-output", dist, "-signers", signers}, &stdout, &stderr), stderr.String())
	assert.Equal(t, "signed: "+filepath.Join(dist, signatureName)+"\n", stdout.String())
	assert.NoError(t, verifyAsDocumented(t, dist, signers))
	require.NoError(t, sign(t.Context(), dist, key, signers, time.Now()), "again")
	entries, err := os.ReadDir(dist)
	require.NoError(t, err)
	assert.Len(t, entries, 5, "and nothing else is there")
}

// TestSignByAgent: the private half may be where only an agent reaches it.
func TestSignByAgent(t *testing.T) {
	dist := smallRelease(t)
	key, signers := newSigner(t, "")
	t.Setenv("SSH_AUTH_SOCK", keytest.StartSSHAgent(t))
	keytest.Run(t, nil, "ssh-add", "-q", key)
	require.NoError(t, os.Remove(key))
	require.NoError(t, sign(t.Context(), dist, key+".pub", signers, time.Now()))
	assert.NoError(t, verifyAsDocumented(t, dist, signers))
}

// TestSignRefuses: nothing is written that a reader would not take, nor the reason hidden.
func TestSignRefuses(t *testing.T) {
	key, signers := newSigner(t, "")
	foreign, _ := newSigner(t, "")
	expired, expiredSigners := newSigner(t, `,valid-before="20200101"`)
	early, earlySigners := newSigner(t, `,valid-after="20990101120000Z"`)
	wrongDate, wrongDateSigners := newSigner(t, `,valid-after="20991301"`)
	otherUse, otherUseSigners := newSigner(t, "")
	replaceInFile(t, otherUseSigners, `"file"`, `"git"`)
	none := keytest.WriteFile(t, t.TempDir(), signersName, []byte("# none yet\nsomebody else\n"))
	text := keytest.WriteFile(t, t.TempDir(), "text", []byte("not a key\n"))
	for _, test := range []struct{ name, key, signers, want string }{
		{"no such key", filepath.Join(t.TempDir(), "gone"), signers, "the signing key: open "},
		{"not a key", text, signers, "the signing key " + text + ": "},
		{"a foreign key", foreign, signers, "is not in SIGNERS"},
		{"an expired key", expired, expiredSigners, "has expired: SIGNERS says until 2020-01-01"},
		{"a key of later", early, earlySigners, "signs from 2099-01-01 on"},
		{"a wrong date", wrongDate, wrongDateSigners, "month out of range"},
		{"a key for something else", otherUse, otherUseSigners, "ssh-keygen -Y verify"},
		{"no signers", key, none, `has no key for "keyconv", so nobody could verify`},
		{"no file of signers", key, filepath.Join(t.TempDir(), signersName), signersName + ": "},
	} {
		t.Run(test.name, func(t *testing.T) {
			dist := smallRelease(t)
			before := readTree(t, dist)
			assert.ErrorContains(t, sign(t.Context(), dist, test.key, test.signers, time.Now()), test.want)
			assert.Equal(t, before, readTree(t, dist), "nothing is written")
		})
	}
}

// TestSignLooksAtTheFiles: a signature is for what is there.
func TestSignLooksAtTheFiles(t *testing.T) {
	key, signers := newSigner(t, "")
	for name, test := range map[string]struct {
		change func(dist string) error
		want   string
	}{
		"changed": {func(dist string) error {
			return os.WriteFile(filepath.Join(dist, "keyconv.html"), []byte("Page"), 0o600)
		}, "keyconv.html is not the file of checksums.txt"},
		"missing":  {func(dist string) error { return os.Remove(filepath.Join(dist, "keyconv.html")) }, "keyconv.html"},
		"unlisted": {func(dist string) error { return os.WriteFile(filepath.Join(dist, "more.exe"), nil, 0o600) }, "more.exe has no checksum"},
		"no sums":  {func(dist string) error { return os.Remove(filepath.Join(dist, checksumsName)) }, checksumsName},
		"outside": {func(dist string) error {
			return os.WriteFile(filepath.Join(dist, checksumsName), []byte(strings.Repeat("0", 64)+"  ../x\n"), 0o600)
		}, "is not a checksum and a name"},
	} {
		t.Run(name, func(t *testing.T) {
			dist := smallRelease(t)
			require.NoError(t, test.change(dist))
			assert.ErrorContains(t, sign(t.Context(), dist, key, signers, time.Now()), test.want)
			assert.NoFileExists(t, filepath.Join(dist, signatureName))
		})
	}
}

// TestEveryByteIsSigned: no byte of what is published can change, in the signature either.
func TestEveryByteIsSigned(t *testing.T) {
	dist := smallRelease(t)
	key, signers := newSigner(t, "")
	require.NoError(t, sign(t.Context(), dist, key, signers, time.Now()))
	for name, data := range readTree(t, dist) {
		if strings.HasPrefix(name, manifestsFolder) {
			continue
		}
		for _, at := range []int{0, len(data) / 2, len(data) - 2} {
			changed := bytes.Clone(data)
			changed[at] ^= 1
			path := keytest.WriteFile(t, dist, name, changed)
			assert.Error(t, verifyAsDocumented(t, dist, signers), "%s, byte %d", name, at)
			require.NoError(t, os.WriteFile(path, data, 0o600))
		}
	}
	_, others := newSigner(t, "")
	assert.Error(t, verifyAsDocumented(t, dist, others), "the key of somebody else")
	assert.NoError(t, verifyAsDocumented(t, dist, signers))
}

// TestOwnSigners: the file of this repository is one that ssh-keygen reads, and says what
// is true of it.
func TestOwnSigners(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(keytest.Root(t), signersName))
	require.NoError(t, err)
	signers, err := parseSigners(text)
	require.NoError(t, err)
	assert.Equal(t, len(signers) == 0, strings.Contains(string(text), "There is no signing key yet"))
}

func TestSignCommandLine(t *testing.T) {
	for _, args := range [][]string{{"sign"}, {"sign", "-key", "k", "more"}, {"compare"}, {"compare", "a"}} {
		assert.Equal(t, 2, run(t.Context(), args, io.Discard, io.Discard), args)
	}
}

func replaceInFile(t *testing.T, name, old, with string) {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(name, []byte(strings.ReplaceAll(string(text), old, with)), 0o600))
}

// verifyAsDocumented runs the commands of docs/release.md beside the file of signers.
func verifyAsDocumented(t *testing.T, dist, signers string) error {
	t.Helper()
	text, err := os.ReadFile(signers)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(dist)))
	keytest.WriteFile(t, folder, signersName, text)
	keytest.Tool(t, "sha256sum")
	_, err = keytest.RunError(t, nil, "bash", "-euc", "cd \"$0\"\n"+documentedBlocks(t)["ssh-keygen -Y"], folder)
	return err
}

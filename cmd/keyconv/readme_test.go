//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocuments runs every block of commands in the documents as it stands, in a
// folder with the console's key as key.pem.
func TestDocuments(t *testing.T) {
	root := filepath.Dir(keytest.Testdata(t))
	bin := buildCommand(t)
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	blocks := 0
	for _, document := range append(documents, more...) {
		switch filepath.Base(document) {
		case "login.md", "migrate.md":
			continue // TestLoginPage has the server, and TestMigratePage the account that they need
		}
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, m := range keytest.ShellBlock.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "" {
				continue
			}
			blocks++
			t.Run(filepath.Base(document)+"/"+strings.SplitN(m[2], "\n", 2)[0], func(t *testing.T) {
				runDocument(t, root, bin, m[2])
			})
		}
	}
	assert.Greater(t, blocks, 1, "the documents have lost their commands")
}

// buildCommand returns a folder with the keyconv command in it.
func buildCommand(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "keyconv"), ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return dir
}

// runDocument runs the commands with the repository's files linked into the folder,
// so that those of a clone work and leave nothing behind.
func runDocument(t *testing.T, root, bin, script string) {
	t.Helper()
	bash := keytest.Tool(t, "bash")
	dir := t.TempDir()
	for _, name := range []string{"cmd", "testdata", "go.mod", "go.sum", "internal", "ppk", "pemkey", "p12key", "ssh1key", "jkskey", "jwkkey", "dropbearkey", "mskey", "sshkey"} {
		require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)))
	}
	key, err := os.ReadFile(filepath.Join(root, "testdata", "console-rsa2048.pem"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "key.pem"), key, 0o600))
	sources, err := filepath.Glob(filepath.Join(root, "*.go"))
	require.NoError(t, err)
	for _, source := range sources {
		require.NoError(t, os.Symlink(source, filepath.Join(dir, filepath.Base(source))))
	}
	cmd := exec.Command(bash, "-eu", "-o", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

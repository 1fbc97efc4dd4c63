//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocuments runs the blocks of commands of each document as they stand, one after the
// other as a reader does, in a folder with the console's key as key.pem, and then all of them
// again: they work again, or say that an output already exists. README leaves nothing that git
// would commit.
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
		dir, isReadme := folderOfReader(t, root), filepath.Base(document) == "README.md"
		if isReadme {
			keytest.Run(t, nil, "git", "-C", dir, "init", "-q")
			keytest.Run(t, nil, "git", "-C", dir, "add", "-A")
		}
		keytest.CopyInto(t, dir, map[string]string{"key.pem": "console-rsa2048.pem"})
		for _, round := range []string{"", "again "} {
			for _, m := range keytest.ShellBlock.FindAllStringSubmatch(string(text), -1) {
				if m[1] != "" {
					continue
				}
				blocks++
				t.Run(filepath.Base(document)+"/"+round+strings.SplitN(m[2], "\n", 2)[0], func(t *testing.T) {
					runBlock(t, dir, bin, m[2], round != "" && !strings.HasPrefix(m[2], "go run "))
				})
			}
		}
		if isReadme {
			assert.Empty(t, string(keytest.Run(t, nil, "git", "-C", dir, "ls-files", "--others", "--exclude-standard")))
		}
	}
	assert.Greater(t, blocks, 2, "the documents have lost their commands")
}

// buildCommand returns a folder with the keyconv command in it.
func buildCommand(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, keytest.BuildCommand(filepath.Join(dir, "keyconv")))
	return dir
}

// folderOfReader returns a folder with the repository's files linked into it, so that the
// commands for a clone work and leave nothing behind.
func folderOfReader(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, entry := range entries {
		if name := entry.Name(); name != "demo" && name != "docs" && name != ".git" && name != ".gitignore" {
			require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)))
		}
	}
	for _, name := range []string{".gitignore", "demo/.gitignore"} {
		ignored, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), ignored, 0o600))
	}
	return dir
}

// runBlock runs a block of commands, which has to work; where an output may exist already, it
// may also end with the exit code for that.
func runBlock(t *testing.T, dir, bin, script string, mayExist bool) {
	t.Helper()
	cmd := exec.Command(keytest.Tool(t, "bash"), "-eu", "-o", "pipefail", "-c", script)
	cmd.Dir = dir
	// With the paths of a folder that is new each time "go run" would compile everything again.
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GOFLAGS=-trimpath")
	out, err := cmd.CombinedOutput()
	if mayExist && cmd.ProcessState.ExitCode() == fault.Exists {
		assert.Contains(t, string(out), "already exists")
		return
	}
	require.NoError(t, err, string(out))
}

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

var (
	testVersion = version{9, 8, 7}
	testDate    = time.Date(2026, 7, 1, 12, 0, 2, 0, time.UTC)
)

// copyTree copies the repository as it is now, without git's folder and releases.
func copyTree(t *testing.T, to string) {
	t.Helper()
	from := keytest.Root(t)
	entries, err := os.ReadDir(from)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(to, 0o755))
	for _, entry := range entries {
		path := filepath.Join(from, entry.Name())
		switch {
		case entry.Name() == ".git" || entry.Name() == "dist":
		case entry.IsDir():
			require.NoError(t, os.CopyFS(filepath.Join(to, entry.Name()), os.DirFS(path)))
		case entry.Type().IsRegular():
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(to, entry.Name()), data, 0o644))
		}
	}
}

// commitAll makes a repository of a folder, with one commit that is the same on every
// machine and every day.
func commitAll(t *testing.T, folder string) {
	t.Helper()
	date := "2026-07-01T12:00:02Z"
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "SOURCE_DATE_EPOCH": "", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	keytest.Run(t, nil, "git", "-C", folder, "init", "-q", "-b", "main")
	keytest.Run(t, nil, "git", "-C", folder, "add", "-A")
	keytest.Run(t, nil, "git", "-C", folder, "commit", "-q", "-m", "all")
}

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/require"
)

var (
	testVersion = version{major: 9, minor: 8, patch: 7}
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

// dateChangelog says the day of the release, as its maker does.
func dateChangelog(t *testing.T, folder string) {
	t.Helper()
	name := filepath.Join(folder, "CHANGELOG.md")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	dated := regexp.MustCompile(`(?m)^## 0\.9\.0 - .*$`).ReplaceAll(text, []byte("## 0.9.0 - 2026-07-01"))
	require.NotEqual(t, text, dated)
	require.NoError(t, os.WriteFile(name, dated, 0o644))
}

// documentedBlocks returns the commands in the documents about releases that only this test runs, by the
// words they start with.
func documentedBlocks(t *testing.T) map[string]string {
	t.Helper()
	var text []byte
	for _, document := range []string{"docs/release.md", "docs/dev/release.md"} {
		data, err := os.ReadFile(filepath.Join(keytest.Root(t), document))
		require.NoError(t, err)
		text = append(text, data...)
	}
	pattern := regexp.MustCompile("(?m)^<!-- not run: by TestDocuments.*; TestRelease runs it, .*-->\n```sh\n((?s:.*?))^```$")
	blocks := map[string]string{}
	for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
		words := strings.Fields(m[1])
		blocks[words[0]+" "+words[1]] = m[1]
	}
	require.Len(t, blocks, 4)
	return blocks
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

func readTree(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, name))
		files[name] = data
		return err
	}))
	return files
}

// smallRelease is a folder with the files of a release, as far as signing looks at them.
func smallRelease(t *testing.T) string {
	t.Helper()
	files := []file{{"keyconv_9.8.7_linux_amd64.tar.gz", modeFile, []byte("archive")}, {"keyconv.html", modeFile, []byte("page")}}
	files = append(files, file{checksumsName, modeFile, checksums(files)}, file{"manifests/keyconv.rb", modeFile, nil})
	folder := filepath.Join(t.TempDir(), "dist")
	require.NoError(t, writeInside(folder, files))
	return folder
}

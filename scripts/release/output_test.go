package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOutputIsNotAnything: only an earlier release is replaced, as a whole.
func TestOutputIsNotAnything(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out")
	assert.NoError(t, checkOutput(folder, testVersion), "it is not there")
	require.NoError(t, os.Mkdir(folder, 0o755))
	assert.NoError(t, checkOutput(folder, testVersion), "it is empty")
	keytest.WriteFile(t, folder, "thesis.txt", nil)
	assert.ErrorContains(t, checkOutput(folder, testVersion), "is not empty and holds no earlier release")
	opts := options{output: folder, version: testVersion, folder: t.TempDir(), log: io.Discard}
	assert.Error(t, release(t.Context(), opts))
	assert.FileExists(t, filepath.Join(folder, "thesis.txt"))
	keytest.WriteFile(t, folder, checksumsName, nil)
	assert.ErrorContains(t, checkOutput(folder, testVersion), "holds thesis.txt, which is not of the earlier release")
	require.NoError(t, os.Remove(filepath.Join(folder, "thesis.txt")))
	keytest.WriteFile(t, folder, signatureName, nil)
	assert.NoError(t, checkOutput(folder, testVersion))
	require.NoError(t, writeOutput(opts, []file{{"sub/new", modeProgram, []byte("n")}}))
	assert.Equal(t, map[string][]byte{"sub/new": []byte("n")}, readTree(t, folder))
	assertAlone(t, folder)
}

// assertAlone: nothing is beside the folder.
func assertAlone(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(folder))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, filepath.Base(folder), entries[0].Name())
}

// TestVersionThatExists: a release is not made again over itself; another version is.
func TestVersionThatExists(t *testing.T) {
	folder := t.TempDir()
	keytest.WriteFile(t, folder, checksumsName, checksums([]file{{name: "keyconv_9.8.7.cdx.json"}}))
	keytest.WriteFile(t, folder, "keyconv_9.8.7.cdx.json", nil)
	assert.ErrorContains(t, checkOutput(folder, testVersion), "holds v9.8.7 already; remove or rename that folder")
	for _, other := range []string{"v9.8.8", "v9.8.7-rc.1", "v8.7.0"} {
		v, err := parseVersion(other)
		require.NoError(t, err)
		assert.NoError(t, checkOutput(folder, v), other)
	}
}

// TestOutputThatFails: what cannot be written whole leaves the earlier release, and nothing
// beside it.
func TestOutputThatFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.Mkdir(folder, 0o755))
	keytest.WriteFile(t, folder, checksumsName, []byte("earlier"))
	opts := options{output: folder, log: io.Discard}
	err := writeOutput(opts, []file{{"a", modeFile, []byte("a")}, {"a/b", modeFile, []byte("b")}})
	require.Error(t, err, "a file where a folder is needed")
	assert.Equal(t, map[string][]byte{checksumsName: []byte("earlier")}, readTree(t, folder))
	assertAlone(t, folder)
}

// TestChangelogSection: a version is described before it is released.
func TestChangelogSection(t *testing.T) {
	final, early := testVersion, testVersion
	early.stage, early.round = "rc", 1
	for _, test := range []struct {
		text         string
		final, early bool
	}{
		{"# Changelog\n\n## 9.8.7 - 2026-07-01\n", true, true},
		{"## 9.8.7 - not released yet\n", false, true},
		{"## 9.8.70 - 2026-07-01\n", false, false},
		{"# Changelog\n\n## Unreleased\n", false, false},
		{"see ## 9.8.7 - 2026-07-01\n", false, false},
	} {
		documents := []file{{"CHANGELOG.md", modeFile, []byte(test.text)}}
		for v, good := range map[version]bool{final: test.final, early: test.early} {
			err := checkChangelog(options{version: v, log: io.Discard}, documents)
			assert.Equal(t, good, err == nil, "%s: %q: %v", v, test.text, err)
		}
	}
	assert.NoError(t, checkChangelog(options{allowDirty: true, log: io.Discard}, []file{{name: "CHANGELOG.md"}}), "what is not for publishing")
}

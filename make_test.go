package keyconv_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// makefile returns the values of the variables and the prerequisites of the targets.
func makefile(t *testing.T) (variables, targets map[string][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(keytest.Root(t), "Makefile"))
	require.NoError(t, err)
	text := strings.ReplaceAll(string(data), "\\\n", " ")
	variables, targets = map[string][]string{}, map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^(\w+) = (.*)$`).FindAllStringSubmatch(text, -1) {
		variables[m[1]] = strings.Fields(m[2])
	}
	for _, m := range regexp.MustCompile(`(?m)^([\w-]+):(.*)$`).FindAllStringSubmatch(text, -1) {
		targets[m[1]] = strings.Fields(m[2])
	}
	return variables, targets
}

// eachGoFile calls do with the folder of each Go file, "./internal/wire" say, and its text.
func eachGoFile(t *testing.T, do func(folder, name, text string)) {
	t.Helper()
	root := os.DirFS(keytest.Root(t))
	require.NoError(t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "node_modules" { // which npm may be writing
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || path.Ext(name) != ".go" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		folder := "./" + path.Dir(name)
		if folder == "./." {
			folder = "."
		}
		do(folder, path.Base(name), string(text))
		return err
	}))
}

// TestMakeTestsAll: CI still runs everything after a file has moved.
func TestMakeTestsAll(t *testing.T) {
	variables, targets := makefile(t)
	assert.Subset(t, targets["test"], []string{"tools", "format", "vet", "tidy", "cross", "unit", "race", "test-386"})
	assert.Subset(t, targets["jobs"], []string{"release-check", "page-test", "test-windows", "fuzz-short"})
	ci, err := os.ReadFile(filepath.Join(keytest.Root(t), ".ci", "run"))
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^set -euo pipefail$`, string(ci))
	assert.Regexp(t, `(?m)^\tmake test$`, string(ci))
	assert.Regexp(t, `(?m)^\tmake --keep-going jobs\b`, string(ci))

	released, err := os.ReadFile(filepath.Join(keytest.Root(t), "scripts", "release", "target.go"))
	require.NoError(t, err)
	var platforms []string
	for _, m := range regexp.MustCompile(`\{"(\w+)", "(\w+)"\}`).FindAllStringSubmatch(string(released), -1) {
		platforms = append(platforms, m[1]+"/"+m[2])
	}
	assert.ElementsMatch(t, platforms, variables["PLATFORMS"], "what is released is built")

	goroutine := regexp.MustCompile(`(?m)^\s+go [\w.]+\(|^\s+go func|\.Go\(`)
	var all strings.Builder
	eachGoFile(t, func(folder, name, text string) {
		switch {
		case strings.HasSuffix(name, "_test.go"):
			all.WriteString(text)
			if strings.Contains(text, "\nfunc TestConcurrentUse(") {
				assert.Contains(t, variables["LIBRARY"], folder, "%s tests for races", name)
			}
		case goroutine.MatchString(text) && !strings.HasPrefix(folder, "./cmd/") && folder != "./internal/keytest":
			assert.Contains(t, variables["RACE"], folder, "%s starts goroutines", name)
		}
	})
	require.NotEmpty(t, variables["RACE_TESTS"])
	require.NotEmpty(t, variables["NOT_386"])
	for _, pattern := range variables["NOT_386"] {
		name := strings.ReplaceAll(strings.TrimPrefix(pattern, "^"), "$$", "(")
		assert.Contains(t, all.String(), "\nfunc "+name, "NOT_386 of the Makefile")
	}
	for _, pattern := range variables["RACE_TESTS"] {
		name := strings.Trim(strings.Split(pattern, "/")[0], "^$")
		assert.Contains(t, all.String(), "\nfunc "+name+"(", "RACE_TESTS of the Makefile")
	}
}

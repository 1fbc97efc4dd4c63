package keyconv_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
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
	assert.Subset(t, targets["test"], []string{"tools", "format", "vet", "tidy", "unit", "race"})
	assert.Subset(t, targets["jobs"], []string{"platforms", "test-386", "release-check", "page-test", "test-windows", "fuzz-short"})
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

	var all strings.Builder
	architecture := regexp.MustCompile(`(?m)^//go:build .*\b(386|amd64|arm|arm64|wasm)\b`)
	ofArchitecture := regexp.MustCompile(`_(386|amd64|arm|arm64|wasm)(_test)?\.go$`)
	eachGoFile(t, func(folder, name, text string) {
		assert.False(t, ofArchitecture.MatchString(name) || architecture.MatchString(text), "%s/%s: vetted for no other architecture", folder, name)
		if strings.HasSuffix(name, "_test.go") {
			all.WriteString(text)
			if strings.Contains(text, "\nfunc TestConcurrentUse(") {
				assert.Contains(t, variables["LIBRARY"], folder, "%s tests for races", name)
			}
		}
	})
	for _, list := range []string{"RACE_TESTS", "NOT_RACE", "NOT_386"} {
		require.NotEmpty(t, variables[list])
		for _, pattern := range variables[list] {
			name, _, _ := strings.Cut(strings.TrimPrefix(pattern, "^"), "/")
			assert.Contains(t, all.String(), "\nfunc "+strings.ReplaceAll(name, "$$", "("), "%s of the Makefile", list)
		}
	}
}

// raced has a test of "make race" for each file that starts goroutines.
var raced = map[string][]string{
	"./internal/batch/batch.go":           {"TestThousandGoodAndEveryBad", "TestInterruptible"},
	"./internal/cli/series.go":            {"TestColour"},
	"./internal/cli/screen.go":            {"TestColour"},
	"./internal/passphrase/passphrase.go": {"TestReadEndsWithTheContext"},
	"./internal/process/signals.go":       {"TestSignals"},
}

// TestGoroutinesAreRaced: each goroutine is started under the race detector, but those of
// Windows, for which it has none in wine.
func TestGoroutinesAreRaced(t *testing.T) {
	variables, _ := makefile(t)
	goroutine := regexp.MustCompile(`(?m)^\s+go [\w.]+\(|^\s+go func|\.Go\(`)
	folders, found := map[string]string{}, 0 // of each test
	eachGoFile(t, func(folder, name, text string) {
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(text, -1) {
			folders[m[1]] += " " + folder + " "
		}
		windows := strings.HasSuffix(name, "_windows.go") || folder == "./cmd/keyconv" // waits for a key in a console of Windows
		if goroutine.MatchString(text) && !strings.HasSuffix(name, "_test.go") && !windows && folder != "./internal/keytest" && !strings.HasPrefix(folder, "./scripts/") {
			assert.NotEmpty(t, raced[folder+"/"+name], "%s/%s starts goroutines", folder, name)
			found++
		}
	})
	assert.Len(t, raced, found)
	for file, tests := range raced {
		for _, test := range tests {
			runs := slices.ContainsFunc(variables["RACE"], func(folder string) bool { return strings.Contains(folders[test], " "+folder+" ") })
			pattern := "^" + test + "$$"
			assert.True(t, slices.Contains(variables["RACE_TESTS"], pattern) || runs && !slices.Contains(variables["NOT_RACE"], pattern),
				"%s of %s is not under the race detector", test, file)
		}
	}
}

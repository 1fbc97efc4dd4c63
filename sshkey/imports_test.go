package sshkey_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/keyconv/keyconv"

// floors orders the packages: none imports one on its own floor or above. A helper
// that is not here stands just above what it imports itself.
var floors = map[string]int{
	"internal/wire": 0,
	"sshkey":        10,
	"ppk":           20,
	"pemkey":        20,
	"ssh1key":       20,
	"p12key":        20,
	".":             30,
	"cmd/keyconv":   40,
}

// pure packages map bytes to values. They touch nothing outside: what they import
// directly is what counts, since golang.org/x/crypto/ssh imports net itself.
var pure = []string{"internal/wire", "sshkey", "ppk", "pemkey", "ssh1key", "p12key", "internal/mend", ".", "internal/session"}

var impure = []string{"os", "os/exec", "flag", "log", "net", "net/http", "time", "syscall", "io/ioutil", "golang.org/x/term", "golang.org/x/sys/unix", "golang.org/x/sys/windows"}

// imports lists what the files of a package import, on all platforms and without
// tests. It is empty for a package that does not exist yet.
func imports(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(keytest.Root(t), dir, "*.go"))
	require.NoError(t, err)
	var all []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			all = append(all, path)
		}
	}
	return all
}

// own returns those imports that are packages of this module, as directories.
func own(paths []string) []string {
	var dirs []string
	for _, path := range paths {
		if path == modulePath {
			dirs = append(dirs, ".")
		} else if dir, ok := strings.CutPrefix(path, modulePath+"/"); ok {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

func floorOf(t *testing.T, dir string) int {
	t.Helper()
	if floor, ok := floors[dir]; ok {
		return floor
	}
	floor := 0
	for _, below := range own(imports(t, dir)) {
		floor = max(floor, floorOf(t, below)+1)
	}
	return floor
}

func TestNoPackageImportsUpwards(t *testing.T) {
	require.NotEmpty(t, imports(t, "sshkey"))
	for dir, floor := range floors {
		for _, below := range own(imports(t, dir)) {
			assert.Less(t, floorOf(t, below), floor, "%s imports %s", dir, below)
		}
	}
}

func TestPurePackagesTouchNothingOutside(t *testing.T) {
	seen := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		paths := imports(t, dir)
		for _, path := range impure {
			assert.NotContains(t, paths, path, "package %s", dir)
		}
		for _, below := range own(paths) {
			visit(below)
		}
	}
	for _, dir := range pure {
		visit(dir)
	}
	assert.True(t, seen["ppk"])
}

func TestOnlyTestsImportTheTestHelpers(t *testing.T) {
	for dir := range floors {
		assert.NotContains(t, own(imports(t, dir)), "internal/keytest", dir)
	}
}

package sshkey_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/keyconv/keyconv"

// floors orders all packages: none imports one on its own floor or above.
var floors = map[string]int{
	// Helpers, named for what they do.
	"internal/wire":       0,
	"internal/lazy":       -1, // even helpers have tables
	"internal/quote":      0,
	"internal/codepage":   0,
	"internal/ciphers":    0,
	"internal/safefile":   1,
	"internal/agentconn":  1,
	"internal/clipboard":  1,
	"internal/sixwords":   1,
	"internal/passphrase": 1,
	// The key, and what is about keys alone.
	"internal/meter":    0,
	"internal/rawkey":   9,
	"sshkey":            10,
	"internal/budget":   11,
	"internal/keytest":  11,
	"internal/dump":     11,
	"internal/redact":   11,
	"internal/der":      11,
	"internal/pbes":     12,
	"internal/pemblock": 12,
	// One package for each family of file formats.
	"ppk":         20,
	"pemkey":      20,
	"ssh1key":     20,
	"p12key":      21, // there is PKCS#8 in PKCS#12
	"jkskey":      21, // and in Java keystores
	"jwkkey":      20,
	"mskey":       20,
	"dropbearkey": 20,
	// The engine.
	"internal/readers": 28,
	"internal/mend":    29,
	"internal/engine":  30,
	// What has verdicts of the engine in its values.
	"internal/session": 31,
	// The library, for other programs.
	".":       35,
	"keyfile": 36,
	// The job, in the order in which data flows.
	"internal/fault":   40,
	"internal/batch":   41,
	"internal/unlock":  42,
	"internal/input":   43,
	"internal/output":  44,
	"internal/list":    44,
	"internal/convert": 45,
	// The place that a job puts its files in, where there is a disk.
	"internal/disk": 46,
	// Where programs have sessions, on this system.
	"internal/login":   47,
	"internal/migrate": 48,
	// The front ends.
	"internal/process": 50,
	"internal/window":  51,
	"internal/cli":     52,
	"internal/page":    51,
	"cmd/keyconv":      60,
	"scripts/bench":    60,
	"scripts/page":     60,
	"web/wasm":         60,
	"scripts/vectors":  60,
	"vectors":          10,
	"vectors/gen":      60,
	"vectors/reader":   60,
	"scripts/release":  60,
}

// jobFloor and frontFloor are where the job begins, and where front ends do.
const jobFloor, frontFloor = 40, 50

// pure packages map bytes to values. They touch nothing outside: what they import
// directly is what counts, since golang.org/x/crypto/ssh imports net itself.
var pure = []string{"internal/wire", "internal/rawkey", "sshkey", "ppk", "pemkey", "ssh1key", "p12key", "jkskey", "jwkkey", "dropbearkey", "mskey", "internal/mend", "internal/engine", ".", "internal/session"}

var impure = []string{"os", "os/exec", "flag", "log", "net", "net/http", "time", "syscall", "io/ioutil", "golang.org/x/term", "golang.org/x/sys/unix", "golang.org/x/sys/windows"}

// sources lists the files of a package, on all platforms and without tests.
func sources(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(keytest.Root(t), dir, "*.go"))
	require.NoError(t, err)
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
}

// imports lists what the files of a package import, on all platforms and without
// tests. It is empty for a package that does not exist yet.
func imports(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for _, file := range sources(t, dir) {
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

// packages lists the folders of the module with code that is not a test.
func packages(t *testing.T) []string {
	t.Helper()
	root := keytest.Root(t)
	var dirs []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); path != root && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		dir, err := filepath.Rel(root, path)
		require.NoError(t, err)
		if dir = filepath.ToSlash(dir); len(imports(t, dir)) > 0 {
			dirs = append(dirs, dir)
		}
		return nil
	}))
	return dirs
}

// TestNoPackageImportsUpwards: a folder without a floor fails. Floors that only go up
// have no cycle.
func TestNoPackageImportsUpwards(t *testing.T) {
	dirs := packages(t)
	assert.Greater(t, len(dirs), 20)
	for _, dir := range dirs {
		floor, known := floors[dir]
		assert.True(t, known, "%s has no floor: give it one", dir)
		for _, below := range own(imports(t, dir)) {
			assert.Less(t, floors[below], floor, "%s imports %s", dir, below)
		}
	}
	for dir := range floors {
		assert.Contains(t, dirs, dir, "there is no such folder")
	}
}

// TestJobHasNoFrontEnd: no package below the front ends knows a flag, prints, or asks
// for a terminal. Only internal/passphrase has to do with terminals: the command hands
// it in.
func TestJobHasNoFrontEnd(t *testing.T) {
	for _, dir := range packages(t) {
		paths := imports(t, dir)
		if floors[dir] < frontFloor {
			for _, path := range []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "flag", "log"} {
				assert.NotContains(t, paths, path, dir)
			}
			if dir != "internal/passphrase" {
				assert.NotContains(t, paths, "golang.org/x/term", dir)
				assert.Empty(t, find(t, dir, isStandardStream), dir)
			}
		}
		if floors[dir] >= jobFloor && floors[dir] < frontFloor {
			assert.Empty(t, find(t, dir, namesFlag), "%s has words of the command line", dir)
		}
	}
	assert.NotEmpty(t, find(t, "internal/cli", namesFlag))
	assert.NotEmpty(t, find(t, "cmd/keyconv", isStandardStream))
}

// isStandardStream finds os.Stdin, os.Stdout and os.Stderr, and what prints to them.
func isStandardStream(n ast.Node) bool {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && (x.Name == "os" && strings.HasPrefix(sel.Sel.Name, "Std") || x.Name == "fmt" && strings.HasPrefix(sel.Sel.Name, "Print"))
}

var flagName = regexp.MustCompile(`--[a-z]|(^|[ (])-[a-z]( |$)|keyconv (pem2ppk|ppk2pem|convert|public|passwd|inspect|agent) `)

// namesFlag finds texts with a flag or a command line in them.
func namesFlag(n ast.Node) bool {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return false
	}
	text, err := strconv.Unquote(lit.Value)
	return err == nil && flagName.MatchString(text)
}

// find returns where the code of a package, its tests left out, has such a thing.
func find(t *testing.T, dir string, is func(ast.Node) bool) []string {
	t.Helper()
	var found []string
	for _, file := range sources(t, dir) {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if n != nil && is(n) {
				found = append(found, set.Position(n.Pos()).String())
			}
			return true
		})
	}
	return found
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

// TestJobNeedsNoDisk: a page in a browser converts without one.
func TestJobNeedsNoDisk(t *testing.T) {
	seen := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		for _, below := range own(imports(t, dir)) {
			visit(below)
		}
	}
	visit("internal/convert")
	assert.True(t, seen["internal/output"])
	for _, dir := range []string{"internal/disk", "internal/safefile", "internal/agentconn", "internal/process"} {
		assert.False(t, seen[dir], "internal/convert imports %s", dir)
	}
}

func TestOnlyTestsImportTheTestHelpers(t *testing.T) {
	for dir := range floors {
		assert.NotContains(t, own(imports(t, dir)), "internal/keytest", dir)
	}
}

//go:build unix

package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxSums is how many lines go.sum of a program with package ppk may have. Each module that
// this one needs, its tests included, takes two.
const maxSums = 24

// buildPatience is for a busy machine that compiles the standard library for a system.
const buildPatience = 10 * time.Minute

// outside is a module that imports this one as any other program does.
type outside struct{ root, dir string }

func newOutside(t *testing.T) outside {
	t.Helper()
	o := outside{keytest.Root(t), t.TempDir()}
	keytest.WriteFile(t, o.dir, "go.mod", []byte("module example.com/program\n\ngo 1.26\n\n"+
		"require github.com/keyconv/keyconv v0.0.0\n\nreplace github.com/keyconv/keyconv => "+o.root+"\n"))
	return o
}

// run runs the go command without a network: all modules are those of this one.
func (o outside) run(t *testing.T, system string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), buildPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off")
	if goos, goarch, found := strings.Cut(system, "/"); found {
		cmd.Env = append(cmd.Env, "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s go %v: %s", system, args, out)
}

var packageClause = regexp.MustCompile(`(?m)^package \w+`)

// take copies the examples of a package: as they are into run, and as a package of programs
// into build. Programs with connections are left out of browser.
func (o outside) take(t *testing.T, folder, name string) {
	t.Helper()
	sources, err := filepath.Glob(filepath.Join(o.root, folder, "example*_test.go"))
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	for _, source := range sources {
		text, err := os.ReadFile(source)
		require.NoError(t, err)
		program := packageClause.ReplaceAll(text, []byte("package programs"))
		file := strings.TrimSuffix(filepath.Base(source), "_test.go") + ".go"
		for into, text := range map[string][]byte{"run": text, "build": program, "browser": program} {
			dir := filepath.Join(o.dir, into, name)
			require.NoError(t, os.MkdirAll(dir, 0o755))
			switch {
			case into == "run":
				keytest.WriteFile(t, dir, filepath.Base(source), text)
			case into == "build" || !bytes.Contains(text, []byte("\t\"net")):
				keytest.WriteFile(t, dir, file, text)
			}
		}
	}
}

// TestProgramsOutside: the programs of docs/library.md, which are examples, build and run in
// a module of their own, and build for the other systems.
func TestProgramsOutside(t *testing.T) {
	o := newOutside(t)
	for name, folder := range map[string]string{"keyconv": ".", "keyfile": "keyfile", "ppk": "ppk"} {
		o.take(t, folder, name)
	}
	testdata := filepath.Join(o.root, "testdata")
	require.NoError(t, os.Symlink(testdata, filepath.Join(o.dir, "run", "testdata")))
	require.NoError(t, os.Symlink(testdata, filepath.Join(o.dir, "run", "keyconv", "testdata")))
	o.run(t, "", "mod", "tidy")
	o.run(t, "", "test", "./run/...")
	if keytest.Sampled() {
		return
	}
	o.run(t, "windows/amd64", "build", "./build/...")
	o.run(t, "js/wasm", "build", "./browser/...")
	o.run(t, "wasip1/wasm", "build", "./browser/...")
}

// TestSumsOfAUser: a program with package ppk has few modules to trust.
func TestSumsOfAUser(t *testing.T) {
	o := newOutside(t)
	keytest.WriteFile(t, o.dir, "user.go", []byte("package user\n\nimport _ \"github.com/keyconv/keyconv/ppk\"\n"))
	o.run(t, "", "mod", "tidy")
	sums, err := os.ReadFile(filepath.Join(o.dir, "go.sum"))
	require.NoError(t, err)
	lines := bytes.Count(sums, []byte("\n"))
	assert.NotZero(t, lines)
	assert.LessOrEqual(t, lines, maxSums, "%s", sums)
}

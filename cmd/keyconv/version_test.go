//go:build !windows

package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVersion: a plain build shows Go's version and the libraries, and no commit that
// it does not know; a release shows what it was given.
func TestVersion(t *testing.T) {
	for _, test := range []struct{ flags, want string }{
		{"", `\Akeyconv \(devel\)\nbuilt with go`},
		{"-X main.version=v1.2.3 -X main.commit=0123abcd", `\Akeyconv v1\.2\.3\ncommit 0123abcd\nbuilt with go`},
	} {
		program := filepath.Join(t.TempDir(), "keyconv")
		require.NoError(t, keytest.BuildCommand(program, "-buildvcs=false", "-ldflags="+test.flags))
		text := string(keytest.Run(t, nil, program, "version"))
		assert.Regexp(t, test.want+`[^ ]+ for `+runtime.GOOS+"/"+runtime.GOARCH+`\n`, text)
		assert.Regexp(t, `\ngolang\.org/x/crypto v[0-9.]+\n`, text)
	}
}

// initTrace is a line of GODEBUG=inittrace=1 (package runtime) for a package with something to
// do before main.
var initTrace = regexp.MustCompile(`(?m)^init (\S+) .* ([0-9]+) bytes, ([0-9]+) allocs$`)

// TestStartDoesLittle: a start makes no tables and compiles no expressions that the command
// may not need: tables are laid out by the compiler, or made when they are looked up.
func TestStartDoesLittle(t *testing.T) {
	program := filepath.Join(t.TempDir(), "keyconv")
	require.NoError(t, keytest.BuildCommand(program))
	cmd := exec.Command(program, "version")
	cmd.Env = append(cmd.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	lines, ours, all := initTrace.FindAllStringSubmatch(string(out), -1), 0, 0
	require.Greater(t, len(lines), 50, "%s", out) // those of Go's library
	for _, line := range lines {
		bytes, err := strconv.Atoi(line[2])
		require.NoError(t, err)
		all += bytes
		if line[1] == "main" || strings.HasPrefix(line[1], "github.com/keyconv/") {
			ours += bytes
		}
	}
	assert.LessOrEqual(t, ours, 1<<10)
	assert.LessOrEqual(t, all, 84<<10)
}

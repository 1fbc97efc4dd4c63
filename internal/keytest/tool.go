package keytest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// RequireToolsEnv is the environment variable that turns a missing program from a
// skip into a failure, for a machine that is known to have them all.
const RequireToolsEnv = "KEYCONV_REQUIRE_TOOLS"

// Sampled reports whether a test of very many inputs takes a sample of them: always, except in
// the run that must find every program (RequireToolsEnv), which is that of "make test".
// "go test ./..." is for answers while you work.
func Sampled() bool { return testing.Short() || os.Getenv(RequireToolsEnv) != "1" }

// Some returns n of a list, in its order and others each time, where a test takes a sample
// (Sampled), and otherwise the list.
func Some[T any](n int, list []T) []T {
	if !Sampled() || n >= len(list) {
		return list
	}
	chosen := rand.Perm(len(list))[:n]
	slices.Sort(chosen)
	some := make([]T, n)
	for i, at := range chosen {
		some[i] = list[at]
	}
	return some
}

// Patience is for a machine that is stuck, and a program that never ends, as some versions of
// puttygen on some files; nothing waits for it otherwise.
const Patience = 60 * time.Second

// packages maps programs to their Debian packages.
var packages = map[string]string{
	"puttygen":   "putty-tools",
	"plink":      "putty-tools",
	"psftp":      "putty-tools",
	"pscp":       "putty-tools",
	"pageant":    "putty-tools",
	"ssh":        "openssh-client",
	"ssh-keygen": "openssh-client",
	"ssh-agent":  "openssh-client",
	"ssh-add":    "openssh-client",
	"sshd":       "openssh-server",
	"openssl":    "openssl",
	"expect":     "expect",
	"strace":     "strace",
	"unshare":    "util-linux",
	"fzputtygen": "filezilla",
	"php":        "php-cli",
	"rpm":        "rpm",

	"osslsigncode": "osslsigncode",

	"ansible-playbook": "ansible-core",
}

// Tool returns the path of a real program. Where it is missing the test is skipped
// by name, or fails if KEYCONV_REQUIRE_TOOLS is 1.
func Tool(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	// Daemons are in folders that are not in a user's PATH, and scripts/install-tools.sh puts
	// what is not a package into one of its own.
	for _, dir := range []string{filepath.Join(toolsDir(), "bin"), "/usr/sbin", "/usr/local/sbin", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	pkg := packages[name]
	if pkg == "" {
		pkg = name
	}
	Skip(t, fmt.Sprintf("the program %s is missing (Debian package %s)", name, pkg))
	return ""
}

// toolsDir is the folder of scripts/install-tools.sh.
func toolsDir() string {
	if dir := os.Getenv("KEYCONV_TOOLS"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "keyconv-tools")
}

// NodeModule returns the folder to start Node.js in for a module of npm, as
// scripts/install-tools.sh has installed it. Where it is missing the test is skipped, as in
// Tool.
func NodeModule(t testing.TB, name string) string {
	t.Helper()
	dir := toolsDir()
	if _, err := os.Stat(filepath.Join(dir, "node_modules", name, "package.json")); err != nil {
		Skip(t, fmt.Sprintf("the module %s of npm is missing (scripts/install-tools.sh)", name))
	}
	return dir
}

// Skip skips a test because the machine lacks something, such as a program or the
// rights of root, or fails it if KEYCONV_REQUIRE_TOOLS is 1: what the test command
// promises must not be skipped unseen.
func Skip(t testing.TB, lacks string) {
	t.Helper()
	if os.Getenv(RequireToolsEnv) == "1" {
		t.Fatal(lacks)
	}
	t.Skip(lacks)
}

// Run runs a real program with a home directory of its own and returns its
// standard output. The test fails if the program does.
func Run(t testing.TB, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	out, err := RunError(t, stdin, name, args...)
	require.NoError(t, err)
	return out
}

// RunError is Run for a program that may fail. The error has what the program
// wrote to standard error.
func RunError(t testing.TB, stdin []byte, name string, args ...string) ([]byte, error) {
	t.Helper()
	path := Tool(t, name)
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.WaitDelay = Patience // not less: a busy machine may take long to read what is left
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%s %q: %w: %s", name, args, err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}

// WriteFile writes a file, owner-only, into dir and returns its path.
func WriteFile(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

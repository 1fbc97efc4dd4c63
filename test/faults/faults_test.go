//go:build unix

package faults

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nobody is the usual number of the user without rights.
const nobody = 65534

// faultFolder is a folder with inputs and a folder "out", in which things go wrong:
// it has an output from before and a key for passwd.
func faultFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "out"), 0o755))
	keytest.CopyInto(t, dir, map[string]string{
		"key.pem":   "console-rsa2048.pem",
		"plain.ppk": "twins/ed25519.v3.ppk",
		"cert.ppk":  "corpus/generated/ed25519.cert.v3.ppk",
	})
	keytest.WriteFile(t, dir, "pass", []byte(keytest.Passphrase+"\n"))
	return dir
}

func fillOut(t *testing.T, dir string) {
	t.Helper()
	keytest.CopyInto(t, filepath.Join(dir, "out"), map[string]string{
		"old": "twins/ecdsa256.v3.ppk",
		"own": "twins/ed25519.v3.ppk",
		// A key that lost its line ends.
		"damaged": "corpus/import-edge/oneline_rsa",
	})
}

// writers are all commands that write a private key, with the file that they write:
// a new one, one that exists, or their own.
var writers = []struct{ args, output string }{
	{"pem2ppk key.pem -o out/new", "out/new"},
	{"pem2ppk key.pem -f -o out/old", "out/old"},
	{"ppk2pem plain.ppk -o out/new", "out/new"},
	{"ppk2pem plain.ppk -f -o out/old", "out/old"},
	{"ppk2pem cert.ppk -o out/new", "out/new"},
	{"convert --to pkcs8 key.pem -o out/new", "out/new"},
	{"convert --to openssh --new-passphrase-file pass --kdf-rounds 1 key.pem -f -o out/old", "out/old"},
	{"generate -o out/new", "out/new"},
	{"generate -f -o out/old --to pem", "out/old"},
	{"passwd -C x out/own", "out/own"},
	{"passwd --new-passphrase-file pass --kdf-passes 1 out/own", "out/own"},
	{"convert --to openssh --in-place out/own", "out/own"},
	{"repair --in-place out/damaged", "out/damaged"},
	{"repair out/damaged -o out/new", "out/new"},
}

// testWriters lets all writers fail in the same way: with exit code 1 and a message
// that names the output, and with every file as it was. start is the command that
// keyconv is the end of; nil for none.
func testWriters(t *testing.T, dir, problem string, start ...string) {
	t.Helper()
	before := keytest.Snapshot(t, dir)
	for _, test := range writers {
		t.Run(test.args, func(t *testing.T) {
			line := append(append([]string{}, start...), keytest.Command(t))
			line = append(line, strings.Fields(test.args)...)
			got := keytest.RunDetached(t, dir, "", line[0], line[1:]...)
			assert.Equal(t, 1, got.Code, got.Stderr)
			assert.Empty(t, got.Stdout)
			assert.Regexp(t, `^keyconv: .*cannot write `+test.output+`: `+problem+`\n$`, got.Stderr)
			assert.Equal(t, before, keytest.Snapshot(t, dir))
		})
	}
}

// TestFolderOfSomebodyElse cannot be written by root's tests, so that they step down.
func TestFolderOfSomebodyElse(t *testing.T) {
	dir := faultFolder(t)
	fillOut(t, dir)
	open := func(path string, mode fs.FileMode) { require.NoError(t, os.Chmod(path, mode)) }
	for _, name := range []string{"key.pem", "plain.ppk", "cert.ppk", "pass", "out/own", "out/old", "out/damaged"} {
		open(filepath.Join(dir, name), 0o644)
	}
	open(dir, 0o755)
	open(filepath.Dir(dir), 0o755)
	open(filepath.Join(dir, "out"), 0o555)
	t.Cleanup(func() { open(filepath.Join(dir, "out"), 0o755) })
	before := keytest.Snapshot(t, dir)
	keyconv := openProgram(t)
	for _, test := range writers {
		t.Run(test.args, func(t *testing.T) {
			cmd := exec.CommandContext(keytest.Patiently(t), keyconv, strings.Fields(test.args)...)
			cmd.Dir = dir
			cmd.SysProcAttr = asNobody()
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			assert.Equal(t, 1, cmd.ProcessState.ExitCode(), "%s", out)
			assert.Regexp(t, `^keyconv: .*cannot write `+test.output+`: permission denied\n$`, string(out))
			assert.Equal(t, before, keytest.Snapshot(t, dir))
		})
	}
}

// asNobody takes root's rights away, where the tests have them.
func asNobody() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return attr
}

// openProgram is the command where everybody can start it.
func openProgram(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o755))
	path := filepath.Join(dir, "keyconv")
	data, err := os.ReadFile(keytest.Command(t))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o755))
	return path
}

// TestFolderVanishes while the command waits for a passphrase: long after it looked
// at the folder. A file may have come in its place.
func TestFolderVanishes(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, out string)
		want   string
	}{
		"removed":  {func(*testing.T, string) {}, `the folder "out" does not exist`},
		"replaced": {func(t *testing.T, out string) { keytest.WriteFile(t, filepath.Dir(out), "out", nil) }, `"out" is not a folder`},
	} {
		for _, args := range []string{
			"pem2ppk --kdf-memory 64 --kdf-passes 1 --new-passphrase-file pipe key.pem -o out/new",
			"pem2ppk --kdf-memory 64 --kdf-passes 1 --new-passphrase-file pipe key.pem -f -o out/new",
			"generate --kdf-rounds 1 --new-passphrase-file pipe -o out/new",
		} {
			t.Run(name+"/"+args, func(t *testing.T) {
				dir := faultFolder(t)
				require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
				cmd := exec.CommandContext(keytest.Patiently(t), keytest.Command(t), strings.Fields(args)...)
				cmd.Dir = dir
				var stderr strings.Builder
				cmd.Stderr = &stderr
				require.NoError(t, cmd.Start())
				pipe := keytest.OpenReadPipe(t, filepath.Join(dir, "pipe"))
				require.NoError(t, os.Remove(filepath.Join(dir, "out")))
				test.change(t, filepath.Join(dir, "out"))
				before := keytest.Snapshot(t, dir)
				_, err := pipe.WriteString("secret\n")
				require.NoError(t, err)
				require.NoError(t, pipe.Close())
				_ = cmd.Wait()
				assert.Equal(t, 1, cmd.ProcessState.ExitCode())
				assert.Regexp(t, `^keyconv: .*cannot write out/new: `+test.want+`\n$`, stderr.String())
				assert.Equal(t, before, keytest.Snapshot(t, dir))
			})
		}
	}
}

// assertWhole checks that a file is a whole key, and the key that it should be.
func assertWhole(t *testing.T, path string, want *sshkey.Key) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	got, err := engine.Parse(data, func(*engine.File) ([]byte, error) { return []byte(keytest.Passphrase), nil })
	if assert.NoError(t, err, path) {
		got.Comment, got.Certificate = want.Comment, want.Certificate
		assert.True(t, got.Equal(want), "%s is another key", path)
	}
}

// assertOwnerOnly checks the modes of all files in a folder.
func assertOwnerOnly(t *testing.T, dir string) {
	t.Helper()
	for path, e := range keytest.Snapshot(t, dir) {
		if e.Mode.IsRegular() && !strings.HasSuffix(path, ".pub") {
			assert.Zero(t, e.Mode.Perm()&^0o600, "%s has the mode %v", path, e.Mode)
		}
	}
}

func assertNoTemporary(t *testing.T, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, ".keyconv-*.tmp"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func parseTestdata(t *testing.T, name string) *sshkey.Key {
	t.Helper()
	key, err := engine.Parse(keytest.Read(t, filepath.FromSlash(name)), nil)
	require.NoError(t, err)
	return key
}

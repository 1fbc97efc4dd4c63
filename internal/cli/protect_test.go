//go:build !windows

package cli

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// outputters are all commands with --output: arguments that work with a key "key.pem", and
// whether the job of the command is to write a private key.
var outputters = map[string]struct {
	args []string
	keys bool
}{
	"keyconv":          {[]string{"key.pem"}, true},
	"keyconv pem2ppk":  {[]string{"pem2ppk", "key.pem"}, true},
	"keyconv ppk2pem":  {[]string{"ppk2pem", "key.ppk"}, true},
	"keyconv convert":  {[]string{"convert", "--to", "pkcs8", "key.pem"}, true},
	"keyconv repair":   {[]string{"repair", "damaged"}, true},
	"keyconv generate": {[]string{"generate"}, true},
	"keyconv public":   {[]string{"public", "key.pem"}, false},
	"keyconv migrate":  {args: []string{"migrate", "--from", "openssh", "--for", "putty"}},
	"keyconv session":  {[]string{"session", "s", "root@h", "--for", "openssh"}, false},
}

// moreOutputters are command lines whose job is another one than that of their command.
var moreOutputters = [][]string{
	{"convert", "--to", "public", "key.pem"},
	{"session", "s", "root@h", "--for", "openssh", "--key", "key.pem", "--add"},
	{"session", "s", "root@h", "--for", "filezilla", "--key", "key.pem", "--add"},
	{"session", "s", "root@h", "--for", "filezilla", "--key", "key.pem"},
	{"session", "s", "root@h", "--for", "winscp", "--key", "key.pem", "--key-path", `C:\key.ppk`},
}

// eachCommand calls f for all commands, with all their flags.
func eachCommand(t *testing.T, f func(cmd *cobra.Command)) {
	t.Helper()
	root := Root()
	queue := []*cobra.Command{root}
	for len(queue) > 0 {
		f(queue[0])
		queue = append(queue[1:], queue[0].Commands()...)
	}
}

// TestFileFlagsAreKnown: a flag that names a file has a row in fileFlags, which says
// whether an output has to stay away from the file, and each command with an output has
// a row above.
func TestFileFlagsAreKnown(t *testing.T) {
	known := map[string]bool{}
	eachCommand(t, func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			value, _ := pflag.UnquoteUsage(f)
			if slices.Contains([]string{"FILE", "DIR", "FOLDER", "PATH"}, value) {
				_, isFile := fileOfFlag(f.Name)
				assert.True(t, isFile, "--%s, a flag of %s", f.Name, cmd.CommandPath())
			}
			known[f.Name] = true
			if f.Name == "output" {
				assert.Contains(t, outputters, cmd.CommandPath())
			}
		})
	})
	for _, f := range fileFlags {
		assert.True(t, known[f.name], "there is no flag --%s", f.name)
	}
}

// TestOutputIsAFileOfTheRun gives every command each file that it reads as its output
// too, under its own name, as a symlink and as a hard link.
func TestOutputIsAFileOfTheRun(t *testing.T) {
	tried := 0
	eachCommand(t, func(cmd *cobra.Command) {
		w, ok := outputters[cmd.CommandPath()]
		if !ok {
			return
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			what, _ := fileOfFlag(f.Name)
			if what == "" {
				return
			}
			for _, output := range []string{"read", "./read", "symlink", "hardlink"} {
				own := w.args
				if f.Name == "files-from" { // which holds the name of the key instead
					own = w.args[:len(w.args)-1]
				}
				args := slices.Concat(own, []string{"--" + f.Name, "read", "-o", output, "-f"})
				if cmd.Name() == "session" && f.Name != "key" {
					args = append(args, "--key", "key.pem")
				}
				assertRefused(t, args, fault.Usage, "is "+what)
				tried++
			}
		})
	})
	assert.Greater(t, tried, 60)
}

// TestOutputIsAnInput: the same for the files that are arguments.
func TestOutputIsAnInput(t *testing.T) {
	lines := slices.Clone(moreOutputters)
	for _, w := range outputters {
		lines = append(lines, w.args)
	}
	for _, line := range lines {
		for _, input := range []string{"key.pem", "key.ppk", "damaged"} {
			if slices.Contains(line, input) {
				assertRefused(t, slices.Concat(line, []string{"-o", input, "-f"}), fault.Usage, "the output "+input+" is ")
			}
		}
	}
}

// TestOtherKeysAreKept: only a command that writes private keys replaces one.
func TestOtherKeysAreKept(t *testing.T) {
	lines := slices.Clone(moreOutputters)
	for _, w := range outputters {
		if !w.keys {
			lines = append(lines, w.args)
		}
	}
	for _, line := range lines {
		if line[0] == "session" && !slices.Contains(line, "--key") {
			line = slices.Concat(line, []string{"--key", "key.pem"})
		}
		for _, output := range []string{"other", "other-link", "other.p12", "damaged", "pgp", "token", "jwks"} {
			assertRefused(t, slices.Concat(line, []string{"-o", output, "-f"}), fault.Exists, "holds a private key")
		}
	}
}

// TestOutputIsWhatTheShellOpened: "<key", "3<pw" and a list on standard input are files of
// the run as well.
func TestOutputIsWhatTheShellOpened(t *testing.T) {
	for name, args := range map[string][]string{
		"key":        {"convert", "--to", "ppk", "-", "-o", "read", "-f"},
		"public":     {"public", "-", "-o", "hardlink", "-f"},
		"list":       {"pem2ppk", "--files-from", "-", "-o", "read", "-f"},
		"passphrase": {"convert", "--to", "pkcs8", "key.pem", "--new-passphrase-fd", "FD", "-o", "read", "-f"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keytest.CopyInto(t, dir, map[string]string{"key.pem": "twins/rsa2048.pem", "read": "twins/ed25519.openssh"})
			t.Chdir(dir)
			if name == "list" || name == "passphrase" {
				require.NoError(t, os.WriteFile("read", []byte("key.pem\n"), 0o600))
			}
			require.NoError(t, os.Link("read", "hardlink"))
			opened, err := os.Open("read")
			require.NoError(t, err)
			defer opened.Close()
			if i := slices.Index(args, "FD"); i >= 0 {
				fd, err := unix.Dup(int(opened.Fd())) // without FD_CLOEXEC, as from a shell
				require.NoError(t, err)
				args[i] = strconv.Itoa(fd)
			}
			before := keytest.Snapshot(t, dir)
			var stderr bytes.Buffer
			got := Run(t.Context(), args, Streams{Stdin: opened, Stdout: &bytes.Buffer{}, Stderr: &stderr})
			assert.Equal(t, fault.Usage, got, stderr.String())
			assert.Contains(t, stderr.String(), "the output "+args[len(args)-2]+" is the")
			assert.Equal(t, before, keytest.Snapshot(t, dir))
		})
	}
}

// TestPasswdKeepsOtherFilesOfTheRun: what is changed in place is a key that the run reads
// for nothing else.
func TestPasswdKeepsOtherFilesOfTheRun(t *testing.T) {
	for _, flag := range []string{"new-passphrase-file", "passphrase-file"} {
		what, _ := fileOfFlag(flag)
		for _, name := range []string{"read", "./read", "symlink"} {
			assertRefused(t, []string{"passwd", name, "--" + flag, "read", "-C", "x"}, fault.Usage, name+" is "+what)
		}
	}
}

// assertRefused runs a command line in a folder of keys, where it must change nothing.
func assertRefused(t *testing.T, args []string, code int, message string) {
	t.Helper()
	t.Run(strings.Join(args, " "), func(t *testing.T) {
		dir := t.TempDir()
		keytest.CopyInto(t, dir, map[string]string{
			"key.pem": "twins/rsa2048.pem", "key.ppk": "twins/rsa2048.v3.ppk", "read": "twins/ed25519.openssh",
			"other": "twins/ed25519.openssh", "other.p12": "p12/aes128.p12", "damaged": "corpus/import-edge/oneline_rsa",
		})
		keytest.WriteFile(t, dir, "pgp", []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQVYBGZ\n-----END PGP PRIVATE KEY BLOCK-----\n"))
		keytest.WriteFile(t, dir, "token", []byte("some words\n-----BEGIN X PRIVATE KEY-----\n"))
		keytest.WriteFile(t, dir, "jwks", []byte(`{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}]}`))
		t.Chdir(dir)
		t.Setenv("HOME", dir)
		require.NoError(t, os.Symlink("read", "symlink"))
		require.NoError(t, os.Link("read", "hardlink"))
		require.NoError(t, os.Symlink("other", "other-link"))
		if slices.Contains(args, "--files-from") {
			name := "key.pem\n"
			if slices.Contains(args, "ppk2pem") {
				name = "key.ppk\n"
			}
			if slices.Contains(args, "repair") {
				name = "damaged\n"
			}
			require.NoError(t, os.WriteFile("read", []byte(name), 0o600))
		}
		before := keytest.Snapshot(t, dir)
		var stderr bytes.Buffer
		got := Run(t.Context(), args, Streams{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &stderr})
		assert.Equal(t, code, got, stderr.String())
		assert.Contains(t, stderr.String(), message)
		assert.Equal(t, before, keytest.Snapshot(t, dir))
	})
}

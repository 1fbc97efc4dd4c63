package vectors_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/vectors"
)

// TestKeyconv holds this module to its own vectors, without mending.
func TestKeyconv(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(all), 400)
	for _, v := range keytest.Some(len(all)/2, all) {
		data, err := vectors.Read(v)
		require.NoError(t, err)
		t.Run(v.File, func(t *testing.T) {
			public, err := publicOf(data, v.PassphraseBytes())
			switch {
			case v.Verdict == vectors.MustRead:
				require.NoError(t, err, v.Property)
				assert.Equal(t, v.Public, public)
			case v.Verdict == vectors.MustRefuse:
				assert.Error(t, err, v.Property)
			case err == nil:
				assert.Equal(t, v.Public, public)
			}
		})
	}
}

// publicOf reads a private key, and returns its public half as a line.
func publicOf(data, passphrase []byte) (string, error) {
	f, err := engine.Open(data, engine.Limits{})
	if err != nil {
		return "", err
	}
	key, err := f.Decrypt(passphrase)
	if err != nil {
		return "", err
	}
	pub, err := key.Public()
	if err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(pub))), nil
}

// TestManifest makes sure that the manifest is whole, and that what it says is possible.
func TestManifest(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	named := map[string]bool{}
	for _, v := range all {
		named[v.File] = true
		_, err := hex.DecodeString(v.Passphrase)
		assert.NoError(t, err, v.File)
		assert.Contains(t, []vectors.Verdict{vectors.MustRead, vectors.MustRefuse, vectors.MayRead}, v.Verdict, v.File)
		assert.Equal(t, v.Verdict == vectors.MustRefuse, v.Public == "", v.File)
		assert.NotEmpty(t, v.Property, v.File)
		assert.True(t, v.Property[len(v.Property)-1] == '.', v.File)
	}
	require.NoError(t, fs.WalkDir(vectors.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		assert.True(t, d.IsDir() || named[path], path)
		return err
	}))
}

// TestRunners: the runners in Python and JavaScript find what the test above finds.
func TestRunners(t *testing.T) {
	if keytest.Sampled() { // TestKeyconv reads the same files, in this process
		t.Skip("runs two thousand processes: make test does")
	}
	reader := filepath.Join(t.TempDir(), "reader")
	out, err := exec.Command("go", "build", "-o", reader, "./reader").CombinedOutput()
	require.NoError(t, err, string(out))
	all, err := vectors.All()
	require.NoError(t, err)
	for _, runner := range [][]string{{"python3", "runner/run.py"}, {"node", "runner/run.mjs"}} {
		keytest.Tool(t, runner[0])
		out, err := exec.Command(runner[0], runner[1], reader).CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Equal(t, fmt.Sprintf("%d vectors, 0 failed\n", len(all)), string(out))
		// A reader that refuses everything fails wherever a file must be read.
		out, err = exec.Command(runner[0], runner[1], "false").CombinedOutput()
		require.Error(t, err)
		assert.Contains(t, string(out), "ppk3/ed25519-plain.ppk: must-read, but: refused. An unencrypted file of version 3")
	}
}

// TestGenerator writes everything again, which has to be the same.
func TestGenerator(t *testing.T) {
	dir := t.TempDir()
	out, err := exec.Command(keytest.Tool(t, "go"), "run", "./gen", "-o", dir).CombinedOutput()
	require.NoError(t, err, string(out))
	again, here := os.DirFS(dir), os.DirFS(".")
	count := 0
	require.NoError(t, fs.WalkDir(again, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		count++
		want, err := fs.ReadFile(here, path)
		require.NoError(t, err)
		got, err := fs.ReadFile(again, path)
		assert.Equal(t, string(want), string(got), path)
		return err
	}))
	all, err := vectors.All()
	require.NoError(t, err)
	assert.Equal(t, len(all)+1, count)
}

//go:build unix

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// installable is a signed release for this platform, with an installer that knows the key.
func installable(t *testing.T, v version, key, signers string) string {
	t.Helper()
	here := target{runtime.GOOS, runtime.GOARCH}
	documents := append(testDocuments, file{"docs/completions/keyconv.bash", modeFile, nil}, file{"docs/completions/keyconv.fish", modeFile, nil})
	content := append(documents, file{here.program(), modeProgram, []byte("#!/bin/sh\necho keyconv " + v.String() + "\n")})
	archive, err := tarGzBytes(inFolder(here.folder(v), content), "", testDate)
	require.NoError(t, err)
	text, err := os.ReadFile(signers)
	require.NoError(t, err)
	files, err := installerFiles(v, text)
	require.NoError(t, err)
	files = append(files, file{here.archive(v), modeFile, archive})
	files = append(files, file{checksumsName, modeFile, checksums(files)})
	dist := filepath.Join(t.TempDir(), "dist")
	require.NoError(t, writeInside(dist, files))
	require.NoError(t, sign(t.Context(), dist, key, signers, time.Now()))
	return dist
}

// install runs the installer of a release with its files from some place.
func install(t *testing.T, dist, from, prefix string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", append([]string{filepath.Join(dist, "install.sh")}, args...)...)
	cmd.Env = append(os.Environ(), "KEYCONV_FROM="+from, "PREFIX="+prefix, "TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	left, readErr := os.ReadDir(cmd.Env[len(cmd.Env)-1][len("TMPDIR="):])
	require.NoError(t, readErr)
	assert.Empty(t, left, "nothing is left behind")
	return string(out), err
}

// TestInstall: installed from a folder and from a server, upgraded, and removed.
func TestInstall(t *testing.T) {
	key, signers := newSigner(t, "")
	prefix := filepath.Join(t.TempDir(), "a prefix")
	early := testVersion
	early.stage, early.round = "rc", 1
	first, second := installable(t, early, key, signers), installable(t, testVersion, key, signers)
	out, err := install(t, first, first, prefix)
	require.NoError(t, err, out)
	assert.Contains(t, out, "keyconv 9.8.7-rc.1 is installed, its signature is good: "+prefix+"/bin/keyconv\n")
	assert.Contains(t, out, "is not in your PATH")

	server := httptest.NewServer(http.FileServer(http.Dir(second)))
	defer server.Close()
	out, err = install(t, second, server.URL, prefix)
	require.NoError(t, err, out)
	assert.Equal(t, "keyconv 9.8.7\n", string(keytest.Run(t, nil, filepath.Join(prefix, "bin", "keyconv"))))
	var names []string
	for name := range readTree(t, prefix) {
		names = append(names, name)
	}
	assert.ElementsMatch(t, []string{
		"bin/keyconv", "share/man/man1/keyconv.1", "share/bash-completion/completions/keyconv",
		"share/zsh/site-functions/_keyconv", "share/fish/vendor_completions.d/keyconv.fish",
	}, names)
	out, err = install(t, second, "", prefix, "--remove")
	require.NoError(t, err, out)
	assert.Empty(t, readTree(t, prefix))
	_, err = install(t, second, "", prefix, "--purge")
	assert.Error(t, err)
}

// TestInstallRefuses: nothing that is not signed by a known key is installed.
func TestInstallRefuses(t *testing.T) {
	key, signers := newSigner(t, "")
	foreign, foreignSigners := newSigner(t, "")
	archive := target{runtime.GOOS, runtime.GOARCH}.archive(testVersion)
	for _, test := range []struct {
		name, want string
		change     func(t *testing.T, dist string)
	}{
		{"archive changed", archive + " is not the file that was signed", func(t *testing.T, dist string) {
			keytest.WriteFile(t, dist, archive, []byte("another"))
		}},
		{"checksums changed", "the signature of the release is wrong", func(t *testing.T, dist string) {
			replaceInFile(t, filepath.Join(dist, checksumsName), archive, "renamed")
		}},
		{"signed by somebody else", "the signature of the release is wrong", func(t *testing.T, dist string) {
			require.NoError(t, sign(t.Context(), dist, foreign, foreignSigners, time.Now()))
		}},
		{"no signature", "cannot get ", func(t *testing.T, dist string) {
			require.NoError(t, os.Remove(filepath.Join(dist, signatureName)))
		}},
		{"not for this platform", "release 9.8.7 has no " + archive, func(t *testing.T, dist string) {
			keytest.WriteFile(t, dist, checksumsName, checksums([]file{{"other", modeFile, nil}}))
			keytest.WriteFile(t, dist, "other", nil)
			for _, name := range append(installers, archive) {
				require.NoError(t, os.Rename(filepath.Join(dist, name), filepath.Join(dist, manifestsFolder, name)))
			}
			require.NoError(t, sign(t.Context(), dist, key, signers, time.Now()))
			for _, name := range append(installers, archive) {
				require.NoError(t, os.Rename(filepath.Join(dist, manifestsFolder, name), filepath.Join(dist, name)))
			}
		}},
		{"no key is known", "no release of keyconv is signed yet", func(t *testing.T, dist string) {
			files, err := installerFiles(testVersion, []byte("# none yet\n"))
			require.NoError(t, err)
			keytest.WriteFile(t, dist, files[0].name, files[0].data)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dist := installable(t, testVersion, key, signers)
			require.NoError(t, os.Mkdir(filepath.Join(dist, manifestsFolder), 0o755))
			test.change(t, dist)
			prefix := filepath.Join(t.TempDir(), "prefix")
			out, err := install(t, dist, dist, prefix)
			assert.Error(t, err)
			assert.Contains(t, out, test.want)
			assert.NoDirExists(t, prefix, "nothing is installed")
		})
	}
}

// TestInstallHalf: half of a download does nothing.
func TestInstallHalf(t *testing.T) {
	key, signers := newSigner(t, "")
	dist := installable(t, testVersion, key, signers)
	name := filepath.Join(dist, "install.sh")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	for _, part := range []int{1, 2, 3} {
		require.NoError(t, os.WriteFile(name, text[:len(text)*part/4], 0o600))
		prefix := filepath.Join(t.TempDir(), "prefix")
		_, _ = install(t, dist, dist, prefix)
		assert.NoDirExists(t, prefix)
	}
}

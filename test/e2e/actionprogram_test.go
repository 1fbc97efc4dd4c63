//go:build unix

package e2e

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestActionBuilds: what a workflow sets for its own programs is not meant for this one.
func TestActionBuilds(t *testing.T) {
	r := newRunner(t)
	r.env = append(r.env, "GOOS=windows", "GOARCH=arm", "GOARM=5", "GOFLAGS=-mod=vendor", "GOWORK=/nowhere", "GOTOOLCHAIN=local", "CGO_ENABLED=1", "CC=/nowhere")
	got := r.run(t, readAction(t).Runs.Steps[0], map[string]string{})
	require.Zero(t, got.Code, got.Stdout+got.Stderr)
	assert.Equal(t, []string{r.temp + "/keyconv"}, r.paths)
	keytest.Run(t, nil, filepath.Join(r.temp, "keyconv", "keyconv"), "version")
}

// releasedAction is the action as a runner fetches it, without git, after a release that has a
// script for the program of Linux and a file for that of Windows.
func releasedAction(t *testing.T) (r *runner, released string) {
	t.Helper()
	r, released = newRunner(t), t.TempDir()
	folder, tools := t.TempDir(), t.TempDir()
	scripts := filepath.Join(folder, "scripts", "action")
	require.NoError(t, os.MkdirAll(scripts, 0o755))
	require.NoError(t, os.CopyFS(scripts, os.DirFS(filepath.Join(keytest.Root(t), "scripts", "action"))))
	top := filepath.Join(t.TempDir(), "keyconv_9.8.7_linux_amd64")
	require.NoError(t, os.Mkdir(top, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(top, "keyconv"), []byte("#!/bin/sh\necho released\n"), 0o755))
	archive := filepath.Join(released, "keyconv_9.8.7_linux_amd64.tar.gz")
	keytest.Run(t, nil, "tar", "-czf", archive, "-C", filepath.Dir(top), filepath.Base(top))
	keytest.WriteFile(t, released, "keyconv_9.8.7_windows_amd64.exe", []byte("program"))
	var sums strings.Builder
	for _, name := range []string{"keyconv_9.8.7_linux_amd64.tar.gz", "keyconv_9.8.7_windows_amd64.exe"} {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(textOf(t, filepath.Join(released, name)))), name)
	}
	require.NoError(t, os.WriteFile(filepath.Join(scripts, "released.txt"), []byte("# v9.8.7\n"+sums.String()), 0o600))
	// In place of the network: curl for the addresses of that release, and no go.
	curl := "#!/bin/bash\nset -e\nout=${*: -2:1} url=${*: -1}\n" +
		"case $url in https://github.com/keyconv/keyconv/releases/download/v9.8.7/*) cp \"" + released + "/${url##*/}\" \"$out\" ;; *) exit 22 ;; esac\n"
	for name, text := range map[string]string{"curl": curl, "go": "#!/bin/sh\nexit 99\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(tools, name), []byte(text), 0o755))
	}
	r.paths = []string{tools}
	r.env = append(r.env, "GITHUB_ACTION_PATH="+folder)
	return r, released
}

// TestActionDownloads: the released program is taken if it is the one of the checksums, and
// is not built where it can be had.
func TestActionDownloads(t *testing.T) {
	get := readAction(t).Runs.Steps[0]
	r, released := releasedAction(t)
	got := r.run(t, get, map[string]string{})
	require.Zero(t, got.Code, got.Stdout+got.Stderr)
	assert.Equal(t, "released\n", string(keytest.Run(t, nil, filepath.Join(r.temp, "keyconv", "keyconv"))))

	r.env = append(r.env, "RUNNER_OS=Windows")
	got = r.run(t, get, map[string]string{})
	require.Zero(t, got.Code, got.Stdout+got.Stderr)
	assert.Equal(t, "program", textOf(t, filepath.Join(r.temp, "keyconv", "keyconv.exe")))

	r.env = append(r.env, "RUNNER_OS=Linux")
	for name, want := range map[string]string{"changed": "is not the file that was released", "gone": "cannot download"} {
		require.NoError(t, os.RemoveAll(filepath.Join(r.temp, "keyconv")))
		archive := filepath.Join(released, "keyconv_9.8.7_linux_amd64.tar.gz")
		require.NoError(t, os.WriteFile(archive, []byte("another"), 0o600))
		if name == "gone" {
			require.NoError(t, os.Remove(archive))
		}
		got = r.run(t, get, map[string]string{})
		assert.Equal(t, 1, got.Code, name)
		assert.Contains(t, got.Stdout, "::error title=keyconv::")
		assert.Contains(t, got.Stdout, want)
		left, err := os.ReadDir(filepath.Join(r.temp, "keyconv"))
		require.NoError(t, err)
		assert.Empty(t, left, "nothing is left to be run")
	}

	r.env = append(r.env, "RUNNER_ARCH=S390X")
	got = r.run(t, get, map[string]string{})
	assert.Equal(t, 99, got.Code, "it is built where there is no release")
}

// TestActionReleased: the list is empty before the first release, and whole afterwards.
func TestActionReleased(t *testing.T) {
	text := textOf(t, filepath.Join(keytest.Root(t), "scripts", "action", "released.txt"))
	lines := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			lines++
			assert.Regexp(t, `^[0-9a-f]{64}  \S+\n$`, line)
		}
	}
	assert.Equal(t, lines == 0, strings.Contains(text, "There is none yet"))
}

// TestActionPrivateLines: of each form the lines that are secret, and of a public key none.
func TestActionPrivateLines(t *testing.T) {
	script := filepath.Join(keytest.Root(t), "scripts", "action", "private.sh")
	for name, want := range map[string]int{
		"console-rsa2048.pem": 25, "twins/rsa2048.v3.ppk": 14, "twins/rsa2048.v3.enc.ppk": 14, "twins/rsa2048.openssh": 25, "twins/rsa2048.pub": 0, "twins/ed25519.v2.ppk": 1,
	} {
		said := string(keytest.Run(t, nil, "bash", script, keytest.Testdata(t, strings.Split(name, "/")...)))
		assert.Equal(t, want, strings.Count(said, "\n"), name)
		assert.NotContains(t, said, "PRIVATE KEY", name)
		assert.NotContains(t, said, "AAAAB3NzaC1yc2E", name)
	}
}

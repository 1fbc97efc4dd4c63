package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseVersion(t *testing.T) {
	v, err := parseVersion("v1.20.65535")
	require.NoError(t, err)
	assert.Equal(t, version{major: 1, minor: 20, patch: 65535}, v)
	assert.Equal(t, "1.20.65535", v.String())
	assert.Equal(t, "v1.20.65535", v.Tag())
	for _, wrong := range []string{"", "1.2.3", "v1", "v1.2", "v1.2.3.4", "v01.2.3", "v1.2.3-rc1", "v1.2.3-rc.0", "v1.2.3-rc.01", "v1.2.3-rc.65536", "v1.2.3-test.1", "v1.2.3-rc.1.2", "v1.2.3+x",
		"v1$(id)", "v1.2.3;id", "v1.2.3`id`", "v1.2.3\nid", "v1.2.3$(id)", "v1.2.3-rc.1 -o /tmp", "--output=/etc", "v1.2.65536", "v1.2.x", " v1.2.3", "v1.2.3\n", "v-1.2.3", "v1.2.99999999999999999999"} {
		_, err := parseVersion(wrong)
		assert.Error(t, err, "%q", wrong)
	}
}

// TestPreRelease: a pre-release sorts before its version for git, dpkg and rpm.
func TestPreRelease(t *testing.T) {
	v, err := parseVersion("v1.2.3-rc.10")
	require.NoError(t, err)
	assert.Equal(t, version{1, 2, 3, "rc", 10}, v)
	assert.Equal(t, "v1.2.3-rc.10", v.Tag())
	assert.Equal(t, "1.2.3", v.Final())
	for _, later := range []string{"1.2.3", "1.2.3~rc.11"} {
		keytest.Run(t, nil, "dpkg", "--compare-versions", v.Sorted(), "lt", later)
	}
	keytest.Run(t, nil, "dpkg", "--compare-versions", v.Sorted(), "gt", "1.2.3~rc.9")
}

func TestParseTargets(t *testing.T) {
	all, err := parseTargets("")
	require.NoError(t, err)
	assert.Equal(t, allTargets, all)
	some, err := parseTargets("windows/386 linux/amd64,windows/amd64")
	require.NoError(t, err)
	assert.Equal(t, []target{{"windows", "amd64"}, {"windows", "386"}, {"linux", "amd64"}}, some)
	for _, wrong := range []string{"plan9/amd64", "linux", "linux/amd64 linux/amd64"} {
		_, err := parseTargets(wrong)
		assert.ErrorContains(t, err, "no release is made for", wrong)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, `the version is vX.Y.Z, such as v1.2.3 or v1.2.3-rc.1, not ""`},
		{[]string{"-version", "1.2.3"}, "make release VERSION=v1.2.3"},
		{[]string{"-version", "v1.2.3", "-targets", "linux/sparc"}, `no release is made for "linux/sparc"`},
		{[]string{"-version", "v1.2.3", "more"}, `unexpected argument "more"`},
		{[]string{"-nonsense"}, "flag provided but not defined"},
	} {
		var stderr bytes.Buffer
		assert.Equal(t, 2, run(t.Context(), test.args, io.Discard, &stderr), test.args)
		assert.Contains(t, stderr.String(), test.want)
	}
}

// TestDocumentedNames: the files that the documents name are those of a release.
func TestDocumentedNames(t *testing.T) {
	released := map[string]bool{archiveName(testVersion): true, archiveName(testVersion) + ".tar.gz": true, sbomName(testVersion): true}
	for _, target := range allTargets {
		released[target.archive(testVersion)] = true
		released[target.folder(testVersion)+".exe"] = target.os == "windows"
		for _, p := range packagings {
			if architecture := p.architectures[target]; architecture != "" {
				released[p.name(testVersion, architecture)] = true
			}
		}
	}
	name := regexp.MustCompile(`keyconv_(?:VERSION|X\.Y\.Z|0\.9\.0)([_.][\w{},.]*\w)`)
	choice := regexp.MustCompile(`\{(.*)\}`)
	found := 0
	for _, document := range []string{"README.md", "docs/release.md", "docs/dev/release.md", "docs/windows.md"} {
		text, err := os.ReadFile(filepath.Join(keytest.Root(t), document))
		require.NoError(t, err)
		for _, m := range name.FindAllStringSubmatch(string(text), -1) {
			alternatives := []string{""}
			if c := choice.FindStringSubmatch(m[1]); c != nil {
				alternatives = strings.Split(c[1], ",")
			}
			for _, a := range alternatives {
				found++
				assert.True(t, released["keyconv_9.8.7"+choice.ReplaceAllString(m[1], a)], "%s: %s", document, m[0])
			}
		}
	}
	assert.Greater(t, found, 30)
}

package main

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// testManifests returns the manifests of a release for all targets, by base name. The sum
// of each archive is a repeated digit.
func testManifests(t *testing.T) map[string][]byte {
	t.Helper()
	var archives []published
	for i, target := range allTargets {
		archives = append(archives, newPublished(target, testVersion, strings.Repeat(fmt.Sprintf("%x", i), 64)))
	}
	files, err := manifestFiles(newManifestData(testVersion, testDate, archives))
	require.NoError(t, err)
	byName := map[string][]byte{}
	for _, f := range files {
		byName[path.Base(f.name)] = f.data
	}
	return byName
}

func TestScoop(t *testing.T) {
	type archive struct {
		URL    string `json:"url"`
		Hash   string `json:"hash"`
		Folder string `json:"extract_dir"`
	}
	var m struct {
		Version, Homepage, License, Description, Bin string
		Architecture                                 map[string]archive
		Autoupdate                                   struct{ Architecture map[string]archive }
	}
	require.NoError(t, json.Unmarshal(testManifests(t)["keyconv.json"], &m))
	assert.Equal(t, "9.8.7", m.Version)
	assert.Equal(t, "keyconv.exe", m.Bin)
	base := "https://github.com/keyconv/keyconv/releases/download/"
	assert.Equal(t, map[string]archive{
		"64bit": {base + "v9.8.7/keyconv_9.8.7_windows_amd64.zip", strings.Repeat("0", 64), "keyconv_9.8.7_windows_amd64"},
		"arm64": {base + "v9.8.7/keyconv_9.8.7_windows_arm64.zip", strings.Repeat("1", 64), "keyconv_9.8.7_windows_arm64"},
		"32bit": {base + "v9.8.7/keyconv_9.8.7_windows_386.zip", strings.Repeat("2", 64), "keyconv_9.8.7_windows_386"},
	}, m.Architecture)
	// An update of the version has to give the addresses of the next release.
	for name, next := range m.Autoupdate.Architecture {
		now := m.Architecture[name]
		assert.Equal(t, now.URL, strings.ReplaceAll(next.URL, "$version", "9.8.7"))
		assert.Equal(t, now.Folder, strings.ReplaceAll(next.Folder, "$version", "9.8.7"))
	}
	assert.Len(t, m.Autoupdate.Architecture, 3)
}

func TestWinget(t *testing.T) {
	files := testManifests(t)
	for name, kind := range map[string]string{"keyconv.keyconv.yaml": "version", "keyconv.keyconv.installer.yaml": "installer", "keyconv.keyconv.locale.en-US.yaml": "defaultLocale"} {
		var m map[string]any
		require.NoError(t, yaml.Unmarshal(files[name], &m), name)
		assert.Equal(t, "keyconv.keyconv", m["PackageIdentifier"])
		assert.Equal(t, "9.8.7", m["PackageVersion"])
		assert.Equal(t, kind, m["ManifestType"])
		assert.Equal(t, "1.12.0", m["ManifestVersion"])
	}
	var m struct {
		InstallerType       string `yaml:"InstallerType"`
		NestedInstallerType string `yaml:"NestedInstallerType"`
		Installers          []struct {
			Architecture string `yaml:"Architecture"`
			URL          string `yaml:"InstallerUrl"`
			SHA256       string `yaml:"InstallerSha256"`
			Files        []struct {
				Path  string `yaml:"RelativeFilePath"`
				Alias string `yaml:"PortableCommandAlias"`
			} `yaml:"NestedInstallerFiles"`
		} `yaml:"Installers"`
	}
	require.NoError(t, yaml.Unmarshal(files["keyconv.keyconv.installer.yaml"], &m))
	assert.Equal(t, "zip portable", m.InstallerType+" "+m.NestedInstallerType)
	require.Len(t, m.Installers, 3)
	for i, want := range []struct{ architecture, arch string }{{"x64", "amd64"}, {"arm64", "arm64"}, {"x86", "386"}} {
		got := m.Installers[i]
		folder := "keyconv_9.8.7_windows_" + want.arch
		assert.Equal(t, want.architecture, got.Architecture)
		assert.Equal(t, "https://github.com/keyconv/keyconv/releases/download/v9.8.7/"+folder+".zip", got.URL)
		assert.Equal(t, strings.Repeat(fmt.Sprint(i), 64), got.SHA256)
		require.Len(t, got.Files, 1)
		assert.Equal(t, folder+`\keyconv.exe`, got.Files[0].Path)
		assert.Equal(t, "keyconv", got.Files[0].Alias)
	}
}

func TestHomebrew(t *testing.T) {
	text := string(testManifests(t)["keyconv.rb"])
	for i, target := range allTargets {
		line := "/v9.8.7/" + target.archive(testVersion) + "\"\n      sha256 \"" + strings.Repeat(fmt.Sprintf("%x", i), 64) + "\"\n"
		brewed := (target.os == "darwin" || target.os == "linux") && strings.HasSuffix(target.arch, "64")
		assert.Equal(t, brewed, strings.Contains(text, line), target)
	}
	assert.Equal(t, strings.Count(text, " do\n")+strings.Count(text, "def ")+1, strings.Count("\n"+text, "end\n"), "every block ends")
	assert.NotContains(t, text, `version "`, "brew audit: it is in the address")
}

// TestManifestsOfAPart: no manifest names an archive that was not made.
func TestManifestsOfAPart(t *testing.T) {
	for _, test := range []struct {
		target target
		want   int
	}{{target{"windows", "386"}, 4}, {target{"darwin", "arm64"}, 2}, {target{"linux", "arm"}, 0}, {target{"freebsd", "amd64"}, 0}} {
		files, err := manifestFiles(newManifestData(testVersion, testDate, []published{newPublished(test.target, testVersion, "0")}))
		require.NoError(t, err)
		assert.Len(t, files, test.want, test.target)
	}
}

// TestInstallers: they hold the keys of the file of signers, and verify before they install.
// There is no PowerShell here: of its installer only the order is looked at.
func TestInstallers(t *testing.T) {
	files, err := installerFiles(testVersion, []byte("# a comment\nkeyconv ssh-ed25519 AAAA\n\nkeyconv namespaces=\"file\" ssh-ed25519 BBBB\r\n"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, f := range files {
		text := string(f.data)
		assert.Contains(t, text, "\nkeyconv namespaces=\"file\" ssh-ed25519 BBBB", f.name)
		assert.Contains(t, text, "keyconv ssh-ed25519 AAAA\n", f.name)
		assert.NotContains(t, text, "a comment", f.name)
		assert.Contains(t, text, "https://github.com/keyconv/keyconv/releases/download/v9.8.7", f.name)
		assert.NotContains(t, text, "{{", f.name)
	}
	script := string(files[1].data)
	last := 0
	for _, step := range []string{"Get-ReleaseFile $file", "Assert-Signed $name\n", "Copy-Item (Join-Path $work $name)"} {
		at := strings.LastIndex(script, step)
		assert.Greater(t, at, last, step)
		last = at
	}
	for _, line := range strings.Split(script, "\n") {
		assert.Equal(t, strings.Count(line, "\"")%2, 0, "a string ends on its line: %s", line)
	}
	_, err = installerFiles(testVersion, []byte("keyconv ssh-ed25519 AAAA it's\n"))
	assert.ErrorContains(t, err, "quotation mark")
}

// TestNix: each platform has its archive.
func TestNix(t *testing.T) {
	text := string(testManifests(t)["keyconv.nix"])
	for i, target := range allTargets {
		line := "/v9.8.7/" + target.archive(testVersion) + "\";\n      sha256 = \"" + strings.Repeat(fmt.Sprintf("%x", i), 64) + "\";\n"
		wanted := (target.os == "darwin" || target.os == "linux") && strings.HasSuffix(target.arch, "64")
		assert.Equal(t, wanted, strings.Contains(text, line), target)
	}
	assert.Equal(t, strings.Count(text, "{"), strings.Count(text, "}"))
	assert.Contains(t, text, "x86_64-linux = {")
}

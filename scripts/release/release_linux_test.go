package main

import (
	"archive/zip"
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tc-hib/winres"
	winversion "github.com/tc-hib/winres/version"
)

// TestRelease makes a release as docs/release.md says, walks the way of a stranger who does
// not trust it, and checks the result.
func TestRelease(t *testing.T) {
	if os.Getenv("KEYCONV_TEST_RELEASE") != "1" {
		t.Skip("make release-check, a part of make jobs, runs it: it takes minutes of a processor")
	}
	clone := filepath.Join(t.TempDir(), "clone")
	copyTree(t, clone)
	dateChangelog(t, clone)
	commitAll(t, clone)
	blocks := documentedBlocks(t)
	runBlock(t, clone, blocks["make release"])
	dist := filepath.Join(clone, "dist")
	assert.Empty(t, keytest.Run(t, nil, "git", "-C", clone, "status", "--porcelain"), "it leaves nothing behind in the tree")

	t.Run("stranger", func(t *testing.T) { walkAsStranger(t, dist, blocks["tar -xzf"]) })
	t.Run("documented", func(t *testing.T) { runBlock(t, clone, blocks["tar -tzf"]) })
	t.Run("tar.gz", func(t *testing.T) { checkTarGz(t, dist) })
	t.Run("zip", func(t *testing.T) { checkZip(t, dist) })
	t.Run("deb", func(t *testing.T) { checkDeb(t, dist) })
	t.Run("rpm", func(t *testing.T) { checkRPM(t, dist) })
	t.Run("manifests", func(t *testing.T) { checkManifests(t, dist) })
	t.Run("page", func(t *testing.T) { checkPage(t, clone, dist) })
}

const releasedCommit = `[0-9a-f]{40}`

func runBlock(t *testing.T, folder, script string) {
	t.Helper()
	require.NotEmpty(t, script)
	cmd := exec.CommandContext(t.Context(), keytest.Tool(t, "bash"), "-eu", "-o", "pipefail", "-c", script)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

// checkPage checks that the page is the program of this commit, and that the bill of
// materials has all of its libraries.
func checkPage(t *testing.T, clone, dist string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(dist, pageName))
	require.NoError(t, err)
	about := regexp.MustCompile(`\{"version":"v0\.9\.0","commit":"` + releasedCommit + `","go":"(go[0-9.]+)","wasm":"([0-9a-f]{64})"`).FindSubmatch(page)
	require.NotNil(t, about)
	extract := exec.CommandContext(t.Context(), "go", "run", "./scripts/page", "-extract", filepath.Join(dist, pageName))
	extract.Dir = clone
	program, err := extract.Output()
	require.NoError(t, err)
	assert.Equal(t, string(about[2]), sumOf(file{data: program}))
	sbom, err := os.ReadFile(filepath.Join(dist, "keyconv_0.9.0.cdx.json"))
	require.NoError(t, err)
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}{{end}}{{end}}", "./web/wasm")
	list.Dir, list.Env = clone, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	out, err := list.Output()
	require.NoError(t, err)
	libraries := strings.Fields(string(out))
	assert.NotEmpty(t, libraries)
	for _, library := range libraries {
		assert.Contains(t, string(sbom), `"pkg:golang/`+library+`"`)
	}
}

func checkTarGz(t *testing.T, dist string) {
	t.Helper()
	folder := t.TempDir()
	keytest.Run(t, nil, "tar", "-xzf", filepath.Join(dist, "keyconv_0.9.0_linux_amd64.tar.gz"), "-C", folder)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "all is in one folder")
	top := filepath.Join(folder, "keyconv_0.9.0_linux_amd64")
	checkContent(t, top, "CHANGELOG.md", "docs/man/keyconv.1", "docs/man/keyconv-pem2ppk.1", "docs/completions/keyconv.bash")
	program := filepath.Join(top, "keyconv")
	checkProgram(t, program)
	checkLibraries(t, dist, top, program)
}

// checkContent looks for what a user needs, and checks the links between the documents.
func checkContent(t *testing.T, top string, more ...string) {
	t.Helper()
	for _, name := range append(more, "README.md", "LICENSE", "THIRD-PARTY.txt", "docs/completions/keyconv.ps1", "docs/formats.md") {
		assert.FileExists(t, filepath.Join(top, name))
	}
	link := regexp.MustCompile(`\]\(([^):#]+)\)`)
	links := 0
	for name, data := range readTree(t, top) {
		if filepath.Ext(name) != ".md" {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			links++
			_, err := os.Stat(filepath.Join(top, filepath.Dir(name), m[1]))
			assert.NoError(t, err, "the link to %s in %s", m[1], name)
		}
	}
	assert.Greater(t, links, 5)
}

// checkProgram runs the program: it prints its version, and converts.
func checkProgram(t *testing.T, program string) {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	require.NoError(t, err)
	text := string(keytest.Run(t, nil, program, "version"))
	assert.Regexp(t, `\Akeyconv v0\.9\.0\ncommit `+releasedCommit+`\nbuilt with `+regexp.QuoteMeta(info.GoVersion)+` for linux/amd64\n`, text)
	assert.Contains(t, text, "\ngolang.org/x/crypto v")
	out := filepath.Join(t.TempDir(), "key.ppk")
	keytest.Run(t, nil, program, "pem2ppk", filepath.Join(keytest.Testdata(t), "console-rsa2048.pem"), "-o", out)
	assert.Contains(t, string(keytest.Run(t, nil, "puttygen", out, "-l")), "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI")
	assert.Contains(t, string(keytest.Run(t, nil, "file", "-b", program)), "statically linked")
}

// checkLibraries checks that the bill of materials and the licences have each module that
// is linked into the program.
func checkLibraries(t *testing.T, dist, top, program string) {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	require.NoError(t, err)
	require.NotEmpty(t, info.Deps)
	text, err := os.ReadFile(filepath.Join(dist, "keyconv_0.9.0.cdx.json"))
	require.NoError(t, err)
	var sbom sbomDocument
	require.NoError(t, json.Unmarshal(text, &sbom))
	listed := map[string]sbomComponent{}
	for _, component := range sbom.Components {
		listed[component.Name+" "+component.Version] = component
	}
	terms, err := os.ReadFile(filepath.Join(top, thirdPartyName))
	require.NoError(t, err)
	for _, dep := range info.Deps {
		name := dep.Path + " " + dep.Version
		require.Contains(t, listed, name)
		assert.Len(t, listed[name].Hashes, 1, name)
		assert.NotEmpty(t, listed[name].Licenses, name)
		assert.Contains(t, string(terms), "\n"+name+", LICENSE", "the licence of each is there")
	}
	assert.Contains(t, listed, "std "+info.GoVersion)
	assert.Contains(t, string(terms), "\nThe Go standard library "+info.GoVersion+", LICENSE\n")
	assert.Contains(t, string(keytest.Run(t, text, "jq", "-r", ".bomFormat")), "CycloneDX")
}

func checkZip(t *testing.T, dist string) {
	t.Helper()
	name := filepath.Join(dist, "keyconv_0.9.0_windows_amd64.zip")
	keytest.Run(t, nil, "unzip", "-tq", name)
	archive, err := zip.OpenReader(name)
	require.NoError(t, err)
	defer archive.Close()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, archive))
	top := filepath.Join(folder, "keyconv_0.9.0_windows_amd64")
	checkContent(t, top)
	atTop, err := os.ReadDir(top)
	require.NoError(t, err)
	assert.Len(t, atTop, 5, "the program is not lost among files")
	assert.NoDirExists(t, filepath.Join(top, "docs", "man"))
	program := filepath.Join(top, "keyconv.exe")
	alone := readTree(t, dist)["keyconv_0.9.0_windows_amd64.exe"]
	assert.True(t, bytes.Equal(alone, readTree(t, top)["keyconv.exe"]), "the program without an archive")
	checkLibraries(t, dist, top, program)
	checkResources(t, program)
}

// checkResources reads from the program what Windows shows of it, and what it obeys.
func checkResources(t *testing.T, program string) {
	t.Helper()
	exe, err := os.Open(program)
	require.NoError(t, err)
	defer exe.Close()
	resources, err := winres.LoadFromEXE(exe)
	require.NoError(t, err)
	info, err := winversion.FromBytes(resources.Get(winres.RT_VERSION, winres.ID(1), winres.LCIDDefault))
	require.NoError(t, err)
	assert.Equal(t, [4]uint16{0, 9, 0, 0}, info.FileVersion)
	strings := *info.Table()[winres.LCIDDefault]
	assert.Equal(t, "0.9.0", strings[winversion.ProductVersion])
	assert.Equal(t, "keyconv", strings[winversion.ProductName])
	assert.Equal(t, "Copyright (c) 2026 The keyconv authors", strings[winversion.LegalCopyright])
	manifest := string(resources.Get(winres.RT_MANIFEST, winres.ID(1), winres.LCIDDefault))
	assert.Regexp(t, `<longPathAware .*>true</longPathAware>`, manifest)
	assert.Contains(t, manifest, `level="asInvoker"`)
	assert.NotContains(t, manifest, "activeCodePage")
	icon, err := resources.GetIcon(winres.Name("APPICON"))
	require.NoError(t, err)
	var ico bytes.Buffer
	require.NoError(t, icon.SaveICO(&ico))
	assert.Equal(t, byte(len(iconSizes)), ico.Bytes()[4], "the icon has all sizes")
}

// checkDeb installs the package as dpkg does, below a folder.
func checkDeb(t *testing.T, dist string) {
	t.Helper()
	deb := filepath.Join(dist, "keyconv_0.9.0_amd64.deb")
	assert.Equal(t, "keyconv 0.9.0 amd64\n", string(keytest.Run(t, nil, "dpkg-deb", "-W", "--showformat=${Package} ${Version} ${Architecture}\n", deb)))
	root := t.TempDir()
	keytest.Run(t, nil, "dpkg-deb", "-x", deb, root)
	keytest.Run(t, nil, "dpkg-deb", "-e", deb, filepath.Join(root, "DEBIAN"))
	sums := keytest.Run(t, nil, "sh", "-c", `cd "$0" && md5sum -c DEBIAN/md5sums`, root)
	installed := readTree(t, root)
	assert.Equal(t, len(installed)-2, strings.Count(string(sums), ": OK\n"), "all but the two files of control are summed")
	checkProgram(t, filepath.Join(root, "usr/bin/keyconv"))
	for _, name := range []string{
		"usr/share/bash-completion/completions/keyconv", "usr/share/zsh/vendor-completions/_keyconv",
		"usr/share/fish/vendor_completions.d/keyconv.fish", "usr/share/man/man1/keyconv-passwd.1.gz", "usr/share/doc/keyconv/changelog.gz",
	} {
		assert.Contains(t, installed, name)
	}
	page := keytest.Run(t, installed["usr/share/man/man1/keyconv.1.gz"], "gzip", "-dc")
	assert.Contains(t, string(page), ".SH SYNOPSIS")
	assert.Contains(t, string(installed["usr/share/doc/keyconv/copyright"]), "Copyright (c) 2026 The keyconv authors")
	assert.Contains(t, string(installed["usr/share/doc/keyconv/THIRD-PARTY.txt"]), "\ngolang.org/x/crypto v")
}

// checkRPM installs the package below a folder, and runs its program.
func checkRPM(t *testing.T, dist string) {
	t.Helper()
	if os.Getuid() != 0 {
		keytest.Skip(t, "root, to install packages")
	}
	root := t.TempDir()
	rpm := rpmBelow(t, root)
	rpm("--nosignature", "--ignorearch", "-i", filepath.Join(dist, "keyconv_0.9.0_x86_64.rpm"))
	checkProgram(t, filepath.Join(root, "usr/bin/keyconv"))
	assert.Empty(t, rpm("-V", "--nouser", "--nogroup", "keyconv"))
}

// checkManifests checks that each address is that of a file of the release, with its sum.
func checkManifests(t *testing.T, dist string) {
	t.Helper()
	files := readTree(t, dist)
	address := regexp.MustCompile(`(?i)https://github\.com/keyconv/keyconv/releases/download/v0\.9\.0/(\S+?)"?,?\n\s*"?(?:hash|sha256|InstallerSha256)"?:? "?([0-9a-f]{64})`)
	found := map[string]string{}
	for name, text := range files {
		if !strings.HasPrefix(name, "manifests/") {
			continue
		}
		for _, m := range address.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, files, m[1], name)
			assert.Equal(t, sumOf(file{data: files[m[1]]}), strings.ToLower(m[2]), name)
			found[filepath.Base(name)] = m[1]
		}
	}
	assert.Equal(t, map[string]string{
		"keyconv.json":                   "keyconv_0.9.0_windows_amd64.zip",
		"keyconv.keyconv.installer.yaml": "keyconv_0.9.0_windows_amd64.zip",
		"keyconv.rb":                     "keyconv_0.9.0_linux_amd64.tar.gz",
	}, found)
}

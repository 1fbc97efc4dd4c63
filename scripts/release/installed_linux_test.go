package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// echo is a program in a package that prints a version.
func echo(v version) []byte { return fmt.Appendf(nil, "#!/bin/sh\necho keyconv %s\n", v) }

// rounds are the versions that a test installs, one over the other.
func rounds(t *testing.T) []version {
	t.Helper()
	if os.Getuid() != 0 {
		keytest.Skip(t, "root, to install packages")
	}
	var versions []version
	for _, tag := range []string{"v9.8.7-rc.2", "v9.8.7-rc.10", "v9.8.7"} {
		v, err := parseVersion(tag)
		require.NoError(t, err)
		versions = append(versions, v)
	}
	return versions
}

func assertInstalled(t *testing.T, root string, v version, names ...string) {
	t.Helper()
	program := filepath.Join(root, "usr/bin/keyconv")
	assert.Equal(t, "keyconv "+v.String()+"\n", string(keytest.Run(t, nil, program)))
	files := readTree(t, filepath.Join(root, "usr"))
	for _, name := range append(names, "usr/bin/keyconv", "usr/share/man/man1/keyconv.1.gz", "usr/share/doc/keyconv/docs/json.md") {
		assert.Contains(t, files, strings.TrimPrefix(name, "usr/"))
	}
}

// TestDebInALife: installed, upgraded from a pre-release, whole, and removed.
func TestDebInALife(t *testing.T) {
	root := t.TempDir()
	for _, folder := range []string{"updates", "info", "triggers"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, "var/lib/dpkg", folder), 0o755))
	}
	keytest.WriteFile(t, root, "var/lib/dpkg/status", nil)
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	for _, v := range rounds(t) {
		deb, err := debBytes(v, "all", echo(v), testDocuments, testDate)
		require.NoError(t, err)
		keytest.Run(t, nil, "dpkg", "--root="+root, "-i", keytest.WriteFile(t, t.TempDir(), "a.deb", deb))
		assertInstalled(t, root, v, "usr/share/zsh/vendor-completions/_keyconv", "usr/share/doc/keyconv/copyright")
	}
	assert.Empty(t, string(keytest.Run(t, nil, "dpkg", "--root="+root, "-V", "keyconv")))
	keytest.Run(t, nil, "dpkg", "--root="+root, "-r", "keyconv")
	assert.NoDirExists(t, filepath.Join(root, "usr"), "nothing is left")
}

// rpmBelow returns rpm for a system below a folder. Debian's has its database in the home of
// the user, and warns of packages that are not Debian's.
func rpmBelow(t *testing.T, root string) func(args ...string) string {
	return func(args ...string) string {
		t.Helper()
		return string(keytest.Run(t, nil, "rpm", append([]string{"--root", root, "--dbpath", "/var/lib/rpm", "--force-debian"}, args...)...))
	}
}

// TestRPMInALife: installed, upgraded from a pre-release, whole, and removed; rpm finds the
// digests of the package right, and a changed byte wrong.
func TestRPMInALife(t *testing.T) {
	root, folder := t.TempDir(), t.TempDir()
	rpm := rpmBelow(t, root)
	var name string
	for _, v := range rounds(t) {
		data, err := rpmBytes(v, "x86_64", echo(v), testDocuments, testDate)
		require.NoError(t, err)
		name = keytest.WriteFile(t, folder, "a.rpm", data)
		rpm("--nosignature", "--ignorearch", "-U", name)
		assertInstalled(t, root, v, "usr/share/zsh/site-functions/_keyconv", "usr/share/licenses/keyconv/LICENSE")
	}
	assert.Equal(t, "keyconv-9.8.7-1.x86_64\n", rpm("-qa"))
	assert.Empty(t, rpm("-V", "--nouser", "--nogroup", "keyconv"))
	info := rpm("-qi", "keyconv")
	for _, want := range []string{"License     : MIT\n", "URL         : " + homepage, "Converts SSH private keys", "Architecture: x86_64"} {
		assert.Contains(t, info, want)
	}
	assert.Equal(t, "/usr/share/licenses/keyconv/LICENSE\n", rpm("-qL", "keyconv"))
	checked := string(keytest.Run(t, nil, "rpm", "-Kv", name))
	for _, want := range []string{"Header SHA256 digest: OK", "Header SHA1 digest: OK", "Payload SHA256 digest: OK", "MD5 digest: OK"} {
		assert.Contains(t, checked, want)
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	for _, at := range []int{96 + 16, len(data) / 2, len(data) - 1} {
		changed := bytes.Clone(data)
		changed[at] ^= 1
		_, err := keytest.RunError(t, nil, "rpm", "-K", keytest.WriteFile(t, folder, "changed.rpm", changed))
		assert.Error(t, err, "byte %d", at)
	}
	rpm("-e", "keyconv")
	left := readTree(t, root)
	for name := range left {
		assert.NotContains(t, name, "keyconv", "nothing is left")
	}
	assert.NoDirExists(t, filepath.Join(root, "usr/share/doc/keyconv"))
}

// TestAPK: as the format is described. There is no apk on Debian to try it with.
func TestAPK(t *testing.T) {
	early := testVersion
	early.stage, early.round = "rc", 3
	data, err := apkBytes(early, "x86_64", echo(early), testDocuments, testDate)
	require.NoError(t, err)
	in := bytes.NewReader(data)
	control, err := gzip.NewReader(in)
	require.NoError(t, err)
	control.Multistream(false)
	first, err := io.ReadAll(control)
	require.NoError(t, err)
	rest := data[len(data)-in.Len():]
	info := string(keytest.Run(t, first, "tar", "-xOf", "-", "--ignore-zeros", ".PKGINFO"))
	for _, want := range []string{"pkgname = keyconv\n", "pkgver = 9.8.7_rc3-r0\n", "arch = x86_64\n", "license = MIT\n", "datahash = " + sumOf(file{data: rest}) + "\n"} {
		assert.Contains(t, info, want)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(rest))
	require.NoError(t, err)
	files := map[string]string{}
	for r := tar.NewReader(unpacked); ; {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		files[header.Name] = header.PAXRecords["APK-TOOLS.checksum.SHA1"]
		assert.Equal(t, header.Typeflag == tar.TypeDir, files[header.Name] == "", header.Name)
	}
	assert.Contains(t, files, "usr/bin/keyconv")
	assert.Contains(t, files, "usr/share/licenses/keyconv/LICENSE")
	again, err := apkBytes(early, "x86_64", echo(early), testDocuments, testDate)
	require.NoError(t, err)
	assert.Equal(t, data, again)
}

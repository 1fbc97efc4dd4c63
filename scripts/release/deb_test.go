package main

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testDocuments = []file{
	{"LICENSE", modeFile, []byte("MIT License\n\nCopyright (c) somebody\n")},
	{thirdPartyName, modeFile, []byte("libraries\n")},
	{"README.md", modeFile, []byte("read\n")},
	{"docs/json.md", modeFile, []byte("json\n")},
	{"docs/man/keyconv.1", modeFile, []byte("page\n")},
	{"docs/completions/keyconv.zsh", modeFile, []byte("zsh\n")},
	{"docs/completions/keyconv.ps1", modeFile, []byte("no place in Debian\n")},
}

func TestArBytes(t *testing.T) {
	got := arBytes([]file{{"odd", modeFile, []byte("abc")}, {"even", modeProgram, []byte("ab")}}, testDate)
	assert.Equal(t, "!<arch>\n"+
		"odd             1782907202  0     0     100644  3         `\nabc\n"+
		"even            1782907202  0     0     100755  2         `\nab", string(got))
}

func TestDebFiles(t *testing.T) {
	files, err := debFiles(testVersion, []byte("program"), testDocuments, testDate)
	require.NoError(t, err)
	var names []string
	for _, f := range sorted(files) {
		names = append(names, f.name)
		assert.Equal(t, f.name == "usr/bin/keyconv", f.mode == modeProgram, f.name)
	}
	assert.Equal(t, []string{
		"usr/bin/keyconv",
		"usr/share/doc/keyconv/README.md",
		"usr/share/doc/keyconv/THIRD-PARTY.txt",
		"usr/share/doc/keyconv/changelog.gz",
		"usr/share/doc/keyconv/copyright",
		"usr/share/doc/keyconv/docs/json.md",
		"usr/share/man/man1/keyconv.1.gz",
		"usr/share/zsh/vendor-completions/_keyconv",
	}, names)
}

// TestDebIsReadByDpkg: dpkg-deb reads the control fields and files of our package.
func TestDebIsReadByDpkg(t *testing.T) {
	deb, err := debBytes(testVersion, "arm64", []byte("program"), testDocuments, testDate)
	require.NoError(t, err)
	name := keytest.WriteFile(t, t.TempDir(), "a.deb", deb)
	fields := string(keytest.Run(t, nil, "dpkg-deb", "-f", name))
	for _, want := range []string{"Package: keyconv\n", "Version: 9.8.7\n", "Architecture: arm64\n", "Installed-Size: 8\n", "Description: converter of SSH private keys"} {
		assert.Contains(t, fields, want)
	}
	listing := string(keytest.Run(t, nil, "dpkg-deb", "-c", name))
	assert.Regexp(t, `(?m)^-rwxr-xr-x (root/root|0/0) +7 .* \./usr/bin/keyconv$`, listing)
	assert.Equal(t, 8, strings.Count("\n"+listing, "\n-"))
}

func TestDebWantsALicence(t *testing.T) {
	_, err := debBytes(testVersion, "amd64", nil, testDocuments[1:], testDate)
	assert.ErrorContains(t, err, "there is no LICENSE")
}

package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// releasedHere are the platforms that TestRelease makes, as docs/release.md has them.
const releasedHere = "linux/amd64 windows/amd64"

// walkAsStranger takes a signed release, verifies it, makes it again from the archive of its
// source alone, without git and the network, and compares.
func walkAsStranger(t *testing.T, dist, makeAgain string) {
	released := readTree(t, dist)
	published := filepath.Join(t.TempDir(), "another folder", "with a longer name")
	require.NoError(t, os.MkdirAll(published, 0o755))
	require.NoError(t, os.CopyFS(published, os.DirFS(dist)))
	signPrograms(t, published)
	key, signers := newSigner(t, "")
	require.NoError(t, sign(t.Context(), published, key, signers, time.Now()))
	require.NoError(t, verifyAsDocumented(t, published, signers))

	lines := strings.SplitAfter(makeAgain, "\n")
	runBlock(t, published, strings.Join(lines[:2], ""))
	source := filepath.Join(published, "keyconv_0.9.0_source")
	assert.NoDirExists(t, filepath.Join(source, ".git"))
	for name, value := range map[string]string{
		"TMPDIR": t.TempDir(), "GOPROXY": "off", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1000000000",
		"GOFLAGS": "-buildvcs=true -tags=netgo", "GOAMD64": "v3", "CGO_ENABLED": "1", "GOOS": "plan9",
	} {
		t.Setenv(name, value)
	}
	t.Setenv("GOENV", keytest.WriteFile(t, t.TempDir(), "env", []byte("GOFLAGS=-tags=netgo\nGOEXPERIMENT=nosimd\nGO386=softfloat\n")))
	t.Chdir(source)
	var log bytes.Buffer
	for _, line := range lines[2:4] {
		args := strings.Fields(strings.TrimPrefix(line, "go run ./scripts/release "))
		if args[0] == "-version" {
			args = append(args, "-targets", releasedHere)
		}
		require.Zero(t, run(t.Context(), args, &log, &log), log.String())
	}
	assert.Equal(t, sumsOf(released), sumsOf(readTree(t, filepath.Join(published, "made"))), "the same bytes, as long as nobody signed them")
	signed := regexp.MustCompile(`(?m)^(.*): the same without signatures$`).FindAllString(log.String(), -1)
	assert.Len(t, signed, 2, "the program for Windows, and its archive")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left, "nothing is left behind")

	for _, name := range []string{"keyconv_0.9.0_windows_amd64.exe", "keyconv_0.9.0_windows_amd64.zip"} {
		theirs, ours := readTree(t, published)[name], released[name]
		for at := 0; at < len(ours); at += len(ours)/3 - 1 {
			changed := bytes.Clone(theirs)
			changed[at] ^= 1
			same, err := sameUnsigned(name, changed, ours)
			assert.False(t, same && err == nil, "%s, byte %d", name, at)
		}
	}
	buildFromNothing(t, source, released["keyconv_0.9.0_linux_amd64.tar.gz"])
}

func sumsOf(files map[string][]byte) map[string]string {
	sums := map[string]string{}
	for name, data := range files {
		sums[name] = sumOf(file{data: data})
	}
	return sums
}

// buildFromNothing builds one program with nothing in Go's cache. The others share what is
// compiled with the first release: only linking them is done twice.
func buildFromNothing(t *testing.T, folder string, archive []byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, sourceName))
	require.NoError(t, err)
	t.Setenv("GOCACHE", t.TempDir())
	settings, err := goSettings(t.Context(), folder)
	require.NoError(t, err)
	s := source{folder: folder, commit: string(sourceLines.FindSubmatch(text)[2]), settings: settings}
	program, err := s.build(t.Context(), target{"linux", "amd64"}, version{minor: 9})
	require.NoError(t, err)
	released := keytest.Run(t, archive, "tar", "-xzOf", "-", "keyconv_0.9.0_linux_amd64/keyconv")
	assert.True(t, bytes.Equal(released, program))
}

// signPrograms signs the programs of a release for Windows with a certificate that is made
// for it, and looks at what osslsigncode says.
func signPrograms(t *testing.T, dist string) {
	t.Helper()
	files := readTree(t, dist)
	name := "keyconv_0.9.0_windows_amd64"
	code := newCertificate(t, 30)
	require.NoError(t, code.check(time.Now()))
	signed, err := code.sign(t.Context(), files[name+".exe"])
	require.NoError(t, err)
	folder := t.TempDir()
	path, bare := keytest.WriteFile(t, folder, "signed.exe", signed), filepath.Join(folder, "bare.exe")
	said := string(keytest.Run(t, nil, "osslsigncode", "verify", "-CAfile", code.certificate, "-in", path))
	assert.Contains(t, said, "Signature verification: ok")
	read, err := readPortable(signed)
	require.NoError(t, err)
	assert.Equal(t, binary.LittleEndian.Uint32(signed[read.checksum:]), read.sum(), "its checksum, as osslsigncode computes it")
	keytest.Run(t, nil, "osslsigncode", "remove-signature", "-in", path, "-out", bare)
	assert.Equal(t, sumOf(file{data: files[name+".exe"]}), sumOf(file{data: readTree(t, folder)["bare.exe"]}), "the signature taken off by another program")

	packed, err := changedZip(files[name+".zip"], func([]byte) ([]byte, error) { return signed, nil })
	require.NoError(t, err)
	keytest.WriteFile(t, dist, name+".exe", signed)
	keytest.WriteFile(t, dist, name+".zip", packed)
	var all []file
	for name, data := range readTree(t, dist) {
		if name != checksumsName && !strings.HasPrefix(name, manifestsFolder+"/") {
			all = append(all, file{name, modeFile, data})
		}
	}
	keytest.WriteFile(t, dist, checksumsName, checksums(all))
}

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCompare: a file that is another one, or is not there, is found and named.
func TestCompare(t *testing.T) {
	published, made := smallRelease(t), smallRelease(t)
	var log bytes.Buffer
	require.NoError(t, compare(published, made, &log))
	assert.Equal(t, "keyconv.html: the same\nkeyconv_9.8.7_linux_amd64.tar.gz: the same\n", log.String())

	resum := func(change func()) string {
		change()
		var files []file
		for name, data := range readTree(t, made) {
			if name != checksumsName && name != "manifests/keyconv.rb" {
				files = append(files, file{name, modeFile, data})
			}
		}
		keytest.WriteFile(t, made, checksumsName, checksums(files))
		log.Reset()
		assert.Error(t, compare(published, made, &log))
		return log.String()
	}
	assert.Contains(t, resum(func() { keytest.WriteFile(t, made, "keyconv.html", []byte("Page")) }), "keyconv.html: DIFFERENT\n")
	assert.Contains(t, resum(func() { keytest.WriteFile(t, made, "more.zip", nil) }), "more.zip: MISSING in what was published")
	assert.Contains(t, resum(func() { require.NoError(t, os.Remove(made+"/keyconv.html")) }), "keyconv.html: MISSING in what was made")
	keytest.WriteFile(t, made, "more.zip", []byte("changed"))
	assert.ErrorContains(t, compare(published, made, io.Discard), "more.zip is not the file of checksums.txt")

	part, whole := smallRelease(t), smallRelease(t)
	require.NoError(t, os.Remove(filepath.Join(part, "keyconv.html")))
	log.Reset()
	require.NoError(t, compare(part, whole, &log))
	assert.Contains(t, log.String(), "keyconv.html: not downloaded\n")
	assert.ErrorContains(t, compare(whole, part, io.Discard), "keyconv.html is missing in "+part)
	require.NoError(t, os.Remove(filepath.Join(part, "keyconv_9.8.7_linux_amd64.tar.gz")))
	assert.Error(t, compare(part, whole, io.Discard), "nothing was compared")
}

// smallPortable is as much of a program of Windows as is looked at.
func smallPortable() []byte {
	program := make([]byte, 1024)
	copy(program, "MZ")
	program[0x3c] = 0x80
	copy(program[0x80:], "PE\x00\x00")
	copy(program[0x80+24:], "\x0b\x02")
	copy(program[512:], "code")
	return program
}

func TestPortable(t *testing.T) {
	program, err := withChecksum(smallPortable())
	require.NoError(t, err)
	p, err := readPortable(program)
	require.NoError(t, err)
	sum := uint32(0x5a4d + 0x80 + 0x4550 + 0x20b + 0x6f63 + 0x6564) // by hand: all words that are not 0
	assert.Equal(t, sum&0xffff+sum>>16+1024, p.sum())
	bare, err := withoutSignature(program)
	require.NoError(t, err)
	assert.Equal(t, program, bare, "it has none")

	signed := append(bytes.Clone(program), "signature"...)
	copy(signed[p.security:], "\x00\x04\x00\x00\x09\x00\x00\x00")
	copy(signed[p.checksum:], "\xff\xff\xff\xff")
	bare, err = withoutSignature(signed)
	require.NoError(t, err)
	assert.Equal(t, program, bare)
	_, err = withoutSignature(append(signed, 0))
	assert.ErrorContains(t, err, "the signature is not the end of the program")

	for cut := range len(program[:0x80+24+112+40]) {
		_, err := withChecksum(program[:cut])
		assert.Error(t, err, "%d bytes", cut)
	}
}

// TestSignedArchive: a signature is not a difference, and a comment or other code is one.
func TestSignedArchive(t *testing.T) {
	program, err := withChecksum(smallPortable())
	require.NoError(t, err)
	p, err := readPortable(program)
	require.NoError(t, err)
	signed := append(bytes.Clone(program), "signature"...)
	copy(signed[p.security:], "\x00\x04\x00\x00\x09\x00\x00\x00")
	other := bytes.Clone(signed)
	other[600] ^= 1
	archive := func(program []byte) []byte {
		data, err := zipBytes([]file{{"top/keyconv.exe", modeProgram, program}, {"top/README.md", modeFile, []byte("read")}}, testDate)
		require.NoError(t, err)
		return data
	}
	same, err := sameUnsigned("a.zip", archive(signed), archive(program))
	require.NoError(t, err)
	assert.True(t, same)
	same, err = sameUnsigned("a.exe", signed, program)
	require.NoError(t, err)
	assert.True(t, same)
	for _, wrong := range [][]byte{archive(other), append(archive(signed), 0), archive(signed[:100]), nil} {
		same, err := sameUnsigned("a.zip", wrong, archive(program))
		assert.False(t, same && err == nil)
	}
	same, _ = sameUnsigned("a.exe", other, program)
	assert.False(t, same)
	same, _ = sameUnsigned("a.deb", signed, program)
	assert.False(t, same, "no other file is signed")
}

//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSourceArchive: the archive gives the same source and archive again, where files have no
// modes and an earlier output lies between them too.
func TestSourceArchive(t *testing.T) {
	folder := smallRepository(t)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "sub", "run.sh"), []byte("#!/bin/sh\n"), 0o755))
	commitAll(t, folder)
	first, _, err := take(t, options{folder: folder})
	require.NoError(t, err)
	archive, err := first.archive(testVersion)
	require.NoError(t, err)
	assert.Equal(t, "keyconv_9.8.7_source.tar.gz", archive.name)

	unpacked := t.TempDir()
	keytest.Run(t, archive.data, "tar", "-xzf", "-", "-C", unpacked, "--strip-components=1")
	assert.Equal(t, fmt.Sprintf("version v9.8.7\ncommit %s\ndate %d\nprogram sub/run.sh\n", first.commit, testDate.Unix()), string(readTree(t, unpacked)[sourceName]))
	require.NoError(t, os.Chmod(filepath.Join(unpacked, "sub", "run.sh"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(unpacked, "dist"), 0o755))
	keytest.WriteFile(t, unpacked, "dist/checksums.txt", nil)
	again, log, err := take(t, options{folder: unpacked, output: filepath.Join(unpacked, "dist")})
	require.NoError(t, err)
	assert.Empty(t, log)
	assert.Equal(t, first.commit, again.commit)
	assert.Equal(t, readTree(t, first.folder), readTree(t, again.folder))
	second, err := again.archive(testVersion)
	require.NoError(t, err)
	assert.Equal(t, archive, second)

	keytest.WriteFile(t, folder, sourceName, readTree(t, unpacked)[sourceName])
	_, _, err = take(t, options{folder: folder})
	assert.ErrorContains(t, err, "the working tree differs", "a file of that name is nothing in a repository")
	for text, want := range map[string]string{"version v9.8.6\ncommit " + first.commit + "\ndate 1\n": "this is the source of v9.8.6, not of v9.8.7", "version v9.8.7\n": "is not what a release puts there"} {
		keytest.WriteFile(t, unpacked, sourceName, []byte(text))
		_, _, err = take(t, options{folder: unpacked, output: filepath.Join(unpacked, "dist")})
		assert.ErrorContains(t, err, want)
	}
}

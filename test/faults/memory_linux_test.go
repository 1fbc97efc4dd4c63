//go:build !race

package faults

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMemoryStaysFlat: of each further file the names alone are kept, not the text and not
// what was made of it.
func TestMemoryStaysFlat(t *testing.T) {
	const size, few, many = 32 << 10, 100, 1000
	keyconv := keytest.BuildRelease(t)
	text := append(keytest.Read(t, "twins", "ed25519.openssh"), bytes.Repeat([]byte("a line after the key\n"), size/21)...)
	key := keytest.WriteFile(t, t.TempDir(), "key", text)
	less, more := convertCopies(t, keyconv, key, few), convertCopies(t, keyconv, key, many)
	perFile := (more - less) << 10 / (many - few)
	t.Logf("%d files: %d KiB, %d files: %d KiB, for each further one %d bytes", few, less, many, more, perFile)
	assert.Less(t, perFile, int64(size/2))
}

// convertCopies converts that many links to the key, and returns the peak of the memory.
func convertCopies(t *testing.T, keyconv, key string, copies int) int64 {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	require.NoError(t, os.Mkdir(in, 0o700))
	command := []string{keyconv, "pem2ppk", "-q"}
	for i := range copies {
		command = append(command, fmt.Sprintf("in/%04d.pem", i))
		require.NoError(t, os.Link(key, filepath.Join(dir, command[len(command)-1])))
	}
	peak := peakMemory(t, dir, command...)
	written, err := filepath.Glob(filepath.Join(in, "*.ppk"))
	require.NoError(t, err)
	require.Len(t, written, copies)
	return peak
}

// peakMemory runs a command and returns the most memory it had, in KiB. For Linux that
// includes what the process had before it became the command, which here would be all of the
// test: Python is small.
func peakMemory(t *testing.T, dir string, args ...string) int64 {
	t.Helper()
	const script = "import resource, subprocess, sys; subprocess.run(sys.argv[2:], cwd=sys.argv[1], check=True); " +
		"print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
	out := keytest.Run(t, nil, "python3", append([]string{"-c", script, dir}, args...)...)
	peak, err := strconv.ParseInt(string(bytes.TrimSpace(out)), 10, 64)
	require.NoError(t, err)
	return peak
}

//go:build !race

package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMemoryStaysFlat: ten thousand files take at most 1.2 times the memory of a hundred.
func TestMemoryStaysFlat(t *testing.T) {
	keyconv := keytest.BuildRelease(t)
	key := keytest.WriteFile(t, t.TempDir(), "key", keytest.Read(t, "console-rsa2048.pem"))
	few, many := convertCopies(t, keyconv, key, 100), convertCopies(t, keyconv, key, 10_000)
	t.Logf("100 files: %d KiB, 10,000 files: %d KiB, ratio %.2f", few, many, float64(many)/float64(few))
	assert.LessOrEqual(t, float64(many), 1.2*float64(few))
}

// convertCopies converts that many links to the key, and returns the peak of the memory.
func convertCopies(t *testing.T, keyconv, key string, copies int) int64 {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	require.NoError(t, os.Mkdir(in, 0o700))
	for i := range copies {
		require.NoError(t, os.Link(key, filepath.Join(in, fmt.Sprintf("%05d.pem", i))))
	}
	peak := peakMemory(t, dir, keyconv, "pem2ppk", "-q", "-r", "in")
	written, err := filepath.Glob(filepath.Join(in, "*.ppk"))
	require.NoError(t, err)
	require.Len(t, written, copies)
	return peak
}

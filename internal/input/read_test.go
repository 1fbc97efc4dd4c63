package input

import (
	"bytes"
	"io"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spyingReader keeps the buffers that it was to read into.
type spyingReader struct {
	from    io.Reader
	buffers [][]byte
}

func (r *spyingReader) Read(p []byte) (int, error) {
	r.buffers = append(r.buffers, p)
	return r.from.Read(p)
}

// TestReadingLeavesNoCopy: a buffer that grows would leave the key behind.
func TestReadingLeavesNoCopy(t *testing.T) {
	t.Parallel()
	want := keytest.Read(t, "console-rsa2048.pem")
	r := &spyingReader{from: bytes.NewReader(want)}
	got, err := ReadKey(r)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	require.NotEmpty(t, r.buffers)
	for _, buffer := range r.buffers {
		assert.Zero(t, bytes.Count(buffer, []byte("PRIVATE KEY")))
		assert.Equal(t, len(buffer), bytes.Count(buffer, []byte{0}))
	}
}

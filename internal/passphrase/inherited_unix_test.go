//go:build unix

package passphrase

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// inherited makes a descriptor like one that the process was started with: it
// stays open on exec.
func inherited(t *testing.T, f *os.File) int {
	t.Helper()
	n, err := unix.Dup(int(f.Fd()))
	require.NoError(t, err)
	return n
}

func TestFD(t *testing.T) {
	for name, tt := range firstLines {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(fileWith(t, tt.content))
			require.NoError(t, err)
			defer func() { assert.NoError(t, f.Close()) }()
			n := inherited(t, f)
			got, err := FD(n).Read(t.Context(), strings.NewReader("not this"))
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got.Bytes))
			_, err = unix.FcntlInt(uintptr(n), unix.F_GETFD, 0)
			assert.ErrorIs(t, err, unix.EBADF, "it is still open")
		})
	}
}

func TestFDPipe(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	n := inherited(t, reader)
	require.NoError(t, reader.Close())
	go func() {
		for _, part := range []string{"sec", "ret\n", "rest"} {
			_, err := writer.WriteString(part)
			assert.NoError(t, err)
		}
		assert.NoError(t, writer.Close())
	}()
	got, err := FD(n).Read(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(got.Bytes))
}

func TestFDProblems(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer func() {
		assert.NoError(t, reader.Close())
		assert.NoError(t, writer.Close())
	}()
	output := inherited(t, writer)
	defer func() { assert.NoError(t, unix.Close(output)) }()
	tests := map[string]struct {
		fd      int
		problem string
	}{
		"negative":           {-1, "is not one that a process can have"},
		"stdout":             {1, "is for output"},
		"stderr":             {2, "is for output"},
		"closed":             {1 << 16, "is not open"},
		"ours, not a user's": {int(reader.Fd()), "is not open"},
		"for writing":        {output, "is not open for reading"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			source := FD(tt.fd)
			_, err := source.Read(t.Context(), nil)
			assertUsage(t, err, source.String(), tt.problem)
		})
	}
}

func TestFDReadError(t *testing.T) {
	dir, err := os.Open(t.TempDir())
	require.NoError(t, err)
	defer func() { assert.NoError(t, dir.Close()) }()
	source := FD(inherited(t, dir))
	_, err = source.Read(t.Context(), nil)
	assert.ErrorIs(t, err, unix.EISDIR)
	assert.EqualError(t, err, "is a directory")
}

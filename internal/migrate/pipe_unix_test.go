//go:build unix

package migrate

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIncludedPipe: a pipe that a configuration includes, or is, would be waited for.
func TestIncludedPipe(t *testing.T) {
	s := newScene(t)
	require.NoError(t, os.MkdirAll(s.SSHFolder, 0o700))
	keytest.WriteFile(t, s.SSHFolder, "config", []byte("Include x*\nHost own\n"))
	keytest.WriteFile(t, s.SSHFolder, "x2", []byte("Host included\n"))
	pipe := filepath.Join(s.SSHFolder, "x1")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	s.move(t, saved("included", nil))
	assert.Equal(t, []string{"included-2"}, aliases(s))
	s.Config = pipe
	_, err := s.Hosts(session.Account{})
	require.ErrorIs(t, err, errNotRegular)
}

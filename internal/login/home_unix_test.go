//go:build unix

package login

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSSHHome: HOME does not lead ssh anywhere, and so not the session either. PuTTY goes
// by it.
func TestSSHHome(t *testing.T) {
	account, err := user.LookupId(strconv.Itoa(os.Getuid()))
	require.NoError(t, err)
	t.Setenv("HOME", "/elsewhere")
	t.Setenv("XDG_CONFIG_HOME", "")
	config, err := session.OpenSSH.List.Path(Env())
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(account.HomeDir, ".ssh", "config"), config)
	folder, err := session.PuTTY.Folder.Path(Env())
	require.NoError(t, err)
	assert.Equal(t, "/elsewhere/.putty/sessions", folder)
}

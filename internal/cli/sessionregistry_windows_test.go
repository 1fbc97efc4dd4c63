package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/fault"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows/registry"
)

// TestSessionInTheRegistry makes, refuses and replaces a session of the user of the
// test, and takes it away again.
func TestSessionInTheRegistry(t *testing.T) {
	const name = "keyconv test 7"
	const path = session.RegistryPath + `\keyconv%20test%207`
	remove := func() { _ = registry.DeleteKey(registry.CURRENT_USER, path) }
	remove()
	t.Cleanup(remove)
	dir := t.TempDir()
	pem := keytest.WriteFile(t, dir, "ecs.pem", keytest.Read(t, "console-rsa2048.pem"))

	require.Zero(t, saveInRegistry(t, name, "root@47.98.1.2:2222", "--key", pem))
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE|registry.SET_VALUE)
	require.NoError(t, err)
	defer func() { _ = key.Close() }()
	for value, want := range map[string]string{
		"HostName": "47.98.1.2", "Protocol": "ssh", "UserName": "root", "PublicKeyFile": filepath.Join(dir, "ecs.ppk"),
	} {
		got, kind, err := key.GetStringValue(value)
		require.NoError(t, err, value)
		assert.Equal(t, want, got)
		assert.Equal(t, uint32(registry.SZ), kind)
	}
	port, kind, err := key.GetIntegerValue("PortNumber")
	require.NoError(t, err)
	assert.Equal(t, uint64(2222), port)
	assert.Equal(t, uint32(registry.DWORD), kind)

	require.NoError(t, key.SetStringValue("Font", "kept"))
	assert.Zero(t, saveInRegistry(t, name, "root@47.98.1.2:2222", "--key", pem), "it is there already")
	assert.Equal(t, fault.Exists, saveInRegistry(t, name, "47.98.1.2:2222", "--key", pem), "without the user")
	assert.Equal(t, fault.Exists, saveInRegistry(t, name, "root@47.98.1.2:22", "--key", pem), "another port")
	assert.Equal(t, fault.Exists, saveInRegistry(t, name, "10.0.0.1", "--key", pem))
	assert.Zero(t, saveInRegistry(t, name, "10.0.0.1", "--key", pem, "--force", "--registry"))
	host, _, err := key.GetStringValue("HostName")
	require.NoError(t, err)
	assert.Equal(t, "10.0.0.1", host)
	_, _, err = key.GetStringValue("UserName")
	require.ErrorIs(t, err, registry.ErrNotExist)
	font, _, err := key.GetStringValue("Font")
	require.NoError(t, err)
	assert.Equal(t, "kept", font)
}

func saveInRegistry(t *testing.T, args ...string) int {
	t.Helper()
	var stderr bytes.Buffer
	code := Run(t.Context(), append([]string{"session"}, args...), Streams{Stdin: os.Stdin, Stdout: &bytes.Buffer{}, Stderr: &stderr})
	t.Log(stderr.String())
	return code
}

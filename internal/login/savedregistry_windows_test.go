package login

import (
	"testing"

	"github.com/keyconv/keyconv/internal/session"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows/registry"
)

// TestRegistryStore reads what PuTTY, KiTTY and WinSCP have in the registry, and takes it away
// again.
func TestRegistryStore(t *testing.T) {
	for _, place := range []string{session.RegistryPath, session.KiTTYPath, session.WinSCPSites.Path} {
		path := place + `\keyconv%20test%208`
		key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
		require.NoError(t, err)
		t.Cleanup(func() { _ = registry.DeleteKey(registry.CURRENT_USER, path) })
		require.NoError(t, key.SetStringValue("HostName", "10.0.0.8"))
		require.NoError(t, key.SetDWordValue("PortNumber", 2222))
		require.NoError(t, key.SetStringValue("UserName", "müller"))
		require.NoError(t, key.Close())
	}
	hosts, existed, err := registry.CreateKey(registry.CURRENT_USER, session.HostKeysPath, registry.SET_VALUE)
	require.NoError(t, err)
	const name = "rsa2@22:keyconv-test-8"
	t.Cleanup(func() {
		_ = hosts.DeleteValue(name)
		_ = hosts.Close()
		if !existed {
			_ = registry.DeleteKey(registry.CURRENT_USER, session.HostKeysPath)
		}
	})
	require.NoError(t, hosts.SetStringValue(name, "0x10001,0xc0ffee"))

	s := Stores()
	want := session.Target{User: "müller", Host: "10.0.0.8", Port: 2222}
	found := map[*session.Program]bool{}
	for _, saved := range s.Sessions {
		if saved.Name == "keyconv test 8" {
			assert.Equal(t, want, saved.Target)
			found[saved.Program] = true
		}
	}
	assert.Equal(t, map[*session.Program]bool{&session.PuTTY: true, &session.KiTTY: true, &session.WinSCP: true}, found)
	isNew := false
	for _, k := range s.HostKeys {
		isNew = isNew || k.Host == "keyconv-test-8"
	}
	assert.True(t, isNew)
	list, _ := PuTTYSessions()
	for _, saved := range list {
		assert.NotEqual(t, &session.WinSCP, saved.Program)
	}
}
